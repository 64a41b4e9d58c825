import { describe, expect, it } from 'vitest';
import { doubleBookingRateBound, roundsForBound } from '../../model/index.ts';
import { repeatOf } from '../../plugin/src/config/index.ts';
import { raceSchema } from '../../plugin/src/config/schema.ts';

const parsed = (repeat: unknown) => raceSchema.safeParse({ repeat }).data?.repeat;

describe('how often rounds repeat', () => {
  it.each([
    [20, { times: 20, stop: 'violation' }],
    ['20', { times: 20, stop: 'violation' }],
    [
      { times: 20, stop: 'never' },
      { times: 20, stop: 'never' },
    ],
    [{ until: '3 %' }, { until: 0.03, stop: 'violation' }],
    [{ until: '0.5%' }, { until: 0.005, stop: 'violation' }],
    [
      { for: '5m', stop: 'never' },
      { forMs: 300_000, stop: 'never' },
    ],
    [{ for: '90s' }, { forMs: 90_000, stop: 'violation' }],
  ])('is written %j', (written, repeat) => {
    expect(parsed(written)).toEqual(repeat);
  });

  it.each([
    0,
    -1,
    1.5,
    true,
    {},
    { times: 2, for: '5m' },
    { until: '0 %' },
    { until: '100 %' },
    { until: 3 },
    { for: '5' },
    { for: '0s' },
    { times: 3, stop: 'maybe' },
    { until: '3 %', unless: 1 },
  ])('is not %j', (written) => {
    expect(parsed(written)).toBeUndefined();
  });

  it.each([
    ['20', { times: 20 }],
    ['3%', { until: 0.03 }],
    ['5m', { forMs: 300_000 }],
    ['1.5h', { forMs: 5_400_000 }],
  ])('is %s in ORDER_REPEAT', (text, repeat) => {
    expect(repeatOf(text, 'ORDER_REPEAT')).toEqual({ ...repeat, stop: 'violation' });
  });

  it('is nothing else in ORDER_REPEAT', () => {
    for (const text of ['', 'often', '-3', '5 weeks', '200%', '0%', '0'])
      expect(() => repeatOf(text, 'ORDER_REPEAT')).toThrow(/^ORDER_REPEAT: must be a number of times such as 20/);
  });
});

it('the rounds that a share takes are the fewest whose bound is below it', () => {
  expect(roundsForBound(0.03)).toBe(99);
  for (const share of [0.5, 0.17, 0.1, 0.05, 0.01, 0.001]) {
    const rounds = roundsForBound(share);
    expect(doubleBookingRateBound(rounds)).toBeLessThan(share);
    expect(doubleBookingRateBound(rounds - 1)).toBeGreaterThanOrEqual(share);
  }
});
