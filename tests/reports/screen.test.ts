import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Conclusion, Finding } from '../../model/index.ts';
import { judge, remarksOf } from '../../plugin/src/judging/index.ts';
import { closingText } from '../../plugin/src/reporting/index.ts';
import { makeStyle, type Report, renderBrief, renderScreen, reportOf } from '../../reports/index.ts';
import { history, ok, plan, problem, refused, round, serverError, unanswered } from '../support/histories.ts';
import { doubleBooked, hostile, inconclusive, passing } from './samples.ts';

const FILE = 'output/order_race_all_seats_demo_20260102_030405.html';
const files = [FILE, 'output/a.verdict.json'];
const styleOf = (columns: number, wraps = true) => makeStyle({ colour: true, unicode: true, columns, wraps });

const CONCLUSIONS: readonly Conclusion[] = [
  ok(),
  ok(201, 'o2'),
  refused(),
  refused(409, 'taken '.repeat(40)),
  serverError(),
  unanswered(),
];

/** Reports of short races with any outcomes, labels, targets and findings. */
const anyReport = fc
  .record({
    rounds: fc.array(fc.array(fc.constantFrom(...CONCLUSIONS), { minLength: 1, maxLength: 6 }), { maxLength: 60 }),
    label: fc.constantFrom('seat', 'series', 'coupon', 'a rather long name of what is sold'),
    target: fc.webUrl(),
    problems: fc.array(fc.string({ maxLength: 300 }), { maxLength: 8 }),
    command: fc.string({ maxLength: 400 }),
    capacity: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ rounds, label, target, problems, command, capacity }): Report => {
    const inventories = rounds.map((_, index) => ({ key: `key-${index + 1}`, capacity }));
    const attempts = rounds.flatMap((conclusions, index) => round(index + 1, `key-${index + 1}`, conclusions));
    const recorded = history(plan({ contenders: 6, inventories }), attempts);
    const run = { ...recorded.run, label, target, command };
    const whole = { ...recorded, run, problems: problems.map(problem) };
    return reportOf(whole, judge(whole), remarksOf(whole));
  });

function expectScreen(report: Report, columns: number): void {
  const lines = renderScreen(report, styleOf(columns), { files }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(40);
  for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(Math.max(columns, FILE.length + 10));
  expect(stripVTControlCharacters(lines.slice(-6).join('\n'))).toContain(
    `${report.verdict.toUpperCase()} (exit code ${report.exitCode})`,
  );
  expect(lines.at(-1)).toContain(FILE);
}

describe('what stands on a terminal at the end', () => {
  test('fits 40 lines of 80 to 120 columns, whatever happened, with the verdict in the last six', () => {
    fc.assert(fc.property(anyReport, fc.integer({ min: 80, max: 120 }), expectScreen), { numRuns: 60 });
  });

  test.each([
    ['a pass of 1,000 rounds', passing(1000, 3)],
    ['a failure', doubleBooked()],
    ['a doubt', inconclusive()],
    ['a hostile server', hostile()],
  ])('fits 40 lines: %s', (_, report) => {
    for (const columns of [80, 100, 120]) expectScreen(report, columns);
  });

  test('leaves room for what was printed before', () => {
    for (const lines of [10, 20, 30]) {
      expect(renderScreen(passing(), styleOf(80), { files, lines }).split('\n').length).toBeLessThanOrEqual(lines);
    }
  });
});

/** Seats 500 and 700 of 1,000 were sold twice. */
const longFailure = (): Report => {
  const inventories = Array.from({ length: 1000 }, (_, index) => ({ key: `key-${index + 1}`, capacity: 1 }));
  const attempts = inventories.flatMap(({ key }, index) =>
    round(index + 1, key, [ok(), [499, 699].includes(index) ? ok(201, 'other') : refused(), refused()]),
  );
  const recorded = history(plan({ contenders: 3, inventories }), attempts);
  return reportOf(recorded, judge(recorded), remarksOf(recorded));
};

describe('of more rounds than have room', () => {
  test('a terminal shows first those that violate, and they end in words', () => {
    const text = stripVTControlCharacters(renderScreen(longFailure(), styleOf(100), { files }));
    const seats = text.split('\n').filter((line) => /^Seat \d+: \d/.test(line));
    expect(seats[0]).toMatch(/^Seat 500: .* – sold 2 times$/);
    expect(seats[1]).toMatch(/^Seat 700: .* – sold 2 times$/);
    expect(seats[2]).toMatch(/^Seat 1: /);
  });

  test('a log adds those that violate to the ones it has, and no others', () => {
    const shown = new Map(Array.from({ length: 20 }, (_, index) => [(index + 1) * 10, undefined]));
    const text = renderScreen(longFailure(), makeStyle({ colour: false, unicode: true, columns: 80 }), {
      files,
      shown,
    });
    expect(text.split('\n').filter((line) => /^Seat \d+: \d/.test(line))).toEqual([
      expect.stringMatching(/^Seat 500: .* – sold 2 times$/),
      expect.stringMatching(/^Seat 700: .* – sold 2 times$/),
    ]);
    expect(text.split('\n').length).toBeLessThanOrEqual(42);
  });
});

test('the end of a failed run says what, who and when, what to do, the exit code and one path', () => {
  const text = renderBrief(doubleBooked(), makeStyle({ colour: false, unicode: true, columns: 120 }), files);
  expect(text).toMatch(/^✗ FAIL \(exit code 3\): Seat 3 was sold 3 times: 2 of 4 seats were sold more often/);
  expect(text).toMatch(/\n {2}Seat 3: VU 1 at \+20\.20 ms: 201, 41fe0003-6a0c-…; VU 2 at .*; and 1 more\n/);
  expect(text).toMatch(/\n {2}What to do: Let the database decide: /);
  expect(text).not.toContain('verdict.json');
});

test('the end of a pool that was oversold says how many there are', () => {
  const inventories = [{ key: 'A', capacity: 2 }];
  const recorded = history(
    plan({ contenders: 5, inventories }),
    round(1, 'A', [...[1, 2, 3, 4].map((number) => ok(201, `o${number}`)), refused()]),
  );
  const report = reportOf(recorded, judge(recorded), remarksOf(recorded));
  expect(report.headline).toBe('The seat was sold 4 times, though there are 2, more often than allowed.');
});

test('--quiet prints at most 8 lines, whatever could not be written', () => {
  const warnings = Array<string>(9).fill('Warning: run.md could not be written: EISDIR');
  const finding: Finding = { id: 'slow', severity: 'violation', message: 'slow '.repeat(200), witness: [] };
  const report = { ...doubleBooked(4), findings: [finding] };
  const text = closingText({ report, warnings }, styleOf(80), { detail: 'quiet', files });
  expect(text.split('\n').length).toBeLessThanOrEqual(8);
  expect(stripVTControlCharacters(text)).toContain('FAIL (exit code 3)');
});

/** Three kinds of findings, notices, and as much else as there is to say. */
function longStory(): Report {
  const failure = longFailure();
  const [first] = failure.findings;
  const others = (['lost-booking', 'server-error', 'slow'] as const).map(
    (id): Finding => ({ ...(first as Finding), id, message: 'so it went '.repeat(30) }),
  );
  return {
    ...failure,
    findings: [...failure.findings, ...others],
    notes: ['one', 'two', 'three'],
    lastRun: 'Last run: PASS (below 17.1 %), 1,584 refusals, p95 24.9 ms',
    target: `https://api.example.com/${'a'.repeat(200)}`,
  };
}

test('a failure always shows lines of rounds that violate, however much else there is to say', () => {
  for (const columns of [80, 100, 120]) {
    const lines = stripVTControlCharacters(renderScreen(longStory(), styleOf(columns), { files, lines: 28 })).split(
      '\n',
    );
    expect(lines.length).toBeLessThanOrEqual(28);
    expect(lines.filter((line) => /^Seat \d+: .* – sold 2 times$/.test(line))).toHaveLength(2);
  }
});

test('a path that a screen breaks counts as the rows that it takes', () => {
  const long = [`/${'a'.repeat(150)}.html`];
  const lines = renderScreen(passing(), styleOf(80), { files: long }).split('\n');
  const rows = lines.map((line) => Math.max(1, Math.ceil(stringWidth(line) / 80)));
  expect(rows.reduce((all, each) => all + each, 0)).toBeLessThanOrEqual(40);
});

test('what to do about an interrupted run is about the interruption, and it counts only what was raced', () => {
  const text = stripVTControlCharacters(renderScreen(inconclusive(), styleOf(100), { files }));
  const ending = text.split('\n').slice(-6).join(' ').replaceAll(/\s+/g, ' ');
  expect(ending).toContain('this is not a pass: the run did not go as planned');
  expect(ending).toContain('What to do: Run it again, and let it come to its end.');
  expect(text).toContain('Usual cause: The run was interrupted');
  expect(text).toContain('at least 10 of 10 at once');
});
