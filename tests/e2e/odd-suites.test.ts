import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { findingsOf, launchSuite, runSuite } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { answer, completeRequests, rawServer } from '../support/raw-server.ts';
import { book, SEATS, suiteFor } from '../support/suites.ts';

/** Attempts to break the race. Each of these once passed, accused an innocent server, or hung. */

const oneSeat = { inventories: ['A1'] };

describe.concurrent('parallel requests of one virtual user', () => {
  it('cannot pass where two of them race', async ({ target }) => {
    const server = await target(({ seat, answer: say, store }) => {
      // B is sold to everybody.
      if (seat === 'B' || store().endsWith('-1')) say(201, { order_id: store() });
      else say(409, { message: 'taken' });
    });
    const flow = [{ parallel: [book('A'), book('B')] }];
    const run = await runSuite(suiteFor(server.url, { race: { inventories: undefined }, vus: 4, flow }));
    expect(run.code).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
    expect(run.stdout + run.stderr).toContain('a virtual user can go for one thing at a time');
  });

  it('are judged as usual where only one of them races', async ({ target }) => {
    const server = await target();
    const flow = [{ parallel: [book('A1'), { get: { url: '/seats/A1' } }, { get: { url: '/seats/A1' } }] }];
    const run = await runSuite(suiteFor(server.url, { race: oneSeat, vus: 4, flow }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 4, ok: 1, fail: 3 });
  });
});

it.concurrent('a request with an Expect header races like any other: its body reaches the gate', async ({ target }) => {
  const server = await target();
  const flow = [book('A1', { headers: { expect: '200-ok' } })];
  const run = await runSuite(suiteFor(server.url, { race: oneSeat, vus: 4, flow }));
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.verdict?.totals).toMatchObject({ requests: 4, ok: 1, fail: 3 });
});

it.concurrent.for<[string, object]>([
  ['the phase', {}],
  ['the plugin', { contenders: 48 }],
])(
  'there are no more contenders than %s plans, though Artillery makes 50 of 48 in a millisecond',
  async ([, race], { target }) => {
    const server = await target();
    const config = { phases: [{ duration: '1ms', arrivalCount: 48 }] };
    const run = await runSuite(suiteFor(server.url, { race: { ...oneSeat, ...race }, config }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 48, ok: 1, fail: 47 });
  },
);

it.concurrent("the environment may have a variable of the same name as Artillery's worker threads", async ({
  target,
}) => {
  const server = await target();
  const run = await launchSuite(suiteFor(server.url, { vus: 4 }), { env: { LOCAL_WORKER_ID: '1' } });
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.verdict?.verdict).toBe('pass');
});

it.concurrent.for([300, 304, 307])(
  'a redirect with %d that nobody described cannot pass, and nothing is sent a second time',
  async (status, { target }) => {
    const server = await target((booking) =>
      booking.path === '/book'
        ? void booking.response.writeHead(status, { location: '/book/' }).end()
        : correct()({ ...booking, turn: booking.stored.has(booking.seat) ? 2 : 1 }),
    );
    const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' }, vus: 4 }));
    expect(run.code).toBe(4);
    expect(findingsOf(run)).toContain('unrecognised');
    expect(run.verdict?.totals).toMatchObject({ requests: 12, info: 12 });
    expect(server.requests()).toBe(12);
  },
);

it.concurrent('a seat that was taken before the race is reported and not raced; the others are', async ({ target }) => {
  const server = await target();
  const before = await fetch(`${server.url}/book`, { method: 'POST', body: JSON.stringify({ seat: SEATS[0] }) });
  expect(before.status).toBe(201);
  const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }));
  expect(run.code).toBe(4);
  expect(run.verdict?.findings).toMatchObject([{ id: 'already-taken', inventory: SEATS[0], severity: 'doubt' }]);
  expect(run.verdict?.totals).toMatchObject({ requests: 20, ok: 2, fail: 18 });
  expect(server.requests()).toBe(21);
  expect(run.verdict?.findings[0]?.message).toContain('reset it, or leave it out');
  expect(run.stdout).toMatch(/What to do: Release the bookings of the earlier run/);
});

describe.concurrent('a target that', () => {
  it('accepts TLS connections but never shakes hands does not hang the run', async ({ open }) => {
    const server = await open(net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const race = { attempt: { timeoutMs: 500 }, rendezvous: { timeoutMs: 1000 } };
    const run = await runSuite(suiteFor(url, { race, vus: 3 }));
    expect(run.code).toBe(4);
    expect(run.verdict?.totals).toMatchObject({ requests: 9, ok: 0, info: 9 });
    expect(run.stdout).toContain('no connection within 500 ms');
  });

  it('answers with an invalid status does not end the thread', async ({ open }) => {
    const server = await open(
      rawServer((wire) => {
        if (completeRequests(wire.received) > 0) {
          wire.received = '';
          wire.socket.write(answer(99, { order_id: 'x' }).replace(' 99 ', ' 099 '));
        }
      }),
    );
    const run = await runSuite(suiteFor(`http://127.0.0.1:${server.port}`, { vus: 3 }));
    expect(run.code).toBe(4);
    // A race in which nobody is answered stops after two rounds.
    expect(run.verdict?.totals).toMatchObject({ requests: 6, info: 6 });
  });

  it.for(['gzip', 'br', 'zstd', 'deflate'])(
    'says %s but does not compress does not end the thread',
    async (encoding, { target }) => {
      const server = await target((booking) => {
        booking.response.setHeader('content-encoding', encoding);
        return correct()(booking);
      });
      const run = await runSuite(suiteFor(server.url, { vus: 3 }));
      expect(run.code, run.stderr).toBe(4);
      expect(run.verdict).toMatchObject({ ended: 'completed', totals: { requests: 9, ok: 0, fail: 6, info: 3 } });
    },
  );

  it('answers one contender early does not release the others early', async ({ open }) => {
    const turned = new Set<string>();
    const orders = new Set<string>();
    const server = await open(
      rawServer((wire) => {
        const seat = /"seat":"(\w+)"/.exec(wire.received)?.[1] ?? '';
        if (seat !== '' && !turned.has(seat)) {
          turned.add(seat);
          wire.socket.end(answer(429, { message: 'slow down' }));
        } else if (completeRequests(wire.received) > 0) {
          wire.received = '';
          wire.socket.write(orders.has(seat) ? answer(409, { message: 'taken' }) : answer(201, { order_id: seat }));
          orders.add(seat);
        }
      }),
    );
    const run = await runSuite(suiteFor(`http://127.0.0.1:${server.port}`, { vus: 6 }));
    expect(run.code).toBe(4);
    expect(run.verdict?.findings.map(({ id }) => id)).toEqual(['rate-limited']);
    expect(run.verdict?.totals).toMatchObject({ requests: 18, ok: 3, fail: 15 });
  });

  it('names an order like a cookie is not accused of losing the order', async ({ target }) => {
    const server = await target(({ turn, seat, answer: say, response, stored }) => {
      response.setHeader('set-cookie', 'booking=0123456789');
      if (turn > 1) return say(409, { message: 'taken' });
      stored.set(seat, [`booking-${seat}`]);
      return say(201, { order_id: `booking-${seat}` });
    });
    const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});
