import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { styleOf } from '../../plugin/src/reporting/index.ts';
import {
  createProgressFollower,
  makeStyle,
  progressLine,
  type Report,
  renderScreen,
  renderSummary,
  spawnedLine,
} from '../../reports/index.ts';
import { headlineOf } from '../../reports/verdict-text.ts';
import {
  doubleBooked,
  doubleBooking,
  HELD_SEATS,
  HELD_THEN_CONFIRMED,
  heldThenConfirmed,
  hostile,
  inconclusive,
  passing,
} from './samples.ts';

const plain = makeStyle({ colour: false, unicode: true, columns: 80 });
const coloured = makeStyle({ colour: true, unicode: true, columns: 80 });
const ascii = makeStyle({ colour: false, unicode: false, columns: 80 });
const screen = makeStyle({ colour: false, unicode: true, columns: 80, wraps: true });
const FILES = ['output/order_race_all_seats_demo_20260102_030405.html', 'output/a.verdict.json'];

const reports: readonly (readonly [name: string, report: Report])[] = [
  ['pass', passing()],
  ['double-booking', doubleBooked()],
  ['inconclusive', inconclusive()],
  ['two-rounds-a-seat', heldThenConfirmed()],
];

describe.each(reports)('the screen at the end of a run: %s', (name, report) => {
  test('is as it was', async () => {
    await expect(`${renderScreen(report, screen, { files: FILES })}\n`).toMatchFileSnapshot(
      `golden/${name}.screen.txt`,
    );
  });
});

describe.each(reports)('the summary of a run: %s', (name, report) => {
  test('is as it was', async () => {
    await expect(`${renderSummary(report, plain, FILES)}\n`).toMatchFileSnapshot(`golden/${name}.console.txt`);
  });

  test.each([80, 100, 120])('keeps to %i columns', (columns) => {
    for (const colour of [true, false]) {
      const text = renderSummary(report, makeStyle({ colour, unicode: true, columns }), FILES);
      for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
    }
  });

  test('says the same with and without colour', () => {
    const text = renderSummary(report, coloured, FILES);
    expect(text).toContain('\u001b[');
    expect(stripVTControlCharacters(text)).toBe(renderSummary(report, plain, FILES));
  });

  test('works in ASCII', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
    expect(renderSummary(report, ascii, FILES)).toMatch(/^[\u0000-\u007f]*$/);
  });
});

test('a pass says how strong it is', () => {
  const prose = renderSummary(passing(), plain).replace(/\s+/g, ' ');
  expect(prose).toContain('PASS (exit code 0)');
  expect(prose).toContain(
    'No double booking in 16 rounds: the true rate is below 17.1 % (95 % confidence). 100 seats would make it 3 %.',
  );
  expect(prose).not.toContain('What to do');
});

test('a pass says how many attempts were settled by what the server holds', () => {
  const report = passing();
  const prose = (info: number) => headlineOf({ ...report, totals: { ...report.totals, info } });
  expect(prose(0)).not.toContain('settles');
  expect(prose(1)).toContain('1 attempt ended without a clear answer: what the server holds settles it.');
  expect(prose(2)).toContain('2 attempts ended without a clear answer: what the server holds settles them.');
});

test('a double booking names every winner with its order, and what to do', () => {
  const report = doubleBooked();
  const text = renderSummary(report, plain);
  for (const number of [2, 3]) {
    for (const { vu, orderId } of report.rounds[number - 1]?.winners ?? []) {
      expect(text).toContain(`VU ${vu}, released at`);
      expect(text).toContain(orderId);
    }
  }
  expect(text).toContain('What to do: Sold more often than allowed');
  expect(text).not.toContain('confidence');
});

test('an inconclusive run says why, and that it was interrupted', () => {
  const prose = renderSummary(inconclusive(), plain).replace(/\s+/g, ' ');
  expect(prose).toContain('INCONCLUSIVE (exit code 4)');
  expect(prose).toContain('this is not a pass: the run did not go as planned; nobody can say');
  expect(prose).toContain('The run was interrupted');
  expect(prose).toContain('the sign-in was refused');
});

test('five hundred double bookings are not five hundred screens', () => {
  const report = passing(500, 4);
  const findings = report.rounds.map(({ number }) =>
    doubleBooking(number, report.attemptsByRound.get(number)?.slice(0, 2) ?? []),
  );
  const text = renderSummary({ ...report, verdict: 'fail', findings }, plain);
  expect(text.split('\n').length).toBeLessThan(120);
  expect(text).toContain('and 495 more double-booking');
});

test('a hostile server moves no cursor and turns no text around', () => {
  const text = renderSummary(hostile(), plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text.length).toBeLessThan(20_000);
});

test('the number of VUs is announced', () => {
  expect(spawnedLine(100, plain)).toBe('🚀 Spawned 100 VUs');
  expect(spawnedLine(100, ascii)).toBe('> Spawned 100 VUs');
  expect(spawnedLine(100, ascii, 3)).toBe(
    '> Spawned 100 VUs here, on one of 3 machines. The verdict is about all of them.',
  );
});

describe('the progress line', () => {
  const progress = {
    current: 5,
    inventories: 16,
    isAgain: false,
    label: 'seat',
    done: 37,
    contenders: 100,
    elapsedMs: 4000,
  };

  test('says which seat, how many are to go, and for how long', () => {
    expect(progressLine(progress, plain)).toMatch(
      /^█+░+ {2}Seat 5\/16, 63 of 100 requests to go, about \d+(\.\d)? s left$/,
    );
  });

  test.each([40, 50, 60, 80, 120])('keeps to %i columns', (columns) => {
    for (const done of [0, 1, 50, 100]) {
      const style = makeStyle({ colour: true, unicode: true, columns });
      const line = progressLine({ ...progress, current: 100, inventories: 500, done, contenders: 1000 }, style);
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(line).not.toContain('\n');
    }
  });

  test('has no bar if the number of rounds is unknown', () => {
    expect(progressLine({ ...progress, inventories: 0 }, plain)).toBe('Seat 5, 63 of 100 requests to go');
  });

  test('follows a run seat by seat, however often a seat is raced for, and never goes back', () => {
    const { count, now } = createProgressFollower({ plan: HELD_SEATS, label: 'seat' });
    expect(now(0)).toBeUndefined();
    const lines = HELD_THEN_CONFIRMED.map((attempt) => {
      count(attempt);
      return progressLine(now(4000) ?? progress, makeStyle({ colour: false, unicode: true, columns: 120 }));
    });
    const words = (line = '') => line.replace(/^[█░]+ {2}/, '').replace(/, about.*/, '');
    expect([0, 3, 4, 7, 8, 15].map((index) => words(lines[index]))).toEqual([
      'Seat 1/2, 3 of 4 requests to go',
      'Seat 2/2, 4 of 4 requests to go',
      'Seat 1/2, 3 of 4 requests to go',
      'Seat 1/2, 0 of 4 requests to go',
      'Seat 2/2, 3 of 4 requests to go',
      'Seat 2/2, 0 of 4 requests to go',
    ]);
    const full = lines.map((line) => [...line].filter((character) => character === '█').length);
    expect(full).toEqual(full.toSorted((a, b) => a - b));
  });

  test('has no bar once all seats are raced for again', () => {
    const { count, now } = createProgressFollower({ plan: HELD_SEATS, label: 'seat' });
    for (const number of [1, 2, 3, 4]) {
      for (const attempt of HELD_THEN_CONFIRMED.filter(({ round }) => round === number)) count(attempt);
      if (number === 3) expect(now(1000)).toMatchObject({ current: 1, inventories: 0 });
    }
  });

  test.each([
    [{ times: 8 }, 0, /^█+░+ {2}Round 4, a pass would mean nothing yet, 3 of 4 requests to go, about 6.0 s left$/],
    [{ until: 0.03 }, 50, /^█+░+ {2}Round 4, a pass would mean below 5.8 %, 3 of 4 requests to go, about 4.0 s left$/],
    [{ forMs: 16_000 }, 50, /^█+░+ {2}Round 4, a pass would mean below 5.8 %, 3 of 4 requests to go, about 12 s left$/],
  ])('says how sure the run is by now, where rounds repeat: %j', (repeat, strong, line) => {
    const repeated = {
      ...HELD_SEATS,
      inventories: [{ key: 'A', capacity: 1 }],
      repeat: { ...repeat, stop: 'never' as const },
    };
    const { count, judged, now } = createProgressFollower({ plan: repeated, label: 'seat' });
    for (const attempt of HELD_THEN_CONFIRMED.slice(0, 13)) count({ ...attempt, inventory: 'A' });
    judged(strong);
    expect(progressLine(now(4000) ?? progress, makeStyle({ colour: false, unicode: true, columns: 120 }))).toMatch(
      line,
    );
  });

  test('is full at the end', () => {
    expect(progressLine({ ...progress, current: 16, done: 100 }, plain)).not.toContain('░');
  });
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['✓', {}],
  ['✓', { LANG: '' }],
  ['✓', { LANG: 'en_GB.UTF-8' }],
  ['✓', { LC_ALL: 'C.utf8', LANG: 'C' }],
  ['+', { LANG: 'C' }],
  ['+', { LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' }],
  ['+', { LC_CTYPE: 'de_DE.ISO-8859-1' }],
  ['+', { TERM: 'linux' }],
])('the sign for "right" is %s in the locale %j', (tick, env) => {
  expect(styleOf(env).symbols.tick).toBe(tick);
});
