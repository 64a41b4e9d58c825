import { describe, expect, it } from 'vitest';
import { type Standing, staggerOf } from '../../plugin/src/artillery/worker/stagger.ts';
import type { ReleaseSettings } from '../../plugin/src/config/index.ts';

const release = (changes: Partial<ReleaseSettings>): ReleaseSettings => ({
  shape: 'simultaneous',
  spanMs: 0,
  delayMs: 0,
  ...changes,
});
const at = (changes: Partial<Standing> = {}): Standing => ({
  vu: 1,
  step: 0,
  steps: 5,
  previousMs: undefined,
  ...changes,
});
const sweep = release({ shape: 'sweep', spanMs: 20 });

describe('a contender', () => {
  it('goes with all others by default', () => {
    expect(staggerOf(release({}), false, at())).toBeUndefined();
  });

  it('takes part in a ramp, after a delay', () => {
    expect(staggerOf(release({ shape: 'ramp', spanMs: 20, delayMs: 3 }), true, at())).toEqual({
      offsetMs: 3,
      spanMs: 20,
    });
  });

  it('is swept from a span before the others to a span after them, from round to round', () => {
    const offsets = [0, 1, 2, 3, 4].map((step) => staggerOf(sweep, true, at({ step }))?.offsetMs ?? 0);
    expect(offsets).toEqual([-20, -10, 0, 10, 20]);
    expect(staggerOf(sweep, true, at({ steps: 1 }))).toBeUndefined();
  });

  it('in a sweep of all requests is swept in every second round, and its neighbour in the others', () => {
    const swept = (step: number) =>
      [1, 2, 3, 4].filter((vu) => staggerOf(sweep, false, at({ vu, step })) !== undefined);
    expect([swept(0), swept(1)]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('is swept around an instant after its previous release in every round', () => {
    const lease = { ...sweep, afterPreviousMs: 300 };
    for (const vu of [1, 2]) {
      expect(staggerOf(lease, false, at({ vu, step: 4, previousMs: 1000 }))).toEqual({
        offsetMs: 20,
        spanMs: 0,
        instantMs: 1300,
      });
    }
  });

  it('without a previous release has no instant to wait for', () => {
    expect(staggerOf(release({ afterPreviousMs: 300 }), true, at())).toBeUndefined();
  });
});
