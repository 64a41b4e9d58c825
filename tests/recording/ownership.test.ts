import { describe, expect, it } from 'vitest';
import { readOwnership } from '../../plugin/src/recording/index.ts';

const read = (returned: unknown) => readOwnership(returned, { key: 'A', values: { key: 'A' }, capacity: 5 });

describe('what a function says about an inventory', () => {
  it.each([
    [{ units: 2 }, { units: 2, orderIds: [] }],
    [
      { units: 2, orderIds: ['a', 7n], owners: ['ann', 12] },
      { units: 2, orderIds: ['a', '7'], owners: ['ann', '12'] },
    ],
    [{ orderIds: ['a'] }, { units: 1, orderIds: ['a'] }],
    [{ owners: ['ann', 'bob'] }, { units: 2, orderIds: [], owners: ['ann', 'bob'] }],
    [{ remaining: 2 }, { units: 3, orderIds: [], remaining: '2' }],
    [{ remaining: '4.50' }, { units: 0, orderIds: [], remaining: '4.50' }],
  ])('%o', (returned, expected) => {
    expect(read(returned)).toEqual(expected);
  });

  it.each([
    [undefined],
    [null],
    [{}],
    [{ units: 1.5 }],
    [{ units: -1 }],
    [{ sold: 1 }],
    [{ remaining: 'some' }],
    [[1]],
  ])('cannot be read: %o', (returned) => {
    expect(read(returned)).toEqual({ error: expect.stringMatching(/^the function returned /) });
  });

  it('cannot be read where it is what JavaScript made of decimals', () => {
    const error = 'what is left has too many digits, or is no decimal such as 12.50: -5.551115123125783e-17';
    expect(read({ remaining: 0.3 - 0.1 * 3 })).toEqual({ error });
  });
});
