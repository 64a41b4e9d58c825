import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { blockingServer } from '../support/blocking-server.ts';
import { it } from '../support/fixtures.ts';
import { suiteFor } from '../support/suites.ts';

/** Sells each seat once. */
function boxOffice() {
  const sold = new Set<string>();
  return (line: string, body: string) => {
    if (!line.includes('/orders')) return { status: 200, body: { token: 't', sold: sold.size } };
    const { seat } = JSON.parse(body) as { seat: string };
    if (sold.has(seat)) return { status: 409, body: { message: 'taken' } };
    sold.add(seat);
    return { status: 201, body: { order_id: `o-${seat}` } };
  };
}

const login = { post: { url: '/login', json: { user: '{{ $vu }}' }, capture: { json: '$.token', as: 'token' } } };
const order = { post: { url: '/orders', json: { seat: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } };

describe.concurrent('a server with few blocking workers', () => {
  it.for([
    [1, false],
    [2, false],
    [1, true],
    [3, true],
  ] as const)('%i, that keep their connections: %s, ends with a verdict', async ([workers, keepsAlive], { open }) => {
    const server = await open(blockingServer(workers, boxOffice(), { keepsAlive }));
    const flow = [login, { think: '200ms' }, { loop: [order], over: '$inventories' }];
    const run = await runSuite(
      suiteFor(server.url, {
        race: { inventories: ['A1', 'A2'], rendezvous: { timeoutMs: 3000 } },
        vus: 8,
        flow,
        config: { http: { defaults: { headers: { connection: 'close' } } } },
      }),
    );
    expect(run.code, run.stdout).toBe(0);
    expect(findingsOf(run)).toEqual([]);
    expect(run.verdict?.totals).toMatchObject({ requests: 16, ok: 2, fail: 14, info: 0 });
    // Nobody's booking was at the server before everybody had signed in.
    expect(server.served.slice(0, 8).every((line) => line.includes('/login'))).toBe(true);
  });
});
