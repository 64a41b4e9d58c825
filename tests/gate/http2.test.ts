import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2, { type ServerHttp2Stream } from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGate, type Exchange, type Gate, type Holder } from '../../plugin/src/gate/index.ts';
import { type Answer, agentsOf, hold, sendWhole } from '../support/engine.ts';
import { rawServer, type Wire } from '../support/raw-server.ts';
import { recordingProxy, tlsRecords } from '../support/recording-proxy.ts';

const pem = (name: string) => fs.readFileSync(path.join(import.meta.dirname, '../support/tls', name));
const credentials = { key: pem('key.pem'), cert: pem('cert.pem') };

type Handler = (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders, body: string) => void;

const book: Handler = (stream, _headers, body) => {
  stream.respond({ ':status': 201, 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] });
  stream.end(body);
};

/** An HTTP/2 server that hands each whole request to `handler`, with or without TLS. */
async function serve(
  handler: Handler,
  options: { secure?: boolean; settings?: http2.Settings; allowHTTP1?: boolean; early?: boolean } = {},
) {
  const settings = { settings: options.settings ?? {} };
  const server = options.secure
    ? http2.createSecureServer({ ...credentials, ...settings, allowHTTP1: options.allowHTTP1 ?? false })
    : http2.createServer(settings);
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  const sockets: net.Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  /** Paths of the whole requests over HTTP/1.1, where that is allowed. */
  const whole: string[] = [];
  server.on('request', (request) => {
    if (request.httpVersionMajor === 1) request.resume().on('end', () => whole.push(request.url));
  });
  const resets: number[] = [];
  server.on('stream', (stream, headers) => {
    if (options.early) {
      stream.respond({ ':status': 413 });
      stream.end('{}');
    }
    stream.on('close', () => stream.rstCode && resets.push(stream.rstCode));
    let body = '';
    stream.on('data', (chunk) => {
      body += chunk;
    });
    stream.on('error', () => {});
    stream.on('end', () => {
      // The body also ends when this side destroys the session.
      if (!stream.destroyed) handler(stream, headers, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    sessions,
    resets,
    whole,
    closed: () => sockets.every((socket) => socket.destroyed),
  };
}

function openGate(wire: 'auto' | 'http1' | 'http2', timeoutMs = 2000): Gate {
  const gate = createGate({ now: () => performance.now(), timeoutMs, maxBodyBytes: 100_000, wire });
  onTestFinished(() => gate.close());
  return gate;
}

interface ContenderOptions {
  readonly secure?: boolean;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

interface Contender {
  readonly staged: Promise<() => void>;
  readonly done: Promise<Exchange>;
  readonly answered: Promise<Answer>;
}

/** A contender whose request is held until the test releases it. */
function contender(gate: Gate, port: number, options: ContenderOptions = {}): Contender {
  const { secure = false, method = 'POST', body = method === 'POST' ? '{"seat":"A1"}' : '' } = options;
  const staged = Promise.withResolvers<() => void>();
  const done = Promise.withResolvers<Exchange>();
  const holder: Holder = { staged: staged.resolve, done: done.resolve };
  hold(gate, holder);
  const request = (secure ? https : http).request({
    host: '127.0.0.1',
    port,
    method,
    path: '/book',
    agent: agentsOf(gate)[secure ? 'httpsAgent' : 'httpAgent'],
    headers: {
      ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}),
      ...options.headers,
    },
    ...(secure ? { ca: credentials.cert } : {}),
  });
  const answered = sendWhole(request, body);
  return { staged: staged.promise, done: done.promise, answered };
}

const [DATA, HEADERS, RST_STREAM, SETTINGS] = [0, 1, 3, 4];

/** Streams that a server of plain bytes has answered. */
const answeredStreams = new WeakMap<Wire, Set<number>>();

/** The streams that the client has ended, in what a server received. */
function endedStreams(received: string): number[] {
  const ended: number[] = [];
  const bytes = Buffer.from(received, 'latin1').subarray('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length);
  for (let at = 0; at + 9 <= bytes.length; ) {
    const size = bytes.readUIntBE(at, 3);
    if (at + 9 + size > bytes.length) break;
    const [type, flags] = [bytes[at + 3] ?? 0, bytes[at + 4] ?? 0];
    if (type <= HEADERS && (flags & 1) === 1) ended.push(bytes.readUInt32BE(at + 5));
    at += 9 + size;
  }
  return ended;
}

/** One frame (RFC 9113, 4.1). */
function frameOf(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.set([type, flags], 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A 201 on the first stream, which is not ended but reset. */
function framesOf(text: string, length: number | undefined, code: 'CANCEL' | 'NO_ERROR'): Buffer[] {
  // `:status` and `content-length` as literals with their names from the static table (RFC 7541, 6.2.2 and appendix A).
  const headers = [
    0x08,
    3,
    ...Buffer.from('201'),
    ...(length === undefined ? [] : [0x0f, 13, 1, ...Buffer.from(`${length}`)]),
  ];
  return [
    frameOf(HEADERS, http2.constants.NGHTTP2_FLAG_END_HEADERS, 1, Buffer.from(headers)),
    frameOf(DATA, 0, 1, Buffer.from(text)),
    frameOf(RST_STREAM, 0, 1, Buffer.from([0, 0, 0, http2.constants[`NGHTTP2_${code}`]])),
  ];
}

/** Releases the contenders once all are staged. @returns the answers */
async function race(contenders: readonly Contender[]) {
  const releases = await Promise.all(contenders.map(({ staged }) => staged));
  for (const release of releases) release();
  return Promise.all(contenders.map(({ answered }) => answered));
}

describe('a single-packet release', () => {
  it('sends the final frames of 100 contenders as one segment of 1,000 bytes in every round', async () => {
    const server = await serve(book);
    const proxy = await recordingProxy(server.port);
    onTestFinished(() => proxy.close());
    const gate = openGate('http2');
    for (let round = 1; round <= 5; round++) {
      const contenders = Array.from({ length: 100 }, () => contender(gate, proxy.port));
      const releases = await Promise.all(contenders.map(({ staged }) => staged));
      await sleep(50);
      proxy.reset();
      for (const release of releases) release();
      const answers = await Promise.all(contenders.map(({ answered }) => answered));
      expect(answers.every(({ status }) => status === 201)).toBe(true);
      const [chunks] = proxy.chunks();
      expect(proxy.chunks()).toHaveLength(1);
      expect(chunks?.[0]?.length).toBe(1000);
    }
  });

  it('is one TLS record over TLS', async () => {
    const server = await serve(book, { secure: true });
    const proxy = await recordingProxy(server.port);
    onTestFinished(() => proxy.close());
    const gate = openGate('auto');
    const contenders = Array.from({ length: 100 }, () => contender(gate, proxy.port, { secure: true }));
    const releases = await Promise.all(contenders.map(({ staged }) => staged));
    await sleep(50);
    proxy.reset();
    for (const release of releases) release();
    await Promise.all(contenders.map(({ answered }) => answered));
    const [chunks] = proxy.chunks();
    // 1,000 bytes, the type of the content (1) and the tag (16): RFC 8446, 5.2.
    expect(tlsRecords(chunks?.[0] ?? Buffer.alloc(0))).toEqual([1017]);
  });

  it('has the same release time for all contenders', async () => {
    const server = await serve(book);
    const gate = openGate('http2');
    const contenders = Array.from({ length: 20 }, () => contender(gate, server.port));
    await race(contenders);
    const times = (await Promise.all(contenders.map(({ done }) => done))).map(
      ({ timing }) => timing.releasedAtMs ?? Number.NaN,
    );
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5);
  });

  it.each(['GET', 'DELETE'])('holds a %s without a body by an empty final frame', async (method) => {
    const seen: number[] = [];
    const server = await serve((stream) => {
      seen.push(performance.now());
      stream.respond({ ':status': 200 });
      stream.end('{}');
    });
    const gate = openGate('http2');
    const one = contender(gate, server.port, { method });
    const release = await one.staged;
    await sleep(50);
    expect(seen).toEqual([]);
    release();
    expect((await one.answered).status).toBe(200);
  });

  it('passes on status, headers and body in the form of HTTP/1.1', async () => {
    const server = await serve(book);
    const [answer] = await race([contender(openGate('http2'), server.port, { body: '{"seat":"Ä"}' })]);
    expect(answer).toMatchObject({ status: 201, body: '{"seat":"Ä"}' });
    expect(answer?.headers).toMatchObject({ 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] });
  });

  it('passes on an answer with a larger head than HTTP/1.1 would allow', async () => {
    const large = 'a'.repeat(40_000);
    const server = await serve((stream) => {
      stream.respond({ ':status': 201, 'x-large': large });
      stream.end('{}');
    });
    const [answer] = await race([contender(openGate('http2'), server.port)]);
    expect(answer).toMatchObject({ status: 201, headers: { 'x-large': large }, body: '{}' });
  });

  it.each([
    [10, 3],
    [1, 25],
  ])('opens enough sessions for a target that takes %d streams on each', async (maxConcurrentStreams, sessions) => {
    const server = await serve(book, { settings: { maxConcurrentStreams } });
    const gate = openGate('http2');
    const answers = await race(Array.from({ length: 25 }, () => contender(gate, server.port)));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(server.sessions.size).toBe(sessions);
  });

  it('opens enough sessions for large bodies, so that no body waits for the window', async () => {
    const server = await serve(book);
    const gate = openGate('http2');
    const body = 'x'.repeat(30_000);
    const answers = await race(Array.from({ length: 6 }, () => contender(gate, server.port, { body })));
    expect(answers.map((answer) => answer.body.length)).toEqual(Array(6).fill(30_000));
    expect(server.sessions.size).toBe(3);
  });
});

describe('the protocol', () => {
  it('is HTTP/2 with `auto` if the target offers it by ALPN, and HTTP/1.1 if not', async () => {
    const versions: string[] = [];
    const both = await serve(
      (stream, headers) => {
        versions.push(`2 ${headers[':scheme']}`);
        stream.respond({ ':status': 200 });
        stream.end();
      },
      { secure: true, allowHTTP1: true },
    );
    const old = https.createServer(credentials, (request, response) => {
      versions.push(request.httpVersion);
      request.resume().on('end', () => response.end());
    });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    onTestFinished(() => void old.close());
    const gate = openGate('auto');
    await race([contender(gate, both.port, { secure: true })]);
    await race([contender(gate, (old.address() as AddressInfo).port, { secure: true })]);
    expect(versions).toEqual(['2 https', '1.1']);
    old.closeAllConnections();
  });

  it('is HTTP/1.1 with `http1` although the target offers more, and the last byte is held below TLS', async () => {
    const versions: string[] = [];
    const server = http2.createSecureServer({ ...credentials, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      request.resume().on('end', () => response.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const one = contender(openGate('http1'), (server.address() as AddressInfo).port, { secure: true });
    const release = await one.staged;
    await sleep(50);
    release();
    expect((await one.answered).status).toBe(200);
    expect(versions).toEqual(['1.1']);
    expect((await one.done).request.tls).toHaveProperty('ca');
  });

  it('is not spoken with a target whose certificate is not trusted, unless the script allows it', async () => {
    const server = await serve(book, { secure: true });
    const send = (options: object) =>
      new Promise<number>((resolve) => {
        const gate = openGate('auto');
        hold(gate, { staged: (release) => release(), done: () => {} });
        https
          .request(
            { host: '127.0.0.1', port: server.port, agent: agentsOf(gate).httpsAgent, ...options },
            (response) => {
              response.resume();
              resolve(response.statusCode ?? 0);
            },
          )
          .on('error', () => resolve(0))
          .end();
      });
    expect(await send({})).toBe(0);
    expect(await send({ rejectUnauthorized: false })).toBe(201);
  });
});

describe('a target that misbehaves over HTTP/2', () => {
  it('that refuses a stream costs one attempt, and the others go on', async () => {
    let count = 0;
    const server = await serve((stream, headers, body) => {
      count += 1;
      if (count === 3) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      else book(stream, headers, body);
    });
    const gate = openGate('http2');
    const contenders = Array.from({ length: 5 }, () => contender(gate, server.port));
    const answers = await race(contenders);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([0, 201, 201, 201, 201]);
    const broken = (await Promise.all(contenders.map(({ done }) => done))).filter(
      ({ reply }) => reply.kind === 'broken',
    );
    expect(broken).toMatchObject([{ reply: { failure: 'reset', error: expect.stringMatching(/REFUSED_STREAM/) } }]);
  });

  it.each([
    ['CANCEL', 'half an answer if the length is unknown', undefined, '{"half', 0],
    ['NO_ERROR', 'half an answer if the length is unknown', undefined, '{"half', 0],
    ['CANCEL', 'an answer if it is as long as it says', 2, '{}', 201],
  ] as const)('that resets the stream after its answer (%s) gave %s', async (code, _what, length, text, status) => {
    const server = await rawServer(
      ({ socket, received }) => {
        if (!received.endsWith('}')) return;
        for (const [at, frame] of framesOf(text, length, code).entries())
          setTimeout(() => socket.write(frame), at * 20);
      },
      ({ socket }) => socket.write(frameOf(SETTINGS, 0, 0)),
    );
    onTestFinished(() => void server.close());
    const one = contender(openGate('http2'), server.port);
    expect(await race([one])).toMatchObject([{ status }]);
    const { reply } = await one.done;
    if (status !== 0) return;
    expect(reply).toMatchObject({
      kind: 'partial',
      status: 201,
      body: Buffer.from(text),
      failure: 'reset',
      error: expect.stringContaining(code),
    });
  });

  it.each<[string, Handler, string]>([
    ['never ends its answer', (stream) => stream.write('{"half'), 'timeout'],
    ['sends more than is read', (stream) => stream.end('x'.repeat(200_000)), 'unreadable'],
    ['goes away in the middle', (stream) => stream.write('{"half', () => stream.session?.destroy()), 'reset'],
  ])('that %s has given its status', async (_what, misbehave, failure) => {
    const server = await serve((stream, headers, body) => {
      stream.respond({ ':status': 409 });
      misbehave(stream, headers, body);
    });
    const one = contender(openGate('http2', 300), server.port);
    // Only of an answer that is too large to be kept does the engine get the rest.
    const [given] = await race([one]);
    expect(given).toMatchObject(failure === 'unreadable' ? { status: 409, body: 'x'.repeat(200_000) } : { status: 0 });
    expect((await one.done).reply).toMatchObject({ kind: 'partial', status: 409, failure });
  });

  it('that goes away before the release gets the request again on a new connection, still before the release', async () => {
    const server = await serve(book);
    const gate = openGate('http2');
    const one = contender(gate, server.port);
    const release = await one.staged;
    for (const session of server.sessions) session.destroy();
    await expect.poll(() => server.sessions.size).toBe(2);
    await sleep(50);
    release();
    expect((await one.answered).status).toBe(201);
  });

  it('that says GOAWAY gets the next round on a new session', async () => {
    const server = await serve(book);
    const gate = openGate('http2');
    await race([contender(gate, server.port)]);
    for (const session of server.sessions) session.goaway();
    await sleep(50);
    expect(await race([contender(gate, server.port)])).toMatchObject([{ status: 201 }]);
    expect(server.sessions.size).toBe(2);
  });

  it.each([
    ['all of the window', 65_535, 100],
    ['most of the window', 60_000, 20_000],
  ])('that never opens the window again gets a new session after %s is used', async (_what, firstBytes, nextBytes) => {
    const server = await rawServer(
      (wire) => {
        const answered = answeredStreams.get(wire) ?? new Set();
        answeredStreams.set(wire, answered);
        for (const stream of endedStreams(wire.received)) {
          // `:status: 200` is entry 8 of the static table (RFC 7541, appendix A).
          if (!answered.has(stream)) wire.socket.write(frameOf(HEADERS, 5, stream, Buffer.from([0x88])));
          answered.add(stream);
        }
      },
      ({ socket }) => socket.write(frameOf(SETTINGS, 0, 0)),
    );
    onTestFinished(() => server.close());
    const gate = openGate('http2', 1000);
    for (const [bytes, sessions] of [
      [firstBytes, 1],
      [nextBytes, 2],
      [nextBytes, 2],
    ] as const) {
      expect(await race([contender(gate, server.port, { body: 'x'.repeat(bytes) })])).toMatchObject([{ status: 200 }]);
      expect(server.wires).toHaveLength(sessions);
    }
  });

  it('that answers without waiting for the end gets the stream back every time', async () => {
    const handled: string[] = [];
    const server = await serve((_stream, _headers, body) => handled.push(body), {
      settings: { maxConcurrentStreams: 2 },
      early: true,
    });
    const gate = openGate('http2');
    for (let round = 1; round <= 5; round++) {
      const one = contender(gate, server.port);
      expect(await one.answered).toMatchObject({ status: 413, body: '{}' });
      expect((await one.done).timing.releasedAtMs).toBeUndefined();
    }
    await vi.waitFor(() => expect(server.resets).toEqual(Array(5).fill(http2.constants.NGHTTP2_CANCEL)));
    expect(server.sessions.size).toBe(1);
    expect(handled).toEqual([]);
  });

  it.each([
    ['http1', true],
    ['http2', true],
    ['http2', false],
  ] as const)(
    'never gets a request that is broken off at the moment of its release (%s, TLS: %s)',
    async (wire, secure) => {
      const handled: string[] = [];
      const server = await serve((_stream, _headers, body) => handled.push(body), { secure, allowHTTP1: true });
      const gate = openGate(wire);
      const one = contender(gate, server.port, { secure });
      one.answered.catch(() => {});
      const release = await one.staged;
      release();
      gate.close();
      expect(await one.done).toMatchObject({ reply: { failure: 'aborted' } });
      expect((await one.done).timing.releasedAtMs).toBeUndefined();
      await vi.waitFor(() => expect(server.closed()).toBe(true));
      expect([...handled, ...server.whole]).toEqual([]);
    },
  );

  it('that does not speak HTTP/2 at all is unreachable', async () => {
    const server = http.createServer((_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const one = contender(openGate('http2', 500), (server.address() as AddressInfo).port);
    expect((await one.answered).status).toBe(0);
    expect((await one.done).timing.releasedAtMs).toBeUndefined();
  });

  it('that takes no streams at all gets one connection, and is unreachable', async () => {
    const server = await serve(book, { settings: { maxConcurrentStreams: 0 } });
    const one = contender(openGate('http2', 300), server.port);
    expect((await one.done).reply).toMatchObject({
      failure: 'unreachable',
      error: expect.stringMatching(/takes no streams/),
    });
    await sleep(50);
    expect(server.sessions.size).toBe(1);
  });

  it.each([
    ['auto', true],
    ['http2', true],
    ['http2', false],
  ] as const)('that was silent on the first connection (%s, TLS: %s) is asked again later', async (wire, secure) => {
    const server = await serve(book, { secure });
    const silent = new Set<net.Socket>();
    const relay = net.createServer((socket) => {
      socket.on('error', () => {});
      if (silent.size === 0) silent.add(socket);
      else socket.pipe(net.connect(server.port, '127.0.0.1').on('error', () => {})).pipe(socket);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    onTestFinished(() => void relay.close());
    const { port } = relay.address() as AddressInfo;
    const gate = openGate(wire, 200);
    expect((await contender(gate, port, { secure }).done).reply).toMatchObject({ failure: 'unreachable' });
    // A request that comes in the same moment would still share the failed connection.
    await sleep(10);
    expect(await race([contender(gate, port, { secure })])).toMatchObject([{ status: 201 }]);
    for (const socket of silent) socket.destroy();
  });

  it('is not sent a request that HTTP/2 does not allow, and the session goes on', async () => {
    const server = await serve(book);
    const gate = openGate('http2');
    const broken = contender(gate, server.port, { headers: { 'content-type': ['text/plain', 'text/html'] } });
    expect((await broken.done).reply).toMatchObject({
      failure: 'unreachable',
      error: expect.stringMatching(/content-type.*single value/),
    });
    expect(await race([contender(gate, server.port)])).toMatchObject([{ status: 201 }]);
    expect(server.sessions.size).toBe(1);
  });

  it('that never answers runs into the deadline, counted from the release', async () => {
    const server = await serve(() => {});
    const one = contender(openGate('http2', 150), server.port);
    const release = await one.staged;
    await sleep(200);
    release();
    expect((await one.answered).status).toBe(0);
    expect((await one.done).reply).toMatchObject({ failure: 'timeout' });
  });
});
