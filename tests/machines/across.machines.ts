import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { readRun } from '../../plugin/src/meet/history.ts';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, findingsOf, root, writtenBy } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { type FleetOptions, newRun, startFleet } from '../support/machines.ts';
import { newOrder, openShop, type Shop } from '../support/shop.ts';
import { book, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** What a suite can say, said by two machines. */

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** Processes of a busy computer: how tight the race is, is measured elsewhere. */
const limits = { spreadMs: 60_000, p95Ms: 60_000, overlap: 0 };
const VUS = 6;
const ALL = 2 * VUS;

async function race(title: string, script: object, more: Partial<FleetOptions> = {}): Promise<readonly FinishedRun[]> {
  const fleet = await startFleet(script, { url: redis.url, run: newRun(title), machines: 2, ...more });
  return fleet.ended;
}

/** Both machines end alike, with the same bytes. */
function expectOneVerdict(runs: readonly FinishedRun[], code: number, findings: readonly string[] = []): void {
  const bytes = ({ files, outputDir }: FinishedRun) =>
    fs.readFileSync(path.join(outputDir, files.find((file) => file.endsWith('.verdict.json')) ?? 'missing'), 'utf8');
  expect(runs.map((run) => [run.code, run.stderr, findingsOf(run)])).toEqual(Array(2).fill([code, '', findings]));
  expect(new Set(runs.map(bytes)).size).toBe(1);
}

const attemptsOf = (runs: readonly FinishedRun[]) => runs.flatMap(({ history }) => history?.attempts ?? []);

it('threads of all machines meet, and contenders that are written are those of all machines', async ({ target }) => {
  const { url } = await target();
  const config = { phases: [{ duration: 1, arrivalRate: 12 }] };
  const suite = suiteFor(url, { config, race: { contenders: 24, limits } });
  const runs = await race('threads', suite, { workers: 3 });
  expectOneVerdict(runs, 0);
  expect(runs[0]?.verdict).toMatchObject({ vus: 24, totals: { requests: 72, ok: 3, fail: 69 } });
  for (const { history } of runs) {
    const attempts = history?.attempts ?? [];
    expect([...new Set(attempts.map(({ thread }) => thread))].toSorted()).toEqual([1, 2, 3]);
  }
  const vus = new Set(attemptsOf(runs).map(({ vu }) => vu));
  expect([...vus].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
});

describe('a request that one contender sends for all', () => {
  const pay = {
    post: { url: '/pay', json: { order: '{{ order }}', seat: '{{ $loopElement }}' }, race: '{{ $loopElement }}' },
  };
  const order = (more: object = {}) => ({
    post: {
      url: '/orders',
      json: { seat: '{{ $loopElement }}' },
      race: { once: '{{ $loopElement }}' },
      capture: { json: '$.id', as: 'order' },
      ...more,
    },
  });
  const shop = (orders: string[], paid: string[]): Shop => ({
    'POST /orders'({ body }) {
      orders.push(`order of ${body.seat}`);
      return [201, { id: `order of ${body.seat}`, note: 'only-in-this-answer' }];
    },
    'POST /pay'({ body }) {
      const isFirst = !paid.includes(String(body.order));
      paid.push(String(body.order));
      return isFirst ? [201, { order_id: newOrder() }] : [409, { message: 'paid' }];
    },
  });

  it('is sent by the first machine, and its answer crosses Redis for a minute and is in no history', async ({
    open,
  }) => {
    const [orders, paid]: [string[], string[]] = [[], []];
    const { url } = await open(openShop(shop(orders, paid)));
    const run = newRun('once');
    const suite = suiteFor(url, { vus: VUS, race: { limits }, flow: [eachSeat(order(), pay)] });
    const runs = await race('once', suite, { run });
    expectOneVerdict(runs, 0);
    expect(orders).toEqual(SEATS.map((seat) => `order of ${seat}`));
    expect(Object.groupBy(paid, (id) => id)).toEqual(Object.fromEntries(orders.map((id) => [id, Array(ALL).fill(id)])));
    for (const each of runs) expect(writtenBy(each)).not.toContain('only-in-this-answer');
    expect(JSON.stringify(await readRun(redis.url, run))).not.toContain('only-in-this-answer');
    const client = createClient({ url: redis.url });
    await client.connect();
    const keys = (await client.keys(`race:{${run}}:once:once*`)).toSorted();
    expect(keys).toHaveLength(SEATS.length);
    const lives = await Promise.all(keys.map((key) => client.ttl(key)));
    client.destroy();
    for (const seconds of lives) expect(seconds).toBeGreaterThan(0);
    expect(Math.max(...lives)).toBeLessThanOrEqual(60);
  });

  it('leaves nobody waiting where no contender of the first machine sends it', async ({ open }) => {
    const [orders, paid]: [string[], string[]] = [[], []];
    const { url } = await open(openShop(shop(orders, paid)));
    // Contenders of the first machine have odd numbers.
    const flow = [eachSeat(order({ ifTrue: '$vu % 2 == 0' }), pay)];
    const race1 = { inventories: ['A1'], limits, rendezvous: { timeoutMs: 2000 } };
    const startedMs = performance.now();
    const runs = await race('once-nobody', suiteFor(url, { vus: VUS, race: race1, flow }));
    expect(runs.map(({ code }) => code)).not.toContain(0);
    expect(orders).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(50_000);
    expect(findingsOf(runs[1] as FinishedRun)).toContain('setup-failed');
  });
});

it('the first machine alone asks what is raced for, and who owns it before and after', async ({ open }) => {
  const asked: string[] = [];
  const sold = new Map<string, string[]>();
  const shop: Shop = {
    'GET /list'() {
      asked.push('list');
      return [200, SEATS.map((id) => ({ id }))];
    },
    'GET /seats'({ name }) {
      const orders = sold.get(name) ?? [];
      asked.push(`${name} ${orders.length}`);
      return [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];
    },
    'POST /book'({ body }) {
      const seat = String(body.seat);
      if (sold.has(seat)) return [409, { message: 'taken' }];
      const id = newOrder();
      sold.set(seat, [id]);
      return [201, { order_id: id }];
    },
  };
  const { url } = await open(openShop(shop));
  const inventories = { get: '/list', key: '$.id' };
  const readBack = '/seats/{seat}';
  const runs = await race(
    'asked',
    suiteFor(url, { vus: VUS, race: { inventories, readBack, rehearsal: 'off', limits } }),
  );
  expectOneVerdict(runs, 0);
  expect(asked.toSorted()).toEqual(['list', ...SEATS.flatMap((seat) => [`${seat} 0`, `${seat} 1`])].toSorted());
  expect(runs[1]?.history?.readBacks).toEqual([]);
  expect(runs[1]?.verdict).toMatchObject({ promised: 3, stored: 3 });
});

it('a server that is slow to settle is waited for on all machines', async ({ target }) => {
  let last = 0;
  const { url } = await target(
    async (booking) => {
      last = performance.now();
      await correct()(booking);
    },
    // An order is visible later; the others wait for the first machine meanwhile.
    ({ orders }) => {
      const isVisible = orders.length > 0 && performance.now() - last > 2000;
      return [200, { status: isVisible ? 'booked' : 'available', order_ids: isVisible ? orders : [] }];
    },
  );
  const readBack = { get: '/seats/{seat}', settleMs: 4000 };
  const runs = await race('settles', suiteFor(url, { vus: VUS, race: { inventories: ['A1'], readBack, limits } }));
  expectOneVerdict(runs, 0);
});

it('contenders of all machines go for anything, and are released once', async ({ target }) => {
  const items = Array.from({ length: 4 }, (_, index) => `item-${index + 1}`);
  const { url } = await target();
  const suite = suiteFor(url, {
    vus: 10,
    race: { inventories: items, contenders: { each: 'any' }, limits },
    flow: [{ post: { url: '/book', json: { seat: '{{ item }}' }, race: '{{ item }}' } }],
    scenario: { beforeScenario: 'chooseItem' },
    config: { processor: path.join(root, 'tests/support/choose-item.mjs') },
  });
  const runs = await race('anything', suite);
  expectOneVerdict(runs, 0);
  expect(runs[0]?.verdict?.rounds.reduce((sum, { requests }) => sum + requests, 0)).toBe(20);
  expect(runs[0]?.verdict?.expected).toMatchObject({ requests: 20, ok: 4 });
});

it('offsets follow one plan on all machines, also after the release before', async ({ target }) => {
  const { url } = await target(async (booking) => {
    await sleep(150);
    await correct()(booking);
  });
  const again = { shape: 'ramp', spanMs: 22, afterPreviousMs: 900 };
  const seat = '{{ $loopElement }}';
  const suite = suiteFor(url, {
    vus: VUS,
    race: { release: { shape: 'ramp', spanMs: 44 }, limits },
    flow: [eachSeat(book(), book(seat, { race: { inventory: seat, release: again } }))],
  });
  const runs = await race('offsets', suite);
  const offsets = runs.map(({ history }) => {
    const clocks = new Map(history?.clocks?.map(({ round, offsetMs }) => [round, offsetMs]));
    return history?.attempts.map((one) => ({ ...one, at: (one.plannedAtMs ?? 0) + (clocks.get(one.round) ?? 0) }));
  });
  for (const [, attempts] of Map.groupBy(
    offsets.flatMap((some) => some ?? []),
    ({ round }) => round,
  )) {
    const at = attempts.map((one) => one.at).toSorted((a, b) => a - b);
    const step = (at.at(-1) ?? 0) - (at[0] ?? 0) > 33 ? 4 : 2;
    expect(at).toHaveLength(ALL);
    // The clocks of two machines differ by what the report says; here it is the same clock.
    at.forEach((ms, index) => void expect(Math.abs(ms - (at[0] ?? 0) - step * index)).toBeLessThan(1));
    expect(attempts.every(({ plannedAtMs = Infinity, releasedAtMs = 0 }) => releasedAtMs >= plannedAtMs)).toBe(true);
  }
});

describe('identities', () => {
  const suite = (url: string, file: string) =>
    suiteFor(url, {
      vus: VUS,
      race: { limits },
      config: {
        processor: path.join(root, 'processors/order-race.mts'),
        variables: { signIn: { identities: file } },
      },
      flow: [{ function: 'signIn' }, eachSeat(book('{{ $loopElement }}', { beforeRequest: 'authorise' }))],
    });
  const users = (rows: number) => Array.from({ length: rows }, (_, index) => `user-number-${index + 1}`);
  const write = (folder: string, rows: number): string => {
    const file = path.join(folder, 'tokens.csv');
    fs.writeFileSync(file, ['token', ...users(rows), ''].join('\n'));
    return file;
  };
  const signedIn = (names: Map<string, number>): Shop => ({
    'POST /book'({ headers, body }) {
      const name = `${headers.authorization} ${body.seat}`;
      names.set(name, (names.get(name) ?? 0) + 1);
      const isFirst = [...names.keys()].filter((other) => other.endsWith(` ${body.seat}`)).length === 1;
      return isFirst ? [201, { order_id: newOrder() }] : [409, { message: 'taken' }];
    },
  });

  it('are divided: no two machines sign in as the same user', async ({ open, folder }) => {
    const names = new Map<string, number>();
    const { url } = await open(openShop(signedIn(names)));
    const runs = await race('identities', suite(url, write(folder, ALL)));
    expectOneVerdict(runs, 0);
    const expected = users(ALL).flatMap((user) => SEATS.map((seat) => [`Bearer ${user} ${seat}`, 1]));
    expect([...names].toSorted()).toEqual(expected.toSorted());
  });

  it('must be enough for all machines together, or nothing is booked', async ({ open, folder }) => {
    const names = new Map<string, number>();
    const { url } = await open(openShop(signedIn(names)));
    const runs = await race('few-identities', suite(url, write(folder, ALL - 1)));
    expect(runs.map(({ code, files }) => [code, files])).toEqual([
      [2, []],
      [2, []],
    ]);
    for (const { stderr } of runs) expect(stderr).toContain(`too few rows: ${ALL - 1}, but ${ALL} are needed`);
    expect(names.size).toBe(0);
  });
});

describe('requests around the race', () => {
  const pending = new Map<string, { seat: string; isSold: boolean }>();
  const shop: Shop = {
    'POST /bookings'({ body }) {
      const id = newOrder();
      const isSold = ![...pending.values()].some(({ seat }) => seat === body.seat);
      pending.set(id, { seat: String(body.seat), isSold });
      return [202, { id }];
    },
    'GET /bookings'({ name }) {
      return [200, { status: pending.get(name)?.isSold ? 'sold' : 'gone', order_id: name }];
    },
    'GET /seats': () => [200, { status: 'available' }],
  };
  const inventory = '{{ $loopElement }}';

  it('decide attempts on each machine, and what is judged by nothing counts nowhere', async ({ open }) => {
    const { url } = await open(openShop(shop));
    const outcome = {
      orderId: '$.order_id',
      settled: { success: { body: { '$.status': 'sold' } }, refusal: { body: { '$.status': 'gone' } } },
    };
    const only = { ifTrue: '$vu > 2' };
    const flow = [
      eachSeat(
        { get: { url: `/seats/${inventory}`, race: { inventory, judge: false }, ifTrue: '$vu < 3' } },
        {
          post: {
            url: '/bookings',
            json: { seat: inventory },
            race: inventory,
            capture: { json: '$.id', as: 'id' },
            ...only,
          },
        },
        { get: { url: '/bookings/{{ id }}', race: { settles: inventory, everyMs: 50 }, ...only } },
      ),
    ];
    const runs = await race('around', suiteFor(url, { vus: VUS, race: { outcome, limits }, flow }));
    expectOneVerdict(runs, 0);
    const requests = (ALL - 2) * SEATS.length;
    expect(runs[0]?.verdict?.totals).toEqual({ requests, ok: 3, fail: requests - 3, info: 0 });
    expect(runs[0]?.verdict?.statuses).toEqual({ 202: requests });
    // One contender of each machine only looked.
    expect(runs.map(({ history }) => history?.unjudged?.length)).toEqual([SEATS.length, SEATS.length]);
  });
});
