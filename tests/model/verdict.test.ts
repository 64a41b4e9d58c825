import { expect, it } from 'vitest';
import { doubleBookingRateBound, type Finding, verdictOf } from '../../model/index.ts';

const violation: Finding = { id: 'double-booking', severity: 'violation', message: '', witness: [] };
const doubt: Finding = { id: 'incomplete', severity: 'doubt', message: '', witness: [] };

it.each([
  [[], 'pass'],
  [[doubt], 'inconclusive'],
  [[doubt, doubt], 'inconclusive'],
  [[violation], 'fail'],
  [[doubt, violation, doubt], 'fail'],
] as const)('fail beats inconclusive beats pass (%#)', (findings, verdict) => {
  expect(verdictOf(findings)).toBe(verdict);
});

it.each([
  [-1, 1],
  [0, 1],
  [1, 0.95],
  [16, 0.171],
  [300, 0.01],
])('a pass of %i rounds bounds the rate of double bookings at %d, with 95 %% confidence', (rounds, bound) => {
  expect(doubleBookingRateBound(rounds)).toBeCloseTo(bound, 3);
});
