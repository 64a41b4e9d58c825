import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { fieldsOf, publicUrl, type RequestSource, type RunSettings } from '../../../config/index.ts';
import { createBlotter, inventoryList, type WireReply } from '../../../recording/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';
import { harmlessRequest, isElsewhere } from '../../shared/harmless-request.ts';
import { tlsOptionsOf } from '../../shared/tls.ts';
import type { ThreadData } from './request-thread.ts';
import type { SourceAnswer } from './source-answer.ts';

const TIMEOUT_MS = 10_000;
/** The thread has to start first. */
const THREAD_MS = TIMEOUT_MS + 10_000;

/** Asks for inventories by a request. */
export function requestList(source: RequestSource, script: ArtilleryScript, settings: RunSettings): SourceAnswer {
  const { target, wire } = settings;
  const method = source.post === undefined ? 'GET' : 'POST';
  const { get = source.post ?? '/', json, headers = {} } = source;
  const request = harmlessRequest({
    target,
    path: get,
    method,
    json,
    headers,
    rawHeaders: [],
    tls: tlsOptionsOf(script),
  });
  const reply = ask({ request, wire: isElsewhere(get, target) ? 'auto' : wire, timeoutMs: TIMEOUT_MS });
  const { listed, said } = inventoryList({ ...source, fields: fieldsOf(source) }, reply);
  const blotter = createBlotter();
  blotter.learn(blotter.find.inRequest(request));
  const url = /^https?:/.test(get) ? get : target.replace(/\/+$/, '') + get;
  const asked = `${method} ${blotter.text(publicUrl(url))}`;
  return { asked, listed, said: blotter.text(said, MAX_SAID) };
}

const MAX_SAID = 1000;

/**
 * Artillery constructs its plugins synchronously, and starts virtual users right after. So another thread asks, and this one
 * sleeps until it has the answer.
 */
function ask(data: Omit<ThreadData, 'port' | 'isDone'>): WireReply {
  const { port1, port2 } = new MessageChannel();
  const isDone = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // Beside this file, in the sources as in the package.
  const file = new URL(
    import.meta.url.endsWith('.ts') ? './request-thread.ts' : './request-thread.js',
    import.meta.url,
  );
  const workerData = { ...data, port: port2, isDone } satisfies ThreadData;
  const thread = new Worker(file, { name: 'race inventories', workerData, transferList: [port2] });
  thread.unref();
  Atomics.wait(isDone, 0, 0, THREAD_MS);
  const message = receiveMessageOnPort(port1) as { readonly message: WireReply } | undefined;
  port1.close();
  void thread.terminate();
  return message?.message ?? { kind: 'broken', failure: 'timeout', error: `no answer within ${TIMEOUT_MS} ms` };
}
