import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { isLogged } from '../../reports/console/rounds.ts';
import { createRoundPrinter, makeStyle, type RoundPrinterOptions } from '../../reports/index.ts';
import { ok, plan, refused, round, serverError, times, unanswered } from '../support/histories.ts';
import { HELD_SEATS, HELD_THEN_CONFIRMED, orderKey, seatKey } from './samples.ts';

const style = makeStyle({ colour: false, unicode: true, columns: 80 });

const DEFAULTS: RoundPrinterOptions = {
  style,
  plan: plan({ contenders: 100 }),
  label: 'seat',
  failuresPerRound: 3,
  allFailures: false,
};

function printed(attempts: readonly Attempt[], options: Partial<RoundPrinterOptions> = {}): string[] {
  const printer = createRoundPrinter({ ...DEFAULTS, ...options });
  return [...attempts.flatMap((attempt) => printer.record(attempt)), ...printer.flush()];
}

const hundred = (number: number, wins = 1) =>
  round(number, `key-${number}`, [...times(wins, () => ok()), ...times(100 - wins, () => refused())]);

describe('a round', () => {
  test('prints the winners, the first refusals, and the line of the round', () => {
    expect(printed(hundred(1))).toEqual([
      '✓ SUCCESS - VU 1 booked seat 1 (key-1) - Order: order-1',
      '✗ FAILED - VU 2 seat 1 (key-1) - Status 400: Seat validation failed',
      '✗ FAILED - VU 3 seat 1 (key-1) - Status 400: Seat validation failed',
      '✗ FAILED - VU 4 seat 1 (key-1) - Status 400: Seat validation failed',
      'Seat 1: 100 requests → ✓ 1 success, ✗ 99 failures (spread 0.50 ms, 100 at once)',
    ]);
  });

  test('is silent until the last contender has ended', () => {
    expect(printed(hundred(1).slice(0, 99), {}).at(-1)).toContain('99 requests');
    const printer = createRoundPrinter(DEFAULTS);
    const lines = hundred(1).map((attempt) => printer.record(attempt).length);
    expect(lines.slice(0, 99).every((count) => count === 0)).toBe(true);
    expect(lines[99]).toBe(5);
    expect(printer.flush()).toEqual([]);
  });

  test('that lacks contenders is printed when the next one begins', () => {
    const [first] = hundred(2);
    const lines = printed([...hundred(1).slice(0, 60), ...(first ? [first] : [])]);
    expect(lines.filter((line) => line.startsWith('Seat'))).toEqual([
      expect.stringContaining('Seat 1: 60 requests'),
      expect.stringContaining('Seat 2: 1 request →'),
    ]);
  });

  test('that is over still shows a late attempt with allFailures', () => {
    const [late, ...others] = hundred(1);
    const lines = printed([...others, ...hundred(2), ...(late ? [late] : [])], { allFailures: true });
    expect(lines.at(-1)).toBe('✓ SUCCESS - VU 1 booked seat 1 (key-1) - Order: order-1 (late)');
  });

  test('at a seat that had a round before is printed like any other, with the round number', () => {
    const lines = printed(HELD_THEN_CONFIRMED, { plan: HELD_SEATS, allFailures: true });
    expect(lines.filter((line) => line.includes('late'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('Seat'))).toEqual([
      'Seat 1: 4 requests → ✓ 1 success, ✗ 3 failures (spread 0.38 ms, 4 at once)',
      expect.stringMatching(/^Seat 1, round 3: 4 requests → ✓ 1 success, ✗ 3 failures \(spread 120 ms/),
      'Seat 2: 4 requests → ✓ 1 success, ✗ 3 failures (spread 0.38 ms, 4 at once)',
      expect.stringMatching(/^Seat 2, round 4: 4 requests → ✓ 1 success, ✗ 3 failures/),
    ]);
    expect(lines).toContain(`✓ SUCCESS - VU 1 held seat 1 (${seatKey(1)}) - Order: h1`);
    expect(lines).toContain(`✓ SUCCESS - VU 1 confirmed seat 1 (${seatKey(1)}), round 3 - Order: ${orderKey(1)}`);
    expect(lines).toContain(`✗ FAILED - VU 2 seat 1 (${seatKey(1)}), round 3 - Status 409: Seat validation failed`);
  });

  test('prints ids in full, except on a screen that is too narrow for them', () => {
    const attempts = round(1, seatKey(1), [ok(201, orderKey(1)), refused()]);
    const on = (columns: number, wraps: boolean) =>
      printed(attempts, {
        style: makeStyle({ colour: false, unicode: true, columns, wraps }),
        plan: plan({ contenders: 2 }),
      });
    const whole = `✓ SUCCESS - VU 1 booked seat 1 (${seatKey(1)}) - Order: ${orderKey(1)}`;
    expect(on(80, false)[0]).toBe(whole);
    expect(on(120, true)[0]).toBe(whole);
    expect(on(80, true).slice(0, 2)).toEqual([
      '✓ SUCCESS - VU 1 booked seat 1 (79cd0001-…) - Order: 41fe0001-…',
      '✗ FAILED - VU 2 seat 1 (79cd0001-…) - Status 400: Seat validation failed',
    ]);
  });

  test.each([80, 100, 120])('keeps to a screen of %i columns, in a second round at a seat too', (columns) => {
    const screen = makeStyle({ colour: true, unicode: true, columns, wraps: true });
    const talkative = [
      ...HELD_THEN_CONFIRMED,
      ...round(
        9,
        'x'.repeat(300),
        times(4, () => refused(400, 'no '.repeat(99))),
      ),
    ];
    const lines = printed(talkative, { plan: HELD_SEATS, style: screen }).flatMap((line) => line.split('\n'));
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  });

  test('names three of its winners, and ends in words where that is too many', () => {
    const lines = printed(hundred(1, 12));
    expect(lines.filter((line) => line.includes('SUCCESS'))).toHaveLength(3);
    expect(lines.at(-1)).toContain('✓ 12 successes, ✗ 88 failures');
    expect(lines.at(-1)).toMatch(/ – sold 12 times$/);
  });

  test('after the first has one line in a log, and none on a screen', () => {
    const both = [...hundred(1), ...hundred(2)];
    expect(printed(both).at(-1)).toContain('Seat 2: 100 requests');
    expect(printed(both)).toHaveLength(6);
    const screen = makeStyle({ colour: false, unicode: true, columns: 80, wraps: true });
    expect(printed(both, { style: screen })).toHaveLength(5);
  });

  test('is coloured by what it means: a refusal is plain, a double sale is red', () => {
    const coloured = makeStyle({ colour: true, unicode: true, columns: 80 });
    const [right, wrong] = [1, 2].map((wins) => printed(hundred(1, wins), { style: coloured }));
    expect(right?.[0]).toContain('\u001b[32m✓ SUCCESS');
    expect(right?.[1]).toMatch(/^✗ FAILED/);
    expect(wrong?.[0]).toContain('\u001b[31m✓ SUCCESS');
    expect(wrong?.at(-1)).toContain('\u001b[31msold 2 times');
  });

  test('shows unknown outcomes with their causes', () => {
    const lines = printed(round(1, 'A', [ok(), unanswered(), serverError(503, 'busy')]), {
      plan: plan({ contenders: 3 }),
    });
    expect(lines.slice(1)).toEqual([
      '? UNKNOWN - VU 2 seat 1 (A) - timeout: no answer within 10000 ms',
      '? UNKNOWN - VU 3 seat 1 (A) - Status 503 (server-error): busy',
      'Seat 1: 3 requests → ✓ 1 success, ✗ 0 failures, ? 2 unknown (spread 0.33 ms, 3 at once)',
    ]);
  });

  test('prints every attempt with allFailures', () => {
    expect(printed(hundred(1), { allFailures: true })).toHaveLength(101);
  });

  test('prints no order if the answer named no order', () => {
    const { orderId: _, ...anonymous } = { orderId: '', ...ok() };
    const lines = printed(round(1, 'A', [anonymous as ReturnType<typeof ok>]), { plan: plan({ contenders: 1 }) });
    expect(lines[0]).toBe('✓ SUCCESS - VU 1 booked seat 1 (A)');
  });
});

describe('a long run', () => {
  const inventories = Array.from({ length: 500 }, (_, index) => ({ key: `key-${index + 1}`, capacity: 1 }));
  const long = { plan: plan({ contenders: 100, inventories }) };

  test('has a line for the first round, each tenth, from the hundredth on each hundredth, and so on', () => {
    const attempts = inventories.flatMap((_, index) => hundred(index + 1, 2));
    const numbers = printed(attempts, long).flatMap((line) => /^Seat (\d+):/.exec(line)?.[1] ?? []);
    expect(numbers.map(Number)).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500]);
  });

  test.each([0, 20, 21, 60_000, Number.POSITIVE_INFINITY])(
    'of %d planned rounds has at most 50 lines in a log',
    (planned) => {
      const counts = Array.from({ length: 60_000 }, (_, index) => index + 1);
      expect(counts.filter((count) => isLogged(count, planned)).length).toBeLessThanOrEqual(50);
    },
  );

  test('with half a million attempts is printed in seconds', () => {
    const started = performance.now();
    const printer = createRoundPrinter({ ...DEFAULTS, plan: plan({ contenders: 1000, inventories }) });
    let lines = 0;
    for (let number = 1; number <= 500; number++) {
      const attempts = round(number, `key-${number}`, [ok(), ...times(999, () => refused())]);
      for (const attempt of attempts) lines += printer.record(attempt).length;
    }
    expect(lines).toBe(19);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
