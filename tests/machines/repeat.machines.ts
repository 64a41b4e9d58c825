import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, findingsOf } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { newRun, startFleet } from '../support/machines.ts';
import { bookSeat, reset, seatShop } from '../support/seat-shop.ts';
import { suiteFor } from '../support/suites.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const MACHINES = 3;
const VUS = 4;
const ALL = MACHINES * VUS;
const SEATS = ['A1', 'A2'];

/** Three machines race for two seats again and again; one contender of the first machine frees each seat for all. */
async function raceAgain(url: string, repeat: unknown): Promise<readonly FinishedRun[]> {
  const race = {
    inventories: SEATS,
    readBack: { path: '/seats/{id}', settleMs: 0 },
    rehearsal: 'off',
    // Processes of a busy computer: how tight the race is, is measured elsewhere.
    limits: { spreadMs: 60_000, p95Ms: 60_000, overlap: 0 },
    repeat,
  };
  const suite = suiteFor(url, { vus: VUS, race, flow: [{ loop: [reset, bookSeat], over: '$inventories' }] });
  return (await startFleet(suite, { url: redis.url, run: newRun('repeat'), machines: MACHINES })).ended;
}

const verdictsOf = (runs: readonly FinishedRun[]) =>
  runs.map(({ outputDir, files }) => {
    const file = files.find((name) => name.endsWith('.verdict.json')) ?? 'missing';
    return fs.readFileSync(path.join(outputDir, file), 'utf8');
  });

/** All machines end alike, with the same bytes. */
function expectOneVerdict(runs: readonly FinishedRun[], code: number, findings: readonly string[]): void {
  expect(runs.map((run) => [run.code, run.stderr, findingsOf(run)])).toEqual(
    Array(MACHINES).fill([code, '', findings]),
  );
  expect(new Set(verdictsOf(runs)).size).toBe(1);
}

describe('rounds that repeat on several machines', () => {
  it('are raced by the contenders of all, each seat freed once before each visit', async ({ open }) => {
    const seats = await open(seatShop());
    const runs = await raceAgain(seats.url, 3);
    expectOneVerdict(runs, 0, []);
    const rounds = runs[0]?.verdict?.rounds ?? [];
    expect(rounds.map(({ inventory, visit, requests, ok }) => [inventory, visit, requests, ok])).toEqual(
      [1, 2, 3].flatMap((visit) => SEATS.map((seat) => [seat, visit, ALL, 1])),
    );
    expect([...seats.resets]).toEqual(SEATS.map((seat) => [seat, 3]));
  });

  it('end on all of them once a pass means enough', async ({ open }) => {
    const seats = await open(seatShop());
    const runs = await raceAgain(seats.url, { until: '35 %' });
    expectOneVerdict(runs, 0, []);
    expect(runs[0]?.verdict?.rounds).toHaveLength(7);
    expect(runs[0]?.verdict?.strength.bound).toBeLessThan(0.35);
    expect(runs.map(({ history }) => history?.end)).toEqual(
      Array(MACHINES).fill(expect.objectContaining({ repeated: 'done' })),
    );
  });

  it('find a lock that fails once in a while, and end there on all of them', async ({ open }) => {
    const seats = await open(seatShop({ sellsTwice: (name, resets) => name === 'A1' && resets === 3 }));
    const runs = await raceAgain(seats.url, 9);
    expectOneVerdict(runs, 3, ['double-booking']);
    expect(runs[0]?.verdict?.findings).toMatchObject([{ round: 5, inventory: 'A1' }]);
    expect(runs[0]?.verdict?.rounds.at(-1)).toMatchObject({ inventory: 'A1', visit: 3, ok: ALL });
    // What shows it is still there.
    expect(seats.sold.get('A1')).toHaveLength(ALL);
  });
});
