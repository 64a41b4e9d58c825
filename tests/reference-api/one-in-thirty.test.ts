import { describe, expect, it } from 'vitest';
import { wrongRounds } from '../../reference-api/locks/sqlite/one-in-thirty.ts';

/** Which of the first rounds are wrong, counted from 1. */
function wrongOf(rounds: number, seed?: string): readonly number[] {
  const isWrongNext = wrongRounds(seed);
  return Array.from({ length: rounds }, (_, index) => (isWrongNext() ? index + 1 : 0)).filter((round) => round > 0);
}

describe('the lock that is wrong in one round of thirty', () => {
  it('is wrong once in each thirty, with and without a seed', () => {
    for (const seed of [undefined, '0', '1', '2147483647']) {
      const wrong = wrongOf(90, seed);
      expect(wrong.map((round) => Math.ceil(round / 30))).toEqual([1, 2, 3]);
    }
  });

  it('is wrong in the same rounds for the same seed', () => {
    expect(wrongOf(300, '7')).toEqual(wrongOf(300, '7'));
  });

  it('is wrong in quite different rounds for neighbouring seeds, so 16 rounds pass for some of them', () => {
    const first = Array.from({ length: 10 }, (_, index) => wrongOf(30, String(index + 1))[0]);
    expect(first).toEqual([19, 23, 22, 28, 21, 16, 1, 5, 6, 16]);
  });
});
