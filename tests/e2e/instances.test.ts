import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

type Opening = <T extends { close(): unknown }>(opening: T | Promise<T>) => Promise<T>;

/** Two servers of one API, and the Host of each request that they got. The lock is in the database, or in each server. */
async function twoServers(open: Opening, lock: 'shared' | 'own') {
  const database = new Map<string, string[]>();
  const seen: string[][] = [];
  const start = (): Promise<HttpServer> => {
    const taken = new Set<string>();
    const hosts: string[] = [];
    seen.push(hosts);
    return httpServer(({ method, url = '', headers }, response, body) => {
      if (method === 'GET') {
        const ids = database.get(url.split('/').at(-1) ?? '') ?? [];
        const status = ids.length === 0 ? 'available' : 'booked';
        return response.end(JSON.stringify({ status, order_ids: ids }));
      }
      hosts.push(`${headers.host}${url}`);
      const { seat, vu } = JSON.parse(body) as { seat: string; vu: number };
      const isTaken = lock === 'own' ? taken.has(seat) : database.has(seat);
      taken.add(seat);
      if (isTaken) return response.writeHead(409).end('{"message":"taken"}');
      database.set(seat, [...(database.get(seat) ?? []), `o-${vu}`]);
      return response.writeHead(201).end(JSON.stringify({ order_id: `o-${vu}` }));
    });
  };
  const [one, two] = [await open(start()), await open(start())];
  return { urls: [one.url, two.url], seen };
}

describe.concurrent('several servers of one API', () => {
  it('share the contenders, and each gets the path and the Host of the target', async ({ open }) => {
    const { urls, seen } = await twoServers(open, 'shared');
    const [target = ''] = urls;
    const run = await runSuite(suiteFor(target, { race: { instances: urls, readBack: '/seats/{seat}' }, vus: 6 }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(seen.map(({ length }) => length)).toEqual([9, 9]);
    expect(new Set(seen.flat())).toEqual(new Set([`${new URL(target).host}/book`]));
    expect(new Set(run.history?.attempts.map(({ instance, vu }) => `${vu} ${instance}`))).toEqual(
      new Set([1, 2, 3, 4, 5, 6].map((vu) => `${vu} ${urls[(vu - 1) % 2]}`)),
    );
    expect(run.history?.run.plan.instances).toEqual(urls);
  });

  it('sell twice where each has a lock of its own, and the finding names them; one of them alone passes', async ({
    open,
  }) => {
    const { urls } = await twoServers(open, 'own');
    const [target = ''] = urls;
    const alone = await runSuite(suiteFor(target, { race: { inventories: SEATS.slice(0, 1) }, vus: 6 }));
    expect(alone.code, alone.stdout).toBe(0);
    const race = { instances: urls, inventories: SEATS.slice(1) };
    const run = await runSuite(suiteFor(target, { race, vus: 6 }));
    expect(run.code, run.stdout).toBe(3);
    expect(findingsOf(run)).toContain('double-booking');
    const { message } = run.verdict?.findings.find(({ id }) => id === 'double-booking') ?? {};
    for (const url of urls) expect(message).toContain(url);
  });

  it('that have no address end the run before anything is booked', async () => {
    for (const url of ['10.0.0.1:8080', 'http://10.0.0.1/api', 'ftp://10.0.0.1', 'http://user:pw@10.0.0.1']) {
      const run = await runSuite(suiteFor('http://127.0.0.1:9', { race: { instances: ['http://10.0.0.2', url] } }));
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/^Error: config\.plugins\.race\.instances\.1: must be an address without a path/m);
    }
  });
});
