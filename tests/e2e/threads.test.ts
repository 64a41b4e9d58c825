import path from 'node:path';
import { describe, expect } from 'vitest';
import { type FinishedRun, FOUR_CPUS, findingsOf, launchSuite, root, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { book, SEATS, type Suite, suiteFor } from '../support/suites.ts';

/** A suite with twelve contenders. */
const twelve = (url: string, { race, config, ...suite }: Suite = {}) =>
  suiteFor(url, {
    // There are more threads than processors, so now and then one waits for its turn: the rendezvous is not to blame.
    race: { contenders: 12, limits: { spreadMs: 250 }, ...race },
    config: { phases: [{ duration: 1, arrivalRate: 12 }], plugins: { ensure: {} }, ...config },
    ...suite,
  });

const race = (url: string, suite?: Suite) => runSuite(twelve(url, suite), { workers: 3 });

/** The attempts of each round, and their workers. */
const roundsOf = ({ history }: FinishedRun) =>
  [...Map.groupBy(history?.attempts ?? [], ({ round }) => round)]
    .sort(([a], [b]) => a - b)
    .map(([round, attempts]) => ({
      round,
      inventories: [...new Set(attempts.map(({ inventory }) => inventory))],
      attempts: attempts.length,
      threads: [...new Set(attempts.map(({ thread }) => thread))].toSorted(),
    }));

const threads = [1, 2, 3];

describe('contenders in several workers', () => {
  it('meet in one rendezvous and are released at one instant', async ({ target }) => {
    const { url } = await target();
    // One sample for each round, of the whole round: not one for each worker.
    const config = { ensure: { conditions: [{ expression: 'race.spread.count == 3' }] } };
    const run = await launchSuite(twelve(url, { config }), { env: FOUR_CPUS });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', vus: 12, totals: { requests: 36, ok: 3, fail: 33, info: 0 } });
    expect(roundsOf(run)).toEqual(
      SEATS.map((seat, index) => ({ round: index + 1, inventories: [seat], attempts: 12, threads })),
    );
    // The spread runs from the first release of all workers to the last.
    for (const { number, spreadMs } of run.verdict?.rounds ?? []) {
      const attempts = run.history?.attempts.filter(({ round }) => round === number) ?? [];
      const released = attempts.map(({ releasedAtMs = Number.NaN }) => releasedAtMs);
      expect(spreadMs).toBeCloseTo(Math.max(...released) - Math.min(...released), 2);
    }
  });

  it('wait for those who come in later phases, in one worker or in all', async ({ target }) => {
    const { url } = await target();
    const phases = [{ duration: 1, arrivalCount: 3 }, { pause: 1 }, { duration: 1, arrivalRate: 9 }];
    const run = await race(url, { config: { phases } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(roundsOf(run)).toMatchObject(SEATS.map(() => ({ attempts: 12, threads })));
  });

  it('may all be in one worker beside idle ones, which Artillery starts where times have a unit', async ({
    target,
  }) => {
    const { url } = await target();
    const phases = [{ pause: '100ms' }, { duration: '1s', arrivalCount: 12 }];
    const run = await race(url, { config: { phases }, race: { contenders: undefined } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(roundsOf(run)).toMatchObject(SEATS.map(() => ({ attempts: 12, threads: [undefined] })));
  });

  it('number unplanned rounds alike', async ({ target }) => {
    const { url } = await target();
    // Everybody tries the second slot twice: the second visit is another round, with the same number in every worker.
    const slots = ['mon', 'tue', 'tue', 'wed'];
    const run = await race(url, { race: { inventories: undefined }, flow: [{ loop: [book()], over: slots }] });
    expect(roundsOf(run)).toEqual(
      slots.map((slot, index) => ({ round: index + 1, inventories: [slot], attempts: 12, threads })),
    );
  });

  it('do not wait for a worker whose virtual users have all ended', async ({ target }) => {
    const { url } = await target();
    const run = await race(url, {
      config: { processor: path.join(root, 'tests/support/one-worker-stops.mjs') },
      race: { rendezvous: { timeoutMs: 600_000 } },
      scenario: { beforeScenario: 'choose' },
      flow: [{ loop: [book()], over: 'chosen' }],
    });
    expect(run.code, run.stdout + run.stderr).toBe(4);
    expect(roundsOf(run).map(({ attempts, threads }) => [attempts, threads.length])).toEqual([
      [12, 3],
      [8, 2],
      [8, 2],
    ]);
    expect(findingsOf(run)).toContain('weak-contention');
  });
});
