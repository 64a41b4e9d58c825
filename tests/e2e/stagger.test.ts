import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { type FinishedRun, root, runSuite, SEATS, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct, type Temperament } from '../support/booking-server.ts';

/** A busy machine may be late by much; what was planned is exact all the same, and nobody goes before it. */
const limits = { spreadMs: 2000 };

/** Answers take longer than a whole ramp, so that all of its contenders are in flight together. */
const slow: Temperament = async (booking) => {
  await sleep(150);
  await correct()(booking);
};

async function against(temperament: Temperament, run: (url: string) => Promise<FinishedRun>): Promise<FinishedRun> {
  const server = await bookingServer(temperament);
  try {
    return await run(server.url);
  } finally {
    await server.close();
  }
}

const roundsOf = ({ history }: FinishedRun): Attempt[][] =>
  [...Map.groupBy(history?.attempts ?? [], ({ round }) => round)].sort(([a], [b]) => a - b).map(([, its]) => its);

const plannedOf = (attempts: readonly Attempt[]): number[] => {
  const planned = attempts.map(({ plannedAtMs = Number.NaN }) => plannedAtMs).toSorted((a, b) => a - b);
  return planned.map((ms) => ms - (planned[0] ?? 0));
};
const nobodyIsEarly = (attempts: readonly Attempt[]) =>
  attempts.every(({ plannedAtMs = Infinity, releasedAtMs = -Infinity }) => releasedAtMs >= plannedAtMs);

describe.concurrent('contenders that are let go at offsets', () => {
  it('go evenly over a ramp in every round, and it is a race', async () => {
    const run = await against(slow, (url) =>
      runSuite({ script: smallSuite(url, { release: { shape: 'ramp', spanMs: 45 }, limits }) }),
    );
    expect(run.code, run.stdout + run.stderr).toBe(0);
    for (const attempts of roundsOf(run)) {
      plannedOf(attempts).forEach((ms, index) => void expect(ms).toBeCloseTo(5 * index, 6));
      expect(nobodyIsEarly(attempts)).toBe(true);
    }
    expect(run.verdict?.rounds[0]?.offsets).toMatchObject({ plannedMs: expect.closeTo(45, 6) });
    expect(run.verdict?.rounds[0]?.spreadMs).toBeGreaterThan(30);
    expect(run.verdict?.contention.offsets?.worstDeviationMs).toBeGreaterThanOrEqual(0);
    expect(run.stdout).toMatch(/Offsets\s+kept within/);
    expect(run.stdout).toMatch(/\(spread [\d.]+ ms \(planned 45\.0 ms, kept within/);
  });

  it('go in several workers by one plan', async () => {
    const fourCpus = `--import=${pathToFileURL(path.join(root, 'tests/support/four-cpus.mjs')).href}`;
    const race = { contenders: 12, release: { shape: 'ramp', spanMs: 44 }, limits };
    const script = smallSuite('http://to.be.said', race) as { config: { target: string; phases: object[] } };
    script.config.phases = [{ duration: 1, arrivalRate: 12 }];
    const run = await against(slow, (url) => {
      script.config.target = url;
      return runSuite({ script, env: { NODE_OPTIONS: fourCpus } });
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    for (const attempts of roundsOf(run)) {
      expect(new Set(attempts.map(({ thread }) => thread)).size).toBe(3);
      plannedOf(attempts).forEach((ms, index) => void expect(ms).toBeCloseTo(4 * index, 6));
      expect(nobodyIsEarly(attempts)).toBe(true);
    }
  });

  it('go around the others, or around the time at which a lease ends, round by round from before to after', async () => {
    const base = smallSuite('http://to.be.said', { limits, outcome: { success: { status: [201, 200] } } }) as {
      config: { target: string };
      scenarios: { flow: object[] }[];
    };
    const book = (release?: object) => ({
      post: {
        url: '/book',
        json: { seat: '{{ $loopElement }}' },
        race: { inventory: '{{ $loopElement }}', ...(release && { release }) },
      },
    });
    base.scenarios = [
      {
        flow: [
          {
            loop: [book(), book({ shape: 'sweep', spanMs: 20, afterPreviousMs: '{{ leaseMs }}' })],
            over: '$inventories',
          },
        ],
      },
    ];
    const script = { ...base, config: { ...base.config, variables: { leaseMs: 400 } } };
    const run = await against(correct(), (url) =>
      runSuite({ script: { ...script, config: { ...script.config, target: url } } }),
    );
    const rounds = roundsOf(run);
    expect(rounds).toHaveLength(2 * SEATS.length);
    const offsets = SEATS.map((seat) => {
      const its = rounds.filter((attempts) => attempts[0]?.inventory === seat);
      const [first, second] = its.toSorted((a, b) => (a[0]?.releasedAtMs ?? 0) - (b[0]?.releasedAtMs ?? 0));
      const previous = Math.max(...(first ?? []).map(({ releasedAtMs = Number.NaN }) => releasedAtMs));
      expect(first?.every(({ plannedAtMs }) => plannedAtMs === undefined)).toBe(true);
      expect(second?.every(({ plannedAtMs }) => plannedAtMs === second[0]?.plannedAtMs)).toBe(true);
      expect(nobodyIsEarly(second ?? [])).toBe(true);
      return (second?.[0]?.plannedAtMs ?? Number.NaN) - previous;
    });
    offsets.forEach((ms, index) => void expect(ms).toBeCloseTo([380, 400, 420][index] ?? 0, 6));
  });

  it('are refused by one line where the shape is none', async () => {
    const run = await runSuite({ script: smallSuite('http://127.0.0.1:9', { release: { shape: 'ramp' } }) });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('config.plugins.race.release.spanMs: a ramp needs one above 0 (received nothing)');
    expect(run.files).toEqual([]);
  });
});
