import http from 'node:http';
import zlib from 'node:zlib';
import { expect } from 'vitest';
import { createGate, type Exchange, UNHELD } from '../../plugin/src/gate/index.ts';
import { sendWhole } from '../support/engine.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';

const LIMIT = 10_000;
// Random, so that it stays large when it is packed.
const text = Array.from({ length: 30_000 }, () => Math.random().toString(36).slice(2, 10)).join(' ');
const packed = zlib.gzipSync(text);

type Opening = <T extends { close(): unknown }>(opening: T | Promise<T>) => Promise<T>;

/** Sends one request through a gate, and returns what the engine got, and the exchange. */
async function ask(open: Opening, headers: http.OutgoingHttpHeaders, body: Buffer | string) {
  const server = await open(httpServer((_request, response) => response.writeHead(200, headers).end(body)));
  const gate = createGate({ now: () => performance.now(), timeoutMs: 2000, maxBodyBytes: LIMIT, wire: 'auto' });
  await open(gate as typeof gate & { close(): void });
  const done = Promise.withResolvers<Exchange>();
  const { httpAgent } = gate.hold({ staged: (release) => release(), done: done.resolve });
  const given = await sendWhole(http.request(server.url, { agent: httpAgent }));
  return { given, exchange: await done.promise };
}

it('an answer that is too large to be kept goes on to the engine whole', async ({ open }) => {
  for (const headers of [{}, { 'content-length': text.length }]) {
    const { given, exchange } = await ask(open, headers, text);
    expect(given).toMatchObject({ status: 200, body: text });
    expect(exchange.reply).toMatchObject({
      kind: 'partial',
      failure: 'unreadable',
      error: `the answer is larger than ${LIMIT} bytes`,
      status: 200,
      body: Buffer.from(text.slice(0, LIMIT)),
    });
  }
});

it('a packed one is unpacked on the way, so that a bad one cannot end the engine', async ({ open }) => {
  const headers = { 'content-encoding': 'gzip', 'content-length': packed.length };
  const { given } = await ask(open, headers, packed);
  expect(given).toMatchObject({ status: 200, body: text });
  expect(given.headers).not.toHaveProperty('content-encoding');
  const broken = Buffer.concat([packed.subarray(0, 50_000), Buffer.alloc(packed.length - 50_000, 7)]);
  expect((await ask(open, headers, broken)).given).toMatchObject({ status: 0, error: expect.any(Error) });
});

it('one whose rest does not come breaks for the engine', async ({ open }) => {
  const { given, exchange } = await ask(open, { 'content-length': text.length + 1 }, text);
  expect(given.status).toBe(0);
  expect(exchange.reply).toMatchObject({ kind: 'partial', status: 200 });
});

it('several at once are bounded together, until the engine is through with them', async ({ open }) => {
  let end = () => {};
  const server = await open(
    httpServer(({ url }, response) => {
      response.write(text);
      if (url === '/slow') end = () => response.end();
      else response.end();
    }),
  );
  const maxLargeBytes = 1.5 * text.length;
  const gate = createGate({
    now: () => performance.now(),
    timeoutMs: 2000,
    maxBodyBytes: LIMIT,
    wire: 'auto',
    maxLargeBytes,
  });
  await open(gate as typeof gate & { close(): void });
  const get = (path: string) => http.request(server.url + path, { agent: gate.hold(UNHELD).httpAgent });
  const request = get('/slow');
  const slow = sendWhole(request);
  await new Promise<void>((resolve) => {
    let left = text.length;
    const heard = ({ length }: Buffer) => {
      left -= length;
      if (left === 0) resolve();
    };
    request.on('response', (response) => response.on('data', heard));
  });
  expect(await sendWhole(get('/'))).toMatchObject({ status: 0, error: expect.any(Error) });
  end();
  for (const whole of [await slow, await sendWhole(get('/')), await sendWhole(get('/'))]) {
    expect(whole).toMatchObject({ status: 200, body: text });
  }
});
