import { afterEach, expect, it } from 'vitest';
import { FLOWS } from '../../reference-api/flows/index.ts';
import type { StoreName } from '../../reference-api/stores/index.ts';
import type { Work } from '../../reference-api/strategy.ts';
import { type Api, countStatus, crowd, noWork, startApi, workTogether } from './api.ts';

/** Fewer than a PostgreSQL pool has connections: each contender of a wrong lock keeps one while it waits for the others. */
export const CROWD = 8;

/** Starts a flow with one of its locks. Without a name it is the default lock. */
export function startFlow(flow: string, name?: string, work: Work = noWork, store: StoreName = 'sqlite'): Promise<Api> {
  const locks = FLOWS[flow]?.[store] ?? {};
  const backend = locks[name ?? Object.keys(locks)[0] ?? ''];
  if (backend === undefined) throw new Error(`the flow ${flow} has no lock ${name} in ${store}`);
  return startApi({ backend, work });
}

/** Registers an `afterEach` that closes what the tests of this block start. */
export function closingAfterEach(): typeof startFlow {
  const started: Api[] = [];
  afterEach(async () => {
    for (const api of started.splice(0)) await api.close();
  });
  return async (...args) => {
    const api = await startFlow(...args);
    started.push(api);
    return api;
  };
}

export function quotaTests(store: StoreName): void {
  const start = closingAfterEach();
  const admit = (api: Api, quantity: number) => api.send('POST', '', { pool_id: 'terrace', quantity });

  it('sells what there is, and the rest to an order that wants no more than that', async () => {
    const api = await start('quota', undefined, noWork, store);
    expect(await admit(api, 8)).toMatchObject({ status: 201, body: { quantity: 8 } });
    expect(await admit(api, 3)).toMatchObject({ status: 409 });
    expect(await admit(api, 2)).toMatchObject({ status: 201 });
    expect((await api.send('GET', '/pools/terrace')).body).toMatchObject({ capacity: 10, sold: 10 });
    expect((await api.send('POST', '', { pool_id: 'nowhere', quantity: 1 })).status).toBe(404);
    expect((await api.send('POST', '', { pool_id: 'terrace', quantity: 0 })).status).toBe(422);
  });

  it('sells it all again after a reset', async () => {
    const api = await start('quota', undefined, noWork, store);
    for (const sold of [10, 10]) {
      expect(await admit(api, sold)).toMatchObject({ status: 201 });
      expect(await admit(api, 1)).toMatchObject({ status: 409 });
      expect((await api.send('POST', '/reset')).status).toBe(204);
    }
    expect((await api.send('GET', '/pools/terrace')).body).toMatchObject({ capacity: 10, sold: 0 });
  });

  it('count-check sells more than there is', async () => {
    const api = await start('quota', 'count-check', workTogether(CROWD), store);
    expect(countStatus(await crowd(CROWD, () => admit(api, 4)), 201)).toBe(CROWD);
    expect((await api.send('GET', '/pools/terrace')).body).toMatchObject({ sold: 4 * CROWD });
  });
}

export function perUserLimitTests(store: StoreName, wrongLock: string): void {
  const start = closingAfterEach();
  const reserve = (api: Api, seat: number) => api.send('POST', '', { customer_id: 'cleo', seat_id: `seat ${seat}` });

  it('gives a customer as many seats as the limit allows', async () => {
    const api = await start('per-user-limit', undefined, noWork, store);
    expect(countStatus(await crowd(CROWD, (number) => reserve(api, number)), 201)).toBe(2);
    expect((await api.send('GET', '/customers/cleo')).body).toMatchObject({ seat_limit: 2, seats: 2 });
  });

  it('gives a customer as many again after a reset', async () => {
    const api = await start('per-user-limit', undefined, noWork, store);
    for (const visit of [1, 2]) {
      expect(countStatus(await crowd(CROWD, (number) => reserve(api, number)), 201), `visit ${visit}`).toBe(2);
      expect((await api.send('POST', '/reset')).status).toBe(204);
    }
    expect((await api.send('GET', '/customers/cleo')).body).toMatchObject({ seats: 0 });
  });

  it(`${wrongLock} checks the limit before the lock, and gives every session a seat`, async () => {
    const api = await start('per-user-limit', wrongLock, workTogether(CROWD), store);
    expect(countStatus(await crowd(CROWD, (number) => reserve(api, number)), 201)).toBe(CROWD);
  });
}
