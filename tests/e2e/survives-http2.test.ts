import { once } from 'node:events';
import http2, { type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

/** A request for seat 2, with or without its last byte. */
interface Heard {
  readonly stream: ServerHttp2Stream;
  readonly session: Http2Session;
  readonly complete: boolean;
  /** Answers as a correct booking system would. */
  book(): void;
}

/** An HTTP/2 server (prior knowledge) that is correct for seats 1 and 3. For seat 2 it calls `misbehave`. */
async function serverOfStreams(misbehave: (heard: Heard) => void) {
  const taken = new Set<string>();
  const sessions = new Set<Http2Session>();
  const server = http2.createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => {});
  });
  server.on('stream', (stream) => {
    const { session } = stream;
    let body = '';
    const hear = (complete: boolean) => {
      const seat = /"seat":"(\w+)"/.exec(body)?.[1];
      if (seat === undefined || session === undefined) return;
      const book = () => {
        // A stream also ends when its session is gone: then there is no request.
        if (stream.destroyed) return;
        stream.respond({ ':status': taken.has(seat) ? 409 : 201 });
        stream.end(JSON.stringify({ order_id: seat, message: 'taken' }));
        taken.add(seat);
      };
      if (seat === SEATS[1]) misbehave({ stream, session, complete, book });
      else if (complete) book();
    };
    stream.on('error', () => {});
    stream.on('data', (chunk) => {
      body += chunk;
      if (!body.endsWith('}')) hear(false);
    });
    stream.on('end', () => hear(true));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sessions.size,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

/** Acts the first time only. */
const onlyOnce = () => {
  let isDone = false;
  return (act: () => void) => {
    if (!isDone) act();
    isDone = true;
  };
};

const table: readonly [claim: string, misbehave: () => (heard: Heard) => void, expected: object, race?: object][] = [
  [
    'refuses every stream after the whole request',
    () =>
      ({ complete, stream }) =>
        void (complete && stream.close(NGHTTP2_REFUSED_STREAM)),
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'breaks the session off after a whole request',
    () =>
      ({ complete, session }) =>
        void (complete && session.destroy()),
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'sends GOAWAY while requests wait for their last byte',
    () => {
      const first = onlyOnce();
      return ({ complete, session, book }) => (complete ? book() : first(() => session.goaway()));
    },
    { ok: 1, fail: 9, info: 0 },
  ],
  [
    'breaks the session off while requests wait for their last byte: they are replaced before the release',
    () => {
      const first = onlyOnce();
      return ({ complete, session, book }) => (complete ? book() : first(() => session.destroy()));
    },
    { ok: 1, fail: 9, info: 0 },
  ],
  [
    'resets a stream that waits for its last byte',
    () => {
      const first = onlyOnce();
      return ({ complete, stream, book }) => (complete ? book() : first(() => stream.close(NGHTTP2_INTERNAL_ERROR)));
    },
    { ok: 1, fail: 9, info: 0 },
  ],
  [
    'answers 413 before the request is complete',
    () =>
      ({ complete, stream }) => {
        if (complete || stream.headersSent) return;
        stream.respond({ ':status': 413 });
        stream.end('{"message":"too large"}');
      },
    { ok: 0, fail: 10, info: 0 },
  ],
  ['never answers', () => () => {}, { ok: 0, fail: 0, info: 10 }, { attempt: { timeoutMs: 700 } }],
  [
    'begins an answer and never ends it',
    () =>
      ({ complete, stream }) => {
        if (!complete) return;
        stream.respond({ ':status': 201 });
        stream.write('{"order');
      },
    { ok: 0, fail: 0, info: 10 },
    { attempt: { timeoutMs: 700 } },
  ],
  [
    'breaks its answer off in the middle, and the session with it',
    () =>
      ({ complete, stream, session }) => {
        if (!complete) return;
        if (stream.destroyed) return;
        stream.respond({ ':status': 201 });
        stream.write('{"order', () => session.destroy());
      },
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'sends a larger answer than the limit',
    () =>
      ({ complete, stream }) => {
        if (!complete) return;
        stream.respond({ ':status': 201 });
        stream.end('x'.repeat(50_000));
      },
    { ok: 0, fail: 0, info: 10 },
    { attempt: { maxBodyBytes: 10_000 } },
  ],
];

describe.concurrent('over HTTP/2, no contender is lost and each attempt has the right outcome when the target', () => {
  it.for(table)('%s', async ([, misbehave, round, race], { open }) => {
    const server = await open(serverOfStreams(misbehave()));
    const run = await runSuite(suiteFor(server.url, { race: { wire: 'http2', ...race } }));
    expect(server.open()).toBe(0);
    const attempts = run.history?.attempts ?? [];
    expect(attempts, run.stdout + run.stderr).toHaveLength(30);
    expect(new Set(attempts.map(({ vu, inventory }) => `${vu} ${inventory}`)).size).toBe(30);
    expect(run.verdict?.rounds, JSON.stringify(attempts)).toMatchObject([
      { ok: 1, fail: 9, info: 0 },
      { ...round, requests: 10 },
      { ok: 1, fail: 9, info: 0 },
    ]);
    expect(run.code).not.toBe(1);
  });
});
