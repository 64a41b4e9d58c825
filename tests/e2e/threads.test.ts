import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FinishedRun, root, runSuite, SEATS } from '../support/artillery.ts';
import { bookingServer, correct } from '../support/booking-server.ts';

const support = path.join(root, 'tests/support');
const fourCpus = `--import=${pathToFileURL(path.join(support, 'four-cpus.mjs')).href}`;

const book = { post: { url: '/book', json: { seat: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } };

interface Suite {
  readonly phases?: readonly object[];
  /** More of `config`. */
  readonly config?: object;
  /** More of the plugin's block. */
  readonly race?: object;
  readonly scenario?: object;
}

/** Twelve contenders in three workers, against a server that sells each seat once. */
async function race({ phases, config, race, scenario }: Suite): Promise<FinishedRun> {
  const server = await bookingServer(correct());
  try {
    return await runSuite({
      script: {
        config: {
          target: server.url,
          phases: phases ?? [{ duration: 1, arrivalRate: 12 }],
          // More threads than processors: now and then one has to wait for its turn, which is no fault of the rendezvous.
          plugins: {
            race: { contenders: 12, inventories: SEATS, limits: { spreadMs: 250 }, ...race },
            ensure: {},
          },
          ...config,
        },
        scenarios: [{ flow: [{ loop: [book], over: '$inventories' }], ...scenario }],
      },
      env: { NODE_OPTIONS: fourCpus },
    });
  } finally {
    await server.close();
  }
}

/** The attempts of each round, and the workers that they came from. */
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
  it('meet in one rendezvous, and are let go at one instant', async () => {
    const run = await race({
      // One sample for each round: not one for each round and worker, and none that is of a part of the round.
      config: { ensure: { conditions: [{ expression: 'race.spread.count == 3' }] } },
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', vus: 12, totals: { requests: 36, ok: 3, fail: 33, info: 0 } });
    expect(roundsOf(run)).toEqual(
      SEATS.map((seat, index) => ({ round: index + 1, inventories: [seat], attempts: 12, threads })),
    );
    // A spread above the limit is not a pass; here it is that there is one, from the first of all workers to the last.
    for (const { number, spreadMs } of run.verdict?.rounds ?? []) {
      const its = run.history?.attempts.filter(({ round }) => round === number) ?? [];
      const released = its.map(({ releasedAtMs = Number.NaN }) => releasedAtMs);
      expect(spreadMs).toBeCloseTo(Math.max(...released) - Math.min(...released), 2);
    }
  });

  it('are waited for when they come in several phases, in one worker or in all', async () => {
    const run = await race({
      phases: [{ duration: 1, arrivalCount: 3 }, { pause: 1 }, { duration: 1, arrivalRate: 9 }],
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(roundsOf(run)).toMatchObject(SEATS.map(() => ({ attempts: 12, threads })));
  });

  it('come from one that has them all beside idle ones, which Artillery starts where times have a unit', async () => {
    const run = await race({
      phases: [{ pause: '100ms' }, { duration: '1s', arrivalCount: 12 }],
      race: { contenders: undefined },
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(roundsOf(run)).toMatchObject(SEATS.map(() => ({ attempts: 12, threads: [undefined] })));
  });

  it('agree on the numbers of rounds that the plan does not foresee', async () => {
    const run = await race({
      race: { inventories: undefined },
      // Each goes for the second slot twice: the second visit is a round of its own, in every worker the same.
      scenario: { flow: [{ loop: [book], over: ['mon', 'tue', 'tue', 'wed'] }] },
    });
    expect(roundsOf(run)).toEqual(
      ['mon', 'tue', 'tue', 'wed'].map((slot, index) => ({
        round: index + 1,
        inventories: [slot],
        attempts: 12,
        threads,
      })),
    );
  });

  it('do not wait for a worker whose virtual users have all ended', async () => {
    const run = await race({
      config: { processor: path.join(support, 'one-worker-stops.mjs') },
      race: { rendezvous: { timeoutMs: 600_000 } },
      scenario: { beforeScenario: 'choose', flow: [{ loop: [book], over: 'chosen' }] },
    });
    expect(run.code, run.stdout + run.stderr).toBe(4);
    expect(roundsOf(run).map(({ attempts, threads }) => [attempts, threads.length])).toEqual([
      [12, 3],
      [8, 2],
      [8, 2],
    ]);
    expect(run.verdict?.findings.map(({ id }) => id)).toContain('weak-contention');
  });
});
