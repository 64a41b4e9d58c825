import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_LOCKS } from '../../proving-ground/race.ts';
import { startServers } from '../../proving-ground/servers/index.ts';
import { DEMO_SEATS } from '../../reference-api/demo.ts';
import { type Api, countStatus, crowd, startApi } from './api.ts';
import { perUserLimitTests, quotaTests } from './flow-tests.ts';

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
/** More than a pool has connections. */
const CROWD = 40;
const REFUSALS = [400, 409, 423];

const servers = await startServers(new Set(['postgres', 'redis']));
afterAll(() => servers.stop());
for (const [store, reason] of servers.missing) {
  // A developer's machine may lack the programs. A server that is there and does not start is an error.
  if (!reason.startsWith('no ')) throw new Error(reason);
  console.warn(`Nothing in ${store} is tested: ${reason}`);
}

// In CI these tests run anyway, and fail without the store.
const isMissing = (store: 'sqlite' | 'postgres' | 'redis') => servers.missing.has(store) && !process.env.CI;

const rightLocks = ALL_LOCKS.filter(({ lock }) => lock.expected.verdict === 'pass').map(({ store, name, lock }) => ({
  store,
  name,
  lock,
  capacity: lock.needs?.capacity ?? 1,
}));

describe.for(rightLocks)('$name in $store', ({ store, lock, capacity }) => {
  describe.skipIf(isMissing(store))('on one server', () => {
    let api: Api;
    beforeAll(async () => {
      api = await startApi({ lock, capacity });
    });
    afterAll(() => api.close());

    it('sells what there is to a crowd, refuses the rest and stores exactly what it sold', async () => {
      const answers = await crowd(CROWD, () => api.book(SEAT_1));
      expect(countStatus(answers, 201)).toBe(capacity);
      expect(countStatus(answers, ...REFUSALS)).toBe(CROWD - capacity);
      expect((await api.readSeat(SEAT_1)).order_ids).toHaveLength(capacity);
    });

    it('makes all seats available by a reset, and can sell them again', async () => {
      expect((await api.send('DELETE', '')).status).toBe(204);
      const seats = await api.readSeats();
      expect(seats.map(({ seat_id, status }) => [seat_id, status])).toEqual(
        DEMO_SEATS.map((seat) => [seat, 'available']),
      );
      expect((await api.book(SEAT_1, SEAT_2)).status).toBe(201);
    });

    it('books all seats of an order or none, without a deadlock or an unsold seat when orders overlap', async () => {
      await api.send('DELETE', '');
      // All seats: the more seats an order has, the longer it blocks one that begins at the other end.
      const answers = await crowd(CROWD, (number) =>
        api.book(...(number % 2 === 0 ? DEMO_SEATS : DEMO_SEATS.toReversed())),
      );
      expect(countStatus(answers, 201)).toBe(capacity);
      expect(countStatus(answers, ...REFUSALS)).toBe(CROWD - capacity);
      const [first, ...others] = await api.readSeats();
      for (const { order_ids } of others) expect(order_ids.toSorted()).toEqual(first?.order_ids.toSorted());
    });

    it('leaves the other seats of a refused order free', async () => {
      await api.send('DELETE', '');
      for (let unit = 0; unit < capacity; unit++) expect((await api.book(SEAT_2)).status).toBe(201);
      expect(REFUSALS).toContain((await api.book(SEAT_1, SEAT_2)).status);
      expect((await api.readSeat(SEAT_1)).status).toBe('available');
      expect((await api.book(SEAT_1, SEAT_3)).status).toBe(201);
    });
  });
});

describe.skipIf(isMissing('postgres'))('the flow quota in postgres', () => quotaTests('postgres'));
describe.skipIf(isMissing('postgres'))('the flow per-user-limit in postgres', () =>
  perUserLimitTests('postgres', 'seat-lock'),
);

describe('every lock', () => {
  it('has a source and a summary that no other lock of the store has', () => {
    for (const { lock } of ALL_LOCKS) {
      expect(lock.summary).toMatch(/^.{20,100}$/);
      expect(URL.canParse(lock.source)).toBe(true);
    }
    expect(new Set(ALL_LOCKS.map(({ store, lock }) => `${store} ${lock.summary}`)).size).toBe(ALL_LOCKS.length);
  });
});
