import { type MessagePort, workerData } from 'node:worker_threads';
import { createConnections, type OutgoingRequest, UNHELD } from '../../../gate/index.ts';

/** What the thread is told. */
export interface ThreadData {
  readonly request: OutgoingRequest;
  readonly wire: 'auto' | 'http1' | 'http2';
  readonly timeoutMs: number;
  /** Takes the reply. */
  readonly port: MessagePort;
  /** Becomes 1 once the reply is there. */
  readonly isDone: Int32Array<SharedArrayBuffer>;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Sends one request, for a thread that waits meanwhile and so cannot send it itself. */
const { request, wire, timeoutMs, port, isDone } = workerData as ThreadData;
const now = () => performance.now();
const connections = createConnections({ now, wire, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
// A message turns a buffer into plain bytes.
const sent = { ...request, body: Buffer.from(request.body) };
const { reply } = await connections
  .exchange(sent, UNHELD)
  .catch(({ message }: Error) => ({ reply: { kind: 'broken', failure: 'aborted', error: message } as const }));
port.postMessage(reply);
Atomics.store(isDone, 0, 1);
Atomics.notify(isDone, 0);
connections.close();
