import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ENTRANTS, type Entrant } from '../../proving-ground/race.ts';
import { startServers } from '../../proving-ground/servers/index.ts';
import { DEMO_SEATS, DEMO_TOKEN } from '../../reference-api/demo.ts';
import { createServer, type ServerOptions } from '../../reference-api/server.ts';
import type { Seat } from '../../reference-api/stores/store.ts';

const [SEAT_1 = '', SEAT_2 = '', SEAT_3 = ''] = DEMO_SEATS;
/** More than a pool has connections. */
const CROWD = 40;

const servers = await startServers(new Set(['postgres', 'redis']));
afterAll(() => servers.stop());
for (const [store, reason] of servers.missing) console.warn(`The locks in ${store} are not tested: ${reason}`);

// On a developer's machine a store may be missing. In CI it may not: then its tests run, and fail.
const onStore = ({ store }: Entrant) => describe.skipIf(servers.missing.has(store) && !process.env.CI);

let origin: string;
let close: () => Promise<unknown> = async () => {};

async function start(options: ServerOptions): Promise<void> {
  const app = await createServer({ capacity: options.lock?.needs?.capacity ?? 1, ...options });
  close = () => app.close();
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
}
afterEach(() => close());

async function book(...seatIds: string[]): Promise<number> {
  const { status } = await fetch(`${origin}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${DEMO_TOKEN}` },
    body: JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: seatIds, organization_id: 'o' }),
  });
  return status;
}

const readSeat = async (seatId: string) => (await (await fetch(`${origin}/orders/seats/${seatId}`)).json()) as Seat;
const crowd = (order: (number: number) => readonly string[]) =>
  Promise.all(Array.from({ length: CROWD }, (_, number) => book(...order(number))));

const REFUSALS = [400, 409, 423];

for (const entrant of ENTRANTS.filter(({ lock }) => lock.expected.verdict === 'pass')) {
  const { store, name, lock } = entrant;
  const capacity = lock.needs?.capacity ?? 1;

  onStore(entrant)(`${name} in ${store}`, () => {
    it('sells what there is to a crowd, refuses the rest, and has it written down', async () => {
      await start({ lock });
      const statuses = await crowd(() => [SEAT_1]);
      expect(statuses.filter((status) => status === 201)).toHaveLength(capacity);
      expect(statuses.filter((status) => REFUSALS.includes(status))).toHaveLength(CROWD - capacity);
      expect((await readSeat(SEAT_1)).order_ids).toHaveLength(capacity);
    });

    it('books all seats of an order or none, and neither deadlocks nor sells to nobody where orders overlap', async () => {
      await start({ lock });
      // All seats there are: the more an order has, the longer it stands in the way of one that begins at the other end.
      const statuses = await crowd((number) => (number % 2 === 0 ? DEMO_SEATS : DEMO_SEATS.toReversed()));
      expect(statuses.filter((status) => status === 201)).toHaveLength(capacity);
      expect(statuses.filter((status) => REFUSALS.includes(status))).toHaveLength(CROWD - capacity);
      const [first, ...others] = await Promise.all(DEMO_SEATS.map(readSeat));
      for (const { order_ids } of others) expect(order_ids.toSorted()).toEqual(first?.order_ids.toSorted());
    });

    it('leaves the other seats of a refused order free, and all of them after a reset', async () => {
      await start({ lock });
      for (let unit = 0; unit < capacity; unit++) expect(await book(SEAT_2)).toBe(201);
      expect(REFUSALS).toContain(await book(SEAT_1, SEAT_2));
      expect((await readSeat(SEAT_1)).status).toBe('available');
      expect(await book(SEAT_1, SEAT_3)).toBe(201);

      expect((await fetch(`${origin}/orders`, { method: 'DELETE' })).status).toBe(204);
      const { seats } = (await (await fetch(`${origin}/orders/seats`)).json()) as { seats: Seat[] };
      expect(seats.map(({ seat_id, status }) => [seat_id, status])).toEqual(
        DEMO_SEATS.map((seat) => [seat, 'available']),
      );
      expect(await book(SEAT_1, SEAT_2)).toBe(201);
    });
  });
}

describe('every lock', () => {
  it('has a summary and a source of its own words, and a wrong one names its finding', () => {
    for (const { lock } of ENTRANTS) {
      expect(lock.summary).toMatch(/^.{20,100}$/);
      expect(URL.canParse(lock.source)).toBe(true);
    }
    expect(new Set(ENTRANTS.map(({ store, lock }) => `${store} ${lock.summary}`)).size).toBe(ENTRANTS.length);
  });
});
