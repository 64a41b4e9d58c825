import { describe, expect, it } from 'vitest';
import { type Standing, staggerOf } from '../../plugin/src/artillery/worker/stagger.ts';
import type { ReleaseSettings } from '../../plugin/src/config/index.ts';

const release = (its: Partial<ReleaseSettings>): ReleaseSettings => ({
  shape: 'simultaneous',
  spanMs: 0,
  delayMs: 0,
  ...its,
});
const at = (its: Partial<Standing> = {}): Standing => ({ vu: 1, place: 0, places: 5, previousMs: undefined, ...its });
const sweep = release({ shape: 'sweep', spanMs: 20 });

describe('a contender', () => {
  it('goes with all others where nothing is said', () => {
    expect(staggerOf(release({}), false, at())).toBeUndefined();
  });

  it('takes its place on a ramp, after a delay', () => {
    expect(staggerOf(release({ shape: 'ramp', spanMs: 20, delayMs: 3 }), true, at())).toEqual({
      offsetMs: 3,
      spanMs: 20,
    });
  });

  it('is swept from a span before the others to a span after them, from round to round', () => {
    const offsets = [0, 1, 2, 3, 4].map((place) => staggerOf(sweep, true, at({ place }))?.offsetMs ?? 0);
    expect(offsets).toEqual([-20, -10, 0, 10, 20]);
    expect(staggerOf(sweep, true, at({ places: 1 }))).toBeUndefined();
  });

  it('of all is swept around every second one, which are others in the next round', () => {
    const swept = (place: number) =>
      [1, 2, 3, 4].filter((vu) => staggerOf(sweep, false, at({ vu, place })) !== undefined);
    expect([swept(0), swept(1)]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('is swept around the instant that the previous release sets, whoever else is', () => {
    const lease = { ...sweep, afterPreviousMs: 300 };
    for (const vu of [1, 2]) {
      expect(staggerOf(lease, false, at({ vu, place: 4, previousMs: 1000 }))).toEqual({
        offsetMs: 20,
        spanMs: 0,
        instantMs: 1300,
      });
    }
  });

  it('that has had no release before has no instant to wait for', () => {
    expect(staggerOf(release({ afterPreviousMs: 300 }), true, at())).toBeUndefined();
  });
});
