import { describe, expect, it } from 'vitest';
import { type Attempt, offsetsOf, type Rule, roundsOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, refused, round, times } from '../support/histories.ts';

/** A ramp of four over 90 ms, each in flight for `takesMs`; `offMs`: how far each release was off the plan. */
function ramp({ offMs = [0, 0, 0, 0], takesMs = 50 } = {}): Attempt[] {
  return round(1, 'A', [ok(), ...times(3, refused)]).map((attempt, index) => {
    const plannedAtMs = 100 + 30 * index;
    const releasedAtMs = plannedAtMs + (offMs[index] ?? 0);
    const answeredMs = releasedAtMs + takesMs;
    return { ...attempt, plannedAtMs, releasedAtMs, firstByteAtMs: answeredMs, completedAtMs: answeredMs };
  });
}
const said = (attempts: readonly Attempt[], limits = {}) =>
  judge(history(plan({ limits: { ...plan().limits, ...limits } }), attempts)).map(({ id, message, witness }) => [
    id,
    message,
    witness.map(({ vu }) => vu),
  ]);

describe('a round whose contenders are released at offsets', () => {
  it('is not blamed for the spread, nor for how few are in flight at once', () => {
    expect(said(ramp())).toEqual([]);
    // The same releases without a plan.
    const unplanned = ramp().map(({ plannedAtMs: _, ...attempt }) => attempt as Attempt);
    expect(said(unplanned).map(([id]) => id)).toEqual(['weak-contention']);
  });

  it('may be off the plan by the limit of the spread, and no more', () => {
    expect(said(ramp({ offMs: [0, 0, 7, 0] }), { spreadMs: 7 })).toEqual([]);
    expect(said(ramp({ offMs: [0, 3, 7.1, 0] }), { spreadMs: 7 })).toEqual([
      [
        'weak-contention',
        'seat A was not fought over as planned: they were released up to 7.1 ms off their planned offsets; allowed: 7 ms',
        [3],
      ],
    ]);
  });

  it('is off the plan if all releases are late', () => {
    expect(said(ramp({ offMs: [60, 60, 60, 60] })).map(([id]) => id)).toEqual(['weak-contention']);
  });

  it('is no race if one comes after the other', () => {
    expect(said(ramp({ takesMs: 30 }))).toEqual([
      ['weak-contention', 'seat A was not fought over as planned: at most 1 were in flight at once; required: 2', [1]],
    ]);
    expect(said(ramp({ takesMs: 30.1 }))).toEqual([]);
  });

  describe('around the end of a hold', () => {
    const rule: Rule = { name: 'hold-confirm', leaseMs: 300, toleranceMs: 20, busy: [423] };
    const [holder] = round(0, 'A', [ok()]);
    const held: Attempt = { ...(holder as Attempt), round: 0, vu: 1, operation: 'hold' };
    /** One after the other: the holder comes too late, the others are refused at once. */
    const second = (attempts: readonly Attempt[]) =>
      attempts.map((attempt) => ({ ...attempt, operation: 'hold' as const }));
    const weak = (attempts: readonly Attempt[]) =>
      judge(history(plan({ rule }), attempts))
        .filter(({ id, round: number }) => id === 'weak-contention' && number === 1)
        .map(({ message }) => message);

    it('needs nobody else in flight: each contender races against an instant', () => {
      expect(weak([held, ...second(ramp({ takesMs: 1 }))])).toEqual([]);
    });

    it('is off the plan if somebody is released too late', () => {
      expect(weak([held, ...second(ramp({ takesMs: 1, offMs: [0, 0, 51, 0] }))])).toEqual([
        expect.stringContaining('up to 51.0 ms off their planned offsets'),
      ]);
    });

    it('needs two at once if all are released together, or if nobody got a hold', () => {
      const together = ramp({ takesMs: 1 }).map((attempt) => ({ ...attempt, plannedAtMs: 100 }));
      const refusedBefore = { ...held, ...refused(409) };
      for (const attempts of [
        [held, ...second(together)],
        [refusedBefore as Attempt, ...second(ramp({ takesMs: 1 }))],
        second(ramp({ takesMs: 1 })),
      ]) {
        expect(weak(attempts)).toEqual([expect.stringContaining('required: 2')]);
      }
    });
  });

  it('lacks contenders that were not released', () => {
    const [first, ...rest] = ramp();
    const { releasedAtMs: _, ...missing } = first as Attempt;
    expect(said([missing as Attempt, ...rest]).map(([id]) => id)).toContain('weak-contention');
  });
});

describe('offsets', () => {
  it('have a planned length, and deviations from the plan', () => {
    expect(offsetsOf(ramp({ offMs: [0.5, 0.1, 0.2, 4] }))).toEqual({
      plannedMs: 90,
      medianDeviationMs: expect.closeTo(0.2),
      worstDeviationMs: 4,
    });
    expect(roundsOf(plan(), ramp())[0]).toMatchObject({
      spreadMs: 90,
      offsets: { plannedMs: 90, worstDeviationMs: 0 },
    });
  });

  it('are undefined without a plan or without a release', () => {
    expect(offsetsOf(round(1, 'A', [ok(), refused()]))).toBeUndefined();
    expect(offsetsOf(ramp().map(({ releasedAtMs: _, ...attempt }) => attempt as Attempt))).toBeUndefined();
    expect(offsetsOf([])).toBeUndefined();
  });

  it('count a release that is too early like one that is too late', () => {
    expect(offsetsOf(ramp({ offMs: [-3, 0, 0, 0] }))?.worstDeviationMs).toBe(3);
  });
});
