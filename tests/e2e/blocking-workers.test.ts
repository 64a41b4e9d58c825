import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { blockingServer } from '../support/blocking-server.ts';
import { it } from '../support/fixtures.ts';
import { suiteFor } from '../support/suites.ts';

/** Sells each seat once. */
function boxOffice() {
  const sold = new Set<string>();
  return (line: string, body: string) => {
    const asked = /seats\/(\w+)/.exec(line)?.[1];
    if (asked !== undefined) {
      const order_ids = sold.has(asked) ? [`o-${asked}`] : [];
      return { status: 200, body: { status: sold.has(asked) ? 'booked' : 'available', order_ids } };
    }
    if (!line.includes('/orders')) return { status: 200, body: { token: 't' } };
    const { seat } = JSON.parse(body) as { seat: string };
    if (sold.has(seat)) return { status: 409, body: { message: 'taken' } };
    sold.add(seat);
    return { status: 201, body: { order_id: `o-${seat}` } };
  };
}

const login = { post: { url: '/login', json: { user: '{{ $vu }}' }, capture: { json: '$.token', as: 'token' } } };
const order = { post: { url: '/orders', json: { seat: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } };

describe.concurrent('a server with few blocking workers', () => {
  it.for([1, 2])('%i, that serve one request a connection, ends with a verdict', async (workers, { open }) => {
    const server = await open(blockingServer(workers, boxOffice()));
    const flow = [login, { think: '200ms' }, { loop: [order], over: '$inventories' }];
    const run = await runSuite(
      suiteFor(server.url, {
        race: { inventories: ['A1', 'A2'], rendezvous: { timeoutMs: 3000 } },
        vus: 8,
        flow,
      }),
    );
    expect(run.code, run.stdout).toBe(0);
    expect(findingsOf(run)).toEqual([]);
    expect(run.verdict?.totals).toMatchObject({ requests: 16, ok: 2, fail: 14, info: 0 });
    // Nobody's booking was at the server before everybody had signed in.
    expect(server.served.slice(0, 8).every((line) => line.includes('/login'))).toBe(true);
  });

  it.for([
    [1, 'close'],
    [10, 'keep-alive'],
  ] as const)('%i, that keep their connections (%s), ends with a verdict', async ([workers, connection], { open }) => {
    // Artillery's own connections are no more than the workers; those of the race come on top.
    const server = await open(blockingServer(workers, boxOffice(), { keepsAlive: true }));
    const flow = [
      { post: { url: '/login', json: {}, headers: { connection } } },
      { loop: [{ post: { ...order.post, headers: { connection: 'keep-alive' } } }], over: '$inventories' },
    ];
    const race = { inventories: ['A1', 'A2', 'A3'], readBack: '/seats/{seat}' };
    const run = await runSuite(suiteFor(server.url, { race, vus: 8, flow }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 24, ok: 3, fail: 21, info: 0 });
    // The idle connections of a round are closed when it stalls; after that, none are kept.
    expect(run.verdict?.responseTimeMs.max).toBeLessThan(2000);
  });
});
