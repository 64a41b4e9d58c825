import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, findingsOf, preloading } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { newRun, startFleet } from '../support/machines.ts';
import { steppedRedis } from '../support/stepped-redis.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const VUS = 10;
const ALL = 3 * VUS;
/** More than a busy computer needs, and less than a second. */
const limits = { spreadMs: 900 };

/** Calls `act` once, in the middle of the second round. */
const during =
  (act: () => void, sell: Temperament): Temperament =>
  (booking) => {
    if (booking.total === ALL + 5) act();
    return sell(booking);
  };
const sellsToAll: Temperament = ({ answer, store }) => answer(201, { order_id: store() });
const verdictsOf = (runs: readonly FinishedRun[]) =>
  runs.map(({ outputDir, files }) => {
    const file = files.find((name) => name.endsWith('.verdict.json')) ?? '';
    return fs.readFileSync(path.join(outputDir, file), 'utf8');
  });

describe('the clock of Redis is set in the middle of a run', () => {
  it.for([
    ['forward', 1000],
    ['back', -1000],
  ] as const)('%s: the rounds around it are weak, and nobody is accused', async ([name, ms], { target, open }) => {
    const place = await open(await steppedRedis(redis.url));
    const server = await target(during(() => place.step(ms), correct()));
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS, race: { limits } }), {
      ...{ url: place.url, run: newRun(name), machines: 3 },
    });
    const runs = await fleet.ended;
    expect(runs.map(({ code }) => code)).toEqual([4, 4, 4]);
    for (const run of runs) expect(new Set(findingsOf(run))).toEqual(new Set(['weak-contention']));
    expect(new Set(verdictsOf(runs)).size).toBe(1);
    // Nobody was lost, and nothing is missing.
    expect(server.requests()).toBe(SEATS.length * ALL);
    const rounds = runs[0]?.verdict?.rounds ?? [];
    expect(rounds.map(({ spreadErrorMs = 0 }) => spreadErrorMs > 900)).toEqual([false, true, true]);
  });

  it('does not hide two winners', async ({ target, open }) => {
    const place = await open(await steppedRedis(redis.url));
    const server = await target(during(() => place.step(-1000), sellsToAll));
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS, race: { limits } }), {
      ...{ url: place.url, run: newRun('wrong'), machines: 3 },
    });
    const runs = await fleet.ended;
    expect(runs.map(({ code }) => code)).toEqual([3, 3, 3]);
    expect(findingsOf(runs[1] as FinishedRun)).toContain('double-booking');
  });
});

describe('the wall clock of a machine is set in the middle of a run', () => {
  it('does not matter, on the host or on a guest', async ({ target, folder }) => {
    const when = path.join(folder, 'now');
    const server = await target(during(() => fs.writeFileSync(when, ''), correct()));
    const jumpsMs = [3_600_000, -7_200_000, 0];
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS, race: { limits } }), {
      ...{ url: redis.url, run: newRun('wall-clock'), machines: 3, isLaunched: true },
      envOf: (machine) => ({
        ...preloading('clock-jumps.mjs'),
        ...{ CLOCK_JUMP_MS: `${jumpsMs[machine - 1]}`, CLOCK_JUMP_WHEN: when },
      }),
    });
    const runs = await fleet.ended;
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { spreadErrorMs } of runs[0]?.verdict?.rounds ?? []) expect(spreadErrorMs).toBeLessThan(limits.spreadMs);
  });
});
