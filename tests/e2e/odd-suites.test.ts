import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runSuite, SEATS, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct } from '../support/booking-server.ts';
import { answer, completeRequests, rawServer } from '../support/raw-server.ts';

/** What somebody did to break it, and it did: each of these passed, accused the innocent, or hung, once. */

const flowOf = (script: object) => (script as { scenarios: { flow: object[] }[] }).scenarios[0]?.flow ?? [];

describe.concurrent('a suite that asks for what cannot be judged is no pass', () => {
  it('two raced requests of one virtual user at the same time', async () => {
    const server = await bookingServer(({ seat, answer: say, store }) => {
      // B is sold to everybody.
      if (seat === 'B' || store().endsWith('-1')) say(201, { order_id: store() });
      else say(409, { message: 'taken' });
    });
    const script = smallSuite(server.url, { inventories: undefined }, 4);
    const book = (seat: string) => ({ post: { url: '/book', json: { seat }, race: seat } });
    flowOf(script).splice(0, 1, { parallel: [book('A'), book('B')] });
    const run = await runSuite({ script });
    await server.close();
    expect(run.code).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
    expect(run.stdout).toContain('a virtual user can go for one thing at a time');
  });

  it('but one that races beside one that does not is judged as ever', async () => {
    const server = await bookingServer(correct());
    const script = smallSuite(server.url, { inventories: ['A1'] }, 4);
    flowOf(script).splice(0, 1, {
      parallel: [
        { post: { url: '/book', json: { seat: 'A1' }, race: 'A1' } },
        { get: { url: '/seats/A1' } },
        { get: { url: '/seats/A1' } },
      ],
    });
    const run = await runSuite({ script });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 4, ok: 1, fail: 3 });
  });
});

describe.concurrent('a request that expects something of the server', () => {
  it('races like any other: it comes to the gate with its body', async () => {
    const server = await bookingServer(correct());
    const script = smallSuite(server.url, { inventories: ['A1'] }, 4);
    const book = { url: '/book', headers: { expect: '200-ok' }, json: { seat: 'A1' }, race: 'A1' };
    flowOf(script).splice(0, 1, { post: book });
    const run = await runSuite({ script });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 4, ok: 1, fail: 3 });
  });
});

describe.concurrent('a phase', () => {
  it.each([
    ['by the phase', {}],
    ['by the plugin', { contenders: 48 }],
  ])(
    'brings no more contenders than planned %s, though Artillery makes 50 of 48 in a millisecond',
    async (_by, its) => {
      const server = await bookingServer(correct());
      const script = smallSuite(server.url, { inventories: ['A1'], ...its }) as { config: { phases: object[] } };
      script.config.phases = [{ duration: '1ms', arrivalCount: 48 }];
      const run = await runSuite({ script });
      await server.close();
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict?.totals).toMatchObject({ requests: 48, ok: 1, fail: 47 });
    },
  );
});

describe.concurrent('an environment', () => {
  it("may have a variable of the name that Artillery's worker threads have", async () => {
    const server = await bookingServer(correct());
    const run = await runSuite({ script: smallSuite(server.url, {}, 4), env: { LOCAL_WORKER_ID: '1' } });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.verdict).toBe('pass');
  });
});

describe.concurrent('a target that redirects', () => {
  it.each([300, 304, 307])(
    'by %d is no pass: what follows is booked by requests that nobody held back',
    async (status) => {
      const server = await bookingServer((booking) =>
        booking.path === '/book'
          ? void booking.response.writeHead(status, { location: '/book/' }).end()
          : correct()({ ...booking, turn: booking.stored.has(booking.seat) ? 2 : 1 }),
      );
      const run = await runSuite({ script: smallSuite(server.url, { readBack: '/seats/{seat}' }, 4) });
      await server.close();
      expect(run.code).toBe(4);
      expect(run.verdict?.findings).toContainEqual(
        expect.objectContaining({
          id: 'incomplete',
          message: `race: the target redirects the request (${status}), and what follows is not raced; send it where it ends up`,
        }),
      );
    },
  );
});

describe.concurrent('what was taken before the race', () => {
  it('is not gone for, is said to be taken, and is no accusation; the rest is raced', async () => {
    const server = await bookingServer(correct());
    const before = await fetch(`${server.url}/book`, { method: 'POST', body: JSON.stringify({ seat: SEATS[0] }) });
    expect(before.status).toBe(201);
    const run = await runSuite({ script: smallSuite(server.url, { readBack: '/seats/{seat}' }) });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict?.findings).toMatchObject([{ id: 'already-taken', inventory: SEATS[0], severity: 'doubt' }]);
    expect(run.verdict?.totals).toMatchObject({ requests: 20, ok: 2, fail: 18 });
    expect(server.requests()).toBe(21);
    expect(run.stdout).toMatch(/reset it, or\s+leave\s+it\s+out/);
  });
});

describe.concurrent('a target that', () => {
  it('accepts connections over TLS and never shakes hands does not hang the run', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = await runSuite({
      script: smallSuite(url, { attempt: { timeoutMs: 500 }, rendezvous: { timeoutMs: 1000 } }, 3),
    });
    server.close();
    expect(run.code).toBe(4);
    expect(run.verdict?.totals).toMatchObject({ requests: 9, ok: 0, info: 9 });
    expect(run.stdout).toContain('no connection within 500 ms');
  });

  it('answers with a status that is none does not end the thread', async () => {
    const server = await rawServer((wire) => {
      if (completeRequests(wire.received) > 0) {
        wire.received = '';
        wire.socket.write(answer(99, { order_id: 'x' }).replace(' 99 ', ' 099 '));
      }
    });
    const run = await runSuite({ script: smallSuite(`http://127.0.0.1:${server.port}`, {}, 3) });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict?.totals).toMatchObject({ requests: 9, info: 9 });
  });

  it.each(['gzip', 'br', 'zstd', 'deflate'])(
    'says that an answer is %s, and packs none, ends no thread',
    async (encoding) => {
      const server = await bookingServer((booking) => {
        booking.response.setHeader('content-encoding', encoding);
        return correct()(booking);
      });
      const run = await runSuite({ script: smallSuite(server.url, {}, 3) });
      await server.close();
      expect(run.code, run.stderr).toBe(4);
      expect(run.verdict).toMatchObject({ ended: 'completed', totals: { requests: 9, ok: 0, fail: 6, info: 3 } });
    },
  );

  it('answers one contender early does not let the others go before all are there', async () => {
    const turned = new Set<string>();
    const orders = new Set<string>();
    const server = await rawServer((wire) => {
      const seat = /"seat":"(\w+)"/.exec(wire.received)?.[1] ?? '';
      if (seat !== '' && !turned.has(seat)) {
        turned.add(seat);
        wire.socket.end(answer(429, { message: 'slow down' }));
      } else if (completeRequests(wire.received) > 0) {
        wire.received = '';
        wire.socket.write(orders.has(seat) ? answer(409, { message: 'taken' }) : answer(201, { order_id: seat }));
        orders.add(seat);
      }
    });
    const run = await runSuite({ script: smallSuite(`http://127.0.0.1:${server.port}`, {}, 6) });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict?.findings.map(({ id }) => id)).toEqual(['rate-limited']);
    expect(run.verdict?.totals).toMatchObject({ requests: 18, ok: 3, fail: 15 });
  });

  it('gives an order the name of a cookie is not accused of losing it', async () => {
    const server = await bookingServer(({ turn, seat, answer: say, response, stored }) => {
      response.setHeader('set-cookie', 'booking=0123456789');
      if (turn > 1) return say(409, { message: 'taken' });
      stored.set(seat, [`booking-${seat}`]);
      return say(201, { order_id: `booking-${seat}` });
    });
    const run = await runSuite({ script: smallSuite(server.url, { readBack: '/seats/{seat}' }) });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});
