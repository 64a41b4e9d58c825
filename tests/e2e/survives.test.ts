import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { describe, expect } from 'vitest';
import { type FinishedRun, runSuite } from '../support/artillery.ts';
import { bookingServer, correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { answer } from '../support/raw-server.ts';
import { book as bookStep, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** A request on one connection. */
interface Heard {
  readonly seat: string | undefined;
  /** False while a part of the request is missing. */
  readonly complete: boolean;
  readonly socket: Socket;
  /** Answers as a correct booking system would. */
  book(): void;
}

/**
 * A server of plain bytes that is correct for seats 1 and 3. For seat 2 it calls `misbehave` whenever more of a request
 * has come.
 */
async function serverOfBytes(
  misbehave: (heard: Heard) => void,
  options: { backlog?: number; onConnection?: (socket: Socket) => void } = {},
) {
  const taken = new Set<string>();
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    options.onConnection?.(socket);
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
      for (;;) {
        const head = received.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received.slice(0, head))?.[1] ?? 0);
        const body = received.slice(head + 4, head + 4 + length);
        const seat = /"seat":"(\w+)"/.exec(body)?.[1];
        const complete = body.length === length;
        const book = () => {
          if (seat === undefined) return;
          const isTaken = taken.has(seat);
          taken.add(seat);
          socket.write(isTaken ? answer(409, { message: 'taken' }) : answer(201, { order_id: seat }));
        };
        if (seat === SEATS[1]) misbehave({ seat, complete, socket, book });
        else if (complete) book();
        if (!complete) return;
        received = received.slice(head + 4 + length);
      }
    });
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: options.backlog ?? 511 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Every contender tried to book every seat once, and the rounds of seats 1 and 3 were not disturbed. */
function expectNobodyLost(run: FinishedRun, contenders = 10): void {
  const attempts = run.history?.attempts ?? [];
  expect(new Set(attempts.map(({ vu, inventory }) => `${vu} ${inventory}`)).size, run.stdout + run.stderr).toBe(
    3 * contenders,
  );
  expect(attempts).toHaveLength(3 * contenders);
  for (const index of [0, 2]) {
    expect(run.verdict?.rounds[index]).toMatchObject({ ok: 1, fail: contenders - 1, info: 0 });
  }
}

/** True for every other request. */
const everyOther = () => {
  let count = 0;
  return () => count++ % 2 === 0;
};

const table: readonly [claim: string, misbehave: () => (heard: Heard) => void, expected: object, race?: object][] = [
  [
    'resets after the whole request',
    () =>
      ({ complete, socket }) =>
        void (complete && socket.resetAndDestroy()),
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'resets one connection of two after the whole request',
    () => {
      const isTurn = everyOther();
      return ({ complete, socket, book }) => {
        if (!complete) return;
        if (isTurn()) socket.resetAndDestroy();
        else book();
      };
    },
    { ok: 1, fail: 4, info: 5 },
  ],
  [
    'resets each connection once while it is staged',
    () => {
      const resets = new Set<number | undefined>();
      let count = 0;
      return ({ complete, socket, book }) => {
        if (complete) book();
        else if (count++ < 10) {
          resets.add(socket.remotePort);
          socket.resetAndDestroy();
        }
      };
    },
    { ok: 1, fail: 9, info: 0 },
  ],
  [
    'answers 413 before the request is complete',
    () => {
      const answered = new WeakSet<Socket>();
      return ({ socket }) => {
        if (answered.has(socket)) return;
        answered.add(socket);
        socket.write(answer(413, { message: 'too large' }));
      };
    },
    { ok: 0, fail: 10, info: 0 },
  ],
  ['never answers', () => () => {}, { ok: 0, fail: 0, info: 10 }, { attempt: { timeoutMs: 700 } }],
  [
    'begins an answer and never ends it',
    () =>
      ({ complete, socket }) =>
        void (complete && socket.write('HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"order')),
    { ok: 0, fail: 0, info: 10 },
    { attempt: { timeoutMs: 700 } },
  ],
  [
    'breaks its answer off in the middle',
    () =>
      ({ complete, socket }) =>
        void (complete && socket.end('HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"order')),
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'sends a larger answer than the limit',
    () =>
      ({ complete, socket }) =>
        void (complete && socket.write(answer(201, { order_id: 'x'.repeat(50_000) }))),
    { ok: 0, fail: 0, info: 10 },
    { attempt: { maxBodyBytes: 10_000 } },
  ],
  [
    'does not answer in HTTP',
    () =>
      ({ complete, socket }) =>
        void (complete && socket.end('220 smtp.example.com ESMTP\r\n\r\n')),
    { ok: 0, fail: 0, info: 10 },
  ],
  [
    'closes every connection after its answer',
    () =>
      ({ complete, socket, book }) => {
        if (!complete) return;
        book();
        socket.end();
      },
    { ok: 1, fail: 9, info: 0 },
  ],
];

describe.concurrent('no contender is lost and each attempt has the right outcome when the target', () => {
  it.for(table)('%s', async ([, misbehave, round, race], { open }) => {
    const server = await open(serverOfBytes(misbehave()));
    const run = await runSuite(suiteFor(server.url, { race }));
    expect(server.open()).toBe(0);
    expectNobodyLost(run);
    expect(run.verdict?.rounds[1]).toMatchObject({ ...round, requests: 10 });
    expect(run.code).not.toBe(1);
  });

  it('closes connections that are idle between two rounds', async ({ open }) => {
    const idle = new WeakMap<Socket, NodeJS.Timeout>();
    const server = await open(
      serverOfBytes(({ complete, book }) => void (complete && book()), {
        onConnection: (socket) => {
          // As a keep-alive timeout does: 20 ms after an answer, unless another request has begun by then.
          const write = socket.write.bind(socket) as (data: string) => boolean;
          socket.write = ((data: string) => {
            idle.set(
              socket,
              setTimeout(() => socket.end(), 20),
            );
            return write(data);
          }) as Socket['write'];
          socket.on('data', () => clearTimeout(idle.get(socket)));
        },
      }),
    );
    const flow = [eachSeat(bookStep(), { think: 0.2 })];
    const run = await runSuite(suiteFor(server.url, { vus: 20, flow }));
    expectNobodyLost(run, 20);
    expect(run.verdict?.totals).toMatchObject({ requests: 60, ok: 3 });
  });

  it('closes connections that wait for the last byte: they are replaced before the release', async ({ open }) => {
    let closed = 0;
    const server = await open(
      serverOfBytes(({ complete, socket, book }) => {
        if (complete) return book();
        // It has no patience with the first ones.
        const timer = setTimeout(() => {
          if (closed >= 20) return;
          closed += 1;
          socket.destroy();
        }, 100);
        socket.once('data', () => clearTimeout(timer));
      }),
    );
    const run = await runSuite(suiteFor(server.url, { vus: 20, race: { rendezvous: { settleMs: 200 } } }));
    expectNobodyLost(run, 20);
    expect(run.verdict?.totals).toMatchObject({ requests: 60, ok: 3, info: 0 });
    expect(closed).toBe(20);
  });

  it('is killed and started again in the middle', async ({ open, target }) => {
    let restarted: Promise<unknown> | undefined;
    const whole = correct();
    const server = await target((booking) => {
      if (booking.seat !== SEATS[1]) return whole(booking);
      // The first request for seat 2 kills it; it is back in a moment.
      restarted ??= server.close().then(() => open(bookingServer(correct(), Number(new URL(server.url).port))));
    });
    const run = await runSuite(suiteFor(server.url));
    await restarted;
    expectNobodyLost(run);
    expect(run.verdict?.rounds[1]?.info).toBeGreaterThan(0);
    expect(run.code).toBe(4);
  });
});

describe('many contenders', () => {
  it('reach a target whose backlog is small: a thousand connections, and no contender is lost', async ({ open }) => {
    const server = await open(serverOfBytes(({ complete, book }) => void (complete && book()), { backlog: 64 }));
    const run = await runSuite(
      suiteFor(server.url, {
        race: {
          limits: { spreadMs: 5000, p95Ms: 60_000 },
          attempt: { timeoutMs: 60_000 },
          rendezvous: { timeoutMs: 60_000 },
        },
        vus: 1000,
      }),
    );
    // The kernel may drop a connection that the client takes for open; that attempt's outcome is unknown.
    const attempts = run.history?.attempts ?? [];
    expect(new Set(attempts.map(({ vu, inventory }) => `${vu} ${inventory}`)).size, run.stderr).toBe(3000);
    expect(run.verdict?.totals).toMatchObject({ requests: 3000, ok: 3 });
  });
});
