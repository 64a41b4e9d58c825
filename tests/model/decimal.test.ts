import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amount, addUp, compareAmounts, DECIMAL, minus } from '../../model/index.ts';

describe('amounts', () => {
  it.each<[Amount[], Amount]>([
    [[], 0],
    [[1, 2], 3],
    [['0.1', '0.2'], '0.3'],
    [[0.1, 0.2], '0.3'],
    [['10.50', '9.50'], '20.00'],
    [[1, '0.000000000000000001'], '1.000000000000000001'],
    [['1', 2], 3],
    [['-0.5', '0.2'], '-0.3'],
    [[1e-7, 1e21], '1000000000000000000000.0000001'],
    [['9007199254740993', 1], '9007199254740994'],
    [[Number.MAX_SAFE_INTEGER, 1], '9007199254740992'],
  ])('add up exactly: %j', (amounts, total) => {
    expect(addUp(amounts)).toBe(total);
  });

  it('are as large as they were before something was added and taken away again', () => {
    const amount = fc
      .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 20 }))
      .map(([digits, places]): Amount => {
        const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
        const cut = text.length - places;
        return `${digits < 0n ? '-' : ''}${text.slice(0, cut)}${places > 0 ? '.' : ''}${text.slice(cut)}`;
      });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(compareAmounts(minus(addUp([a, b]), b), a)).toBe(0);
        expect(Math.sign(compareAmounts(a, b))).toBe(-Math.sign(compareAmounts(b, a)) + 0);
        expect(Math.sign(compareAmounts(minus(a, b), 0))).toBe(Math.sign(compareAmounts(a, b)));
      }),
    );
  });

  it.each<[Amount, Amount, number]>([
    ['1.0', 1, 0],
    [0.3, '0.30', 0],
    ['0.30000000000000004', 0.3, 1],
    [2, 10, -1],
    ['-1', '-0.5', -1],
  ])('are compared by their value: %j and %j', (a, b, sign) => {
    expect(Math.sign(compareAmounts(a, b))).toBe(sign);
  });

  it.each(['1', '-1.50', '0.000000000000000001'])('%j is a decimal', (text) => expect(text).toMatch(DECIMAL));
  it.each(['', '.5', '1.', '1e5', '1,5', '+1', ' 1', '0x1'])('%j is none', (text) => expect(text).not.toMatch(DECIMAL));
});
