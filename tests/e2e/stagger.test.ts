import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { type FinishedRun, runSuite } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { book, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** A busy machine may be very late; but the plan is exact, and nobody goes before the planned instant. */
const limits = { spreadMs: 2000 };

/** Answers take longer than a whole ramp, so all contenders of the ramp are in flight together. */
const slow: Temperament = async (booking) => {
  await sleep(150);
  await correct()(booking);
};

const roundsOf = ({ history }: FinishedRun): Attempt[][] =>
  [...Map.groupBy(history?.attempts ?? [], ({ round }) => round)]
    .sort(([a], [b]) => a - b)
    .map(([, attempts]) => attempts);

const plannedOf = (attempts: readonly Attempt[]): number[] => {
  const planned = attempts.map(({ plannedAtMs = Number.NaN }) => plannedAtMs).toSorted((a, b) => a - b);
  return planned.map((ms) => ms - (planned[0] ?? 0));
};
const nobodyIsEarly = (attempts: readonly Attempt[]) =>
  attempts.every(({ plannedAtMs = Infinity, releasedAtMs = -Infinity }) => releasedAtMs >= plannedAtMs);

describe.concurrent('contenders that are released at offsets', () => {
  it('go evenly over a ramp in every round, and it is a race', async ({ target }) => {
    const { url } = await target(slow);
    const run = await runSuite(suiteFor(url, { race: { release: { shape: 'ramp', spanMs: 45 }, limits } }));
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

  it('follow one plan in several workers', async ({ target }) => {
    const { url } = await target(slow);
    const race = { contenders: 12, release: { shape: 'ramp', spanMs: 44 }, limits };
    const config = { phases: [{ duration: 1, arrivalRate: 12 }] };
    const run = await runSuite(suiteFor(url, { race, config }), { workers: 3 });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    for (const attempts of roundsOf(run)) {
      expect(new Set(attempts.map(({ thread }) => thread)).size).toBe(3);
      plannedOf(attempts).forEach((ms, index) => void expect(ms).toBeCloseTo(4 * index, 6));
      expect(nobodyIsEarly(attempts)).toBe(true);
    }
  });

  it('sweep from before to after the end of a lease, round by round', async ({ target }) => {
    const { url } = await target();
    const sweep = { shape: 'sweep', spanMs: 20, afterPreviousMs: '{{ leaseMs }}' };
    const run = await runSuite(
      suiteFor(url, {
        race: { limits, outcome: { success: { status: [201, 200] } } },
        config: { variables: { leaseMs: 400 } },
        flow: [eachSeat(book(), book(undefined, { race: { inventory: '{{ $loopElement }}', release: sweep } }))],
      }),
    );
    const rounds = roundsOf(run);
    expect(rounds).toHaveLength(2 * SEATS.length);
    const offsets = SEATS.map((seat) => {
      const ofSeat = rounds.filter((attempts) => attempts[0]?.inventory === seat);
      const [first, second] = ofSeat.toSorted((a, b) => (a[0]?.releasedAtMs ?? 0) - (b[0]?.releasedAtMs ?? 0));
      const previous = Math.max(...(first ?? []).map(({ releasedAtMs = Number.NaN }) => releasedAtMs));
      expect(first?.every(({ plannedAtMs }) => plannedAtMs === undefined)).toBe(true);
      expect(second?.every(({ plannedAtMs }) => plannedAtMs === second[0]?.plannedAtMs)).toBe(true);
      expect(nobodyIsEarly(second ?? [])).toBe(true);
      return (second?.[0]?.plannedAtMs ?? Number.NaN) - previous;
    });
    offsets.forEach((ms, index) => void expect(ms).toBeCloseTo([380, 400, 420][index] ?? 0, 6));
  });

  it('are refused with one line where the shape is invalid', async () => {
    const run = await runSuite(suiteFor('http://127.0.0.1:9', { race: { release: { shape: 'ramp' } } }));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('config.plugins.race.release.spanMs: a ramp needs one above 0 (received nothing)');
    expect(run.files).toEqual([]);
  });
});
