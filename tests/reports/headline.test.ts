import { describe, expect, test } from 'vitest';
import type { Attempt, Conclusion, EndRecord, Finding, Inventory, Plan, ReadBack } from '../../model/index.ts';
import { judge, remarksOf } from '../../plugin/src/judging/index.ts';
import { viewOf } from '../../reports/html/view.ts';
import {
  makeStyle,
  type Report,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderScreen,
  reportOf,
  verdictFileOf,
} from '../../reports/index.ts';
import { headlineOf, strengthTexts } from '../../reports/verdict-text.ts';
import { history, ok, plan, refused, round, serverError, stored, times } from '../support/histories.ts';
import { doubleBooking, passing, reported, summaryText } from './samples.ts';

const slow: Finding = {
  id: 'slow',
  severity: 'violation',
  message: '95 % of the answers took up to 2345 ms; allowed: 2000 ms',
  witness: [],
};
const wrongRejection = (number: number): Finding => ({
  id: 'wrong-rejection',
  severity: 'violation',
  round: number,
  inventory: `seat-${number}`,
  message: 'seat: 3 losers got 404 (3×); a refusal is 400, 409',
  witness: [],
});
const serverErrors: Finding = {
  id: 'server-error',
  severity: 'violation',
  message: '3 answers 5xx: 500 (3×); allowed: 0',
  witness: [],
};
const incomplete: Finding = { id: 'incomplete', severity: 'doubt', message: 'the run was interrupted', witness: [] };
const lost: Finding = { ...wrongRejection(1), id: 'lost-booking' };

const headline = (...findings: Finding[]) => headlineOf({ ...passing(), findings, verdict: 'fail' });

describe('the headline of a failed run', () => {
  test('says first what became of the seats, then that the answers were slow, with the limit', () => {
    expect(headline(slow)).toBe(
      'Each of the 16 seats was booked exactly once. But the answers were slow: 95 % of the answers took up to 2345 ms; allowed: 2000 ms (limits.p95Ms).',
    );
  });

  test('names the limit of server errors and of refusals, too', () => {
    expect(headline(serverErrors, wrongRejection(1), wrongRejection(2))).toBe(
      'Each of the 16 seats was booked exactly once. But the server failed: 3 answers 5xx: 500 (3×); allowed: 0 (limits.serverErrors); ' +
        'losers were refused in an unexpected way on 2 seats (limits.rejections).',
    );
  });

  test('does not say that the seats are right if they are in doubt', () => {
    expect(headline(slow, incomplete)).toMatch(
      /^No seat is known to be sold more often than allowed, though not all is certain: the run did not go as planned\. But the answers were slow: /,
    );
  });

  test('says what was sold wrongly before it says that it was slow', () => {
    expect(headline(doubleBooking(2, []), lost, slow)).toMatch(
      /^1 of 16 seats was sold more often than allowed\. Also: a booking was confirmed, but the server does not know it \(1 seat\)\. Besides, the answers were slow: /,
    );
    expect(headline(lost, slow)).toMatch(
      /^The target broke its promises: a booking was confirmed, but the server does not know it \(1 seat\)\. Besides, /,
    );
    expect(headline(lost)).toBe(
      'The target broke its promises: a booking was confirmed, but the server does not know it (1 seat).',
    );
  });

  test('says that no race is needed only of what was sold wrongly one at a time', () => {
    const inTurn = (...findings: Finding[]) =>
      headlineOf({ ...passing(), findings, verdict: 'fail', oneAtATime: true });
    expect(inTurn(doubleBooking(2, []), slow)).toMatch(/^No race is needed: 1 of 16 seats was sold more often/);
    expect(inTurn(slow)).toMatch(/^Each of the 16 seats was booked exactly once\. But the answers were slow: /);
  });
});

test('the headline in the verdict file is the one that is shown', () => {
  const report = passing(3, 10);
  const { headline: said } = verdictFileOf(report);
  expect(said).toBe('Each of the 3 seats was booked exactly once.');
  for (const text of [summaryText(report), renderHtml(report), renderMarkdown(report), renderJunit(report)]) {
    expect(text).toContain(said);
  }
});

describe('the headline of rounds that repeat', () => {
  const visits = (rounds: readonly (readonly Conclusion[])[]): Report => {
    const attempts = rounds.flatMap((conclusions, index) =>
      round(index + 1, index % 2 === 0 ? 'A' : 'B', conclusions).map(
        (attempt): Attempt => ({ ...attempt, visit: 1 + Math.floor(index / 2) }),
      ),
    );
    const inventories = ['A', 'B'].map((key) => ({ key, capacity: 1 }));
    const recorded = history(plan({ inventories, repeat: { times: 9, stop: 'never' } }), attempts);
    const end: EndRecord = { type: 'end', endedAt: '', atMs: 1, reason: 'completed', repeated: 'done' };
    return reportOf(recorded, judge({ ...recorded, end }));
  };
  const right = [ok(), ...times(3, refused)];

  test('counts the rounds, for each of them is a race of its own', () => {
    expect(visits([right, right, right]).headline).toBe('In each of 3 rounds, the seat was booked exactly once.');
  });

  test('says in how many of them too much was sold', () => {
    const { headline } = visits([right, right, right, [ok(), ok(201, 'other'), ...times(2, refused)], right]);
    expect(headline).toMatch(/^Seat 2 was sold 2 times: in 1 of 5 rounds, a seat was sold more often than allowed\./);
  });

  test('is that of the seats, where each was raced for once', () => {
    expect(visits([right, right]).headline).toBe('Each of the 2 seats was booked exactly once.');
  });
});

const sold = [ok(), ...times(3, refused)];

/** A seat A that these went for, and what the server then says of it. */
function asked(conclusions: readonly Conclusion[], readBacks: readonly ReadBack[], overrides: Partial<Plan> = {}) {
  const ofPlan = plan({ contenders: conclusions.length, readBack: true, ...overrides });
  const recorded = history(ofPlan, round(1, 'A', conclusions), readBacks);
  return reportOf(recorded, [], remarksOf(recorded));
}

describe('promised and stored', () => {
  test('are below the headline of every report', () => {
    const report = asked(sold, [stored(1, ['order-1'])]);
    expect(verdictFileOf(report)).toMatchObject({ promised: 1, stored: 1 });
    for (const text of [summaryText(report), renderHtml(report), renderMarkdown(report), renderJunit(report)]) {
      expect(text).toContain('Promised 1, stored 1 (by read-back).');
    }
  });

  test('without a read-back, the answers alone count, and the report says how to turn it on', () => {
    const report = reported(sold);
    expect(JSON.parse(JSON.stringify(verdictFileOf(report)))).not.toHaveProperty('stored');
    for (const text of [summaryText(report), renderHtml(report), renderMarkdown(report), renderJunit(report)]) {
      expect(text).toContain(
        'Promised 1, by the answers alone: nobody asked what is stored. To ask the server, set readBack',
      );
    }
  });

  test('a read-back that nobody can read, or that cannot count, is not called off', () => {
    const pool: Inventory = { key: 'A', capacity: 3 };
    const { stored: _, ...cannotCount } = { stored: 0, ...stored(1), counts: false as const };
    for (const answers of [[], [cannotCount as ReadBack]]) {
      const text = summaryText(asked(sold, answers, { inventories: [pool] }));
      expect(text).toContain('Promised 1, by the answers alone: the read-back could not tell how much is stored.');
      expect(text).not.toContain('set readBack');
    }
  });

  test('units from before the race are not counted', () => {
    const pool: Inventory = { key: 'A', capacity: 3 };
    const report = asked(sold, [stored(2, [], 'before'), stored(3)], { inventories: [pool] });
    expect(report).toMatchObject({ promised: 1, stored: 1 });
  });

  test('says of how many seats it is known', () => {
    const inventories = [
      { key: 'A', capacity: 1 },
      { key: 'B', capacity: 1 },
    ];
    const attempts = [...round(1, 'A', sold), ...round(2, 'B', sold)];
    const recorded = history(plan({ readBack: true, inventories }), attempts, [stored(1)]);
    const report = reportOf(recorded, [], remarksOf(recorded));
    expect(summaryText(report)).toContain('Promised 2, stored 1 (by read-back of 1 of 2 seats).');
  });

  test('a seat that is stored though nobody was told is not as it should be, and neither is the table', () => {
    const report = asked(times(4, serverError), [stored(1)], {});
    expect(viewOf(report).seats.fields.map(({ result }) => result)).toEqual(['doubtful']);
    expect(headlineOf({ ...report, verdict: 'pass' })).toContain(
      'No seat was sold more often than allowed: of 1 unit, 0 were promised, and 1 stored.',
    );
    const marks = viewOf({ ...report, verdict: 'inconclusive' }).expectedActual.map(({ name, mark }) => [name, mark]);
    expect(marks).toContainEqual(['Successes', 'wrong']);
    expect(marks).toContainEqual(['Stored', 'right']);
  });

  test('a seat that was promised and is not stored is not as it should be', () => {
    const report = asked(sold, [stored(0)]);
    expect(viewOf(report).seats.fields.map(({ result }) => result)).toEqual(['doubtful']);
    expect(viewOf(report).figures.find(({ name }) => name === 'Successes')?.tone).toBe('bad');
    expect(viewOf({ ...report, verdict: 'fail' }).expectedActual.at(-1)).toMatchObject({
      name: 'Stored',
      mark: 'wrong',
    });
  });

  test('a seat that was promised and is stored is as it should be', () => {
    const report = asked(sold, [stored(1)]);
    expect(viewOf(report).seats.fields.map(({ result }) => result)).toEqual(['right']);
    expect(viewOf(report).figures.find(({ name }) => name === 'Successes')?.tone).toBe('good');
    expect(viewOf(report).expectedActual.map(({ mark }) => mark)).toEqual(times(6, ok).map(() => 'right'));
  });
});

test('a pass has no cross in its table, even if the server had to settle an attempt', () => {
  const report = asked([ok(), refused(), refused(), serverError()], [stored(1)]);
  expect(report.verdict).toBe('pass');
  for (const text of [summaryText(report), renderMarkdown(report)]) expect(text).not.toContain('✗');
  expect(viewOf(report).expectedActual.map(({ symbol }) => symbol)).not.toContain('✗');
  const failed = { ...report, verdict: 'fail' as const };
  for (const text of [summaryText(failed), renderMarkdown(failed)]) expect(text).toContain('✗');
});

/** Four seats; at the first ones, the last contender was released 59 ms after the others. */
function loosely(weak: number, { strongRounds }: Partial<Plan['limits']>): Report {
  const inventories = [1, 2, 3, 4].map((number) => ({ key: `s${number}`, capacity: 1 }));
  const attempts = inventories.flatMap(({ key }, index) =>
    round(index + 1, key, sold).map((attempt) =>
      index < weak && attempt.vu === 4
        ? { ...attempt, releasedAtMs: 100 * (index + 1) + 59, completedAtMs: 100 * (index + 1) + 70 }
        : attempt,
    ),
  );
  const { limits } = plan();
  const recorded = history(
    plan({ inventories, limits: { ...limits, overlap: 0, ...(strongRounds !== undefined && { strongRounds }) } }),
    attempts,
  );
  return reportOf(recorded, judge(recorded));
}

describe('weak rounds', () => {
  test('are named in every report, and do not count in the strength of a pass', () => {
    const report = loosely(1, { strongRounds: 0.75 });
    expect(report.verdict).toBe('pass');
    const said =
      '1 of 4 rounds is weak and does not count: seat 1 (s1): they were released over 59.0 ms; allowed: 50 ms';
    expect(summaryText(report).replace(/\s+/g, ' ')).toContain(said);
    expect(viewOf(report).notices).toContain(said);
    expect(renderMarkdown(report)).toContain(said);
    expect(renderJunit(report)).toContain(said);
    expect(strengthTexts(report)[0]).toContain(
      'No double booking in 3 strong rounds of 4: the true rate is below 63.2 %',
    );
    expect(verdictFileOf(report).rounds.map(({ weak }) => weak)).toEqual([
      ['they were released over 59.0 ms; allowed: 50 ms'],
      undefined,
      undefined,
      undefined,
    ]);
    expect(viewOf(report).seats.legend.map(({ text }) => text)).toEqual([
      '3 as it should be',
      '1 weak: does not count',
    ]);
  });

  test('that are too many are findings, and not named twice', () => {
    const report = loosely(2, { strongRounds: 0.75 });
    expect(report.findings.map(({ id }) => id)).toEqual(['weak-contention', 'weak-contention']);
    expect(viewOf(report).notices).toEqual([]);
  });

  test('are only named as far as people read', () => {
    const many = passing(16, 4);
    const rounds = many.rounds.map((each) => (each.number <= 7 ? { ...each, weak: ['too slow'] } : each));
    const [notice] = viewOf({ ...many, rounds }).notices;
    expect(notice).toMatch(/^7 of 16 rounds are weak and do not count: seat 1 \(.*\): too slow; .*; and 2 more$/);
  });
});

test('a seat that is raced for again is to be sold once, and its second round does not make it two', () => {
  const recorded = history(plan(), [...round(1, 'A', times(4, refused)), ...round(2, 'A', sold)]);
  const report = reportOf(recorded, judge(recorded));
  expect(report).toMatchObject({ verdict: 'pass', expected: { requests: 8, ok: 1, fail: 7 }, promised: 1 });
  expect(report.headline).toBe('The seat was booked exactly once.');
});

test('notes are in every report', () => {
  const report = asked(sold, [{ ...stored(1), counts: false } as ReadBack], {
    inventories: [{ key: 'A', capacity: 3 }],
  });
  expect(verdictFileOf(report).notes).toEqual([expect.stringContaining('This read-back cannot count')]);
  for (const text of [summaryText(report), renderHtml(report), renderMarkdown(report), renderJunit(report)]) {
    expect(text).toContain('This read-back cannot count');
  }
});

test('equal problems are one line with their number', () => {
  const report = { ...passing(2, 4), problems: [{ reason: 'timeout', step: 'POST /login', count: 39, vus: [1, 2] }] };
  expect(summaryText(report)).toContain('! 39 × POST /login: timeout');
  expect(renderMarkdown(report)).toContain('39 × POST /login: timeout');
});

test('the version of the target is in every report', () => {
  const report = { ...passing(2, 4), targetVersion: 'v2.1 <1a2b3c4>' };
  const screen = renderScreen(report, makeStyle({ colour: false, unicode: true, columns: 100 }));
  for (const text of [summaryText(report), screen]) expect(text).toMatch(/^ {2}Version\s+v2\.1 <1a2b3c4>$/m);
  expect(renderMarkdown(report)).toContain('/orders, version v2.1 &lt;1a2b3c4&gt;), 2026');
  expect(renderJunit(report)).toContain('<property name="version" value="v2.1 &lt;1a2b3c4&gt;"/>');
  expect(viewOf(report).tested).toContainEqual({ name: 'Version', value: 'v2.1 <1a2b3c4>' });
  expect(renderScreen(passing(2, 4), makeStyle({ colour: false, unicode: true, columns: 100 }))).not.toContain(
    'Version',
  );
});
