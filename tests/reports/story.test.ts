import { describe, expect, it, test } from 'vitest';
import type { Finding } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { findingGroupsOf } from '../../reports/html/findings.ts';
import {
  makeStyle,
  type Report,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderSummary,
  reportOf,
} from '../../reports/index.ts';
import { storyOf, storyRows, storySentence } from '../../reports/story.ts';
import { asking, history, ok, operation, refused, round, ruled, serverError } from '../support/histories.ts';
import { HOLD_BROKEN, judged, LEASED } from './samples.ts';

const storyIn = (report: Report) => {
  const [finding] = report.findings;
  return finding && storyOf(report, finding);
};

describe('the story of a contradiction', () => {
  it('has a lane for each person, on one axis that begins at the first release of all rounds', () => {
    expect(storyIn(judged(HOLD_BROKEN))).toEqual({
      lanes: [
        {
          person: 'VU 1',
          operations: [{ kind: 'hold', fromMs: 0, toMs: 10, outcome: 'ok', said: '201, order h1' }],
          holds: [{ fromMs: 0, toMs: 10, endsFromMs: 980, endsToMs: 1030 }],
        },
        {
          person: 'VU 2',
          operations: [{ kind: 'book', fromMs: 200, toMs: 212, outcome: 'ok', said: '201, order o2' }],
          holds: [],
        },
      ],
    });
  });

  it('is in the order of time, with the end of each hold', () => {
    const story = storyIn(judged(HOLD_BROKEN));
    expect(story && storyRows(story).map(storySentence)).toEqual([
      'VU 1, hold, between +0.00 and +10.00 ms: granted: 201, order h1',
      'VU 2, book, between +200.00 and +212.00 ms: granted: 201, order o2',
      'VU 1, hold ends, between +980.00 and +1030.00 ms: by its lease, unless it was confirmed or given up',
    ]);
  });

  it('puts what one person did through several virtual users into one lane, and has no end of a hold without a lease', () => {
    const attempts = [
      { ...operation(1, 'book', ok(201, 'o1'), [0, 10]), user: 'ann' },
      operation(3, 'book', ok(201, 'o3'), [20, 30], 2),
      { ...operation(2, 'cancel', serverError(), [40, 50], 3), user: 'ann' },
    ];
    const report = judged(attempts, { name: 'cancel-rebook', busy: [423] });
    const finding = {
      id: 'not-linearizable',
      severity: 'violation',
      message: '',
      witness: attempts.toReversed(),
    } as const;
    expect(
      storyOf(report, finding)?.lanes.map(({ person, operations }) => [person, operations.map(({ kind }) => kind)]),
    ).toEqual([
      ['ann', ['book', 'cancel']],
      ['VU 3', ['book']],
    ]);
    const held = { ...finding, witness: [operation(1, 'hold', ok(201, 'h1'), [0, 10])] };
    expect(storyOf(report, held)?.lanes[0]?.holds).toEqual([
      { fromMs: 0, toMs: 10, endsFromMs: undefined, endsToMs: undefined },
    ]);
    expect(storyRows(storyOf(report, held) ?? { lanes: [] })).toHaveLength(1);
  });

  it('does not exist if the rule has no operations, or the witness is empty', () => {
    const report = judged([operation(1, 'book', ok(), [0, 10])], { name: 'quota' });
    const finding = {
      id: 'unsold',
      severity: 'violation',
      message: '',
      witness: report.attemptsByRound.get(1) ?? [],
    } as const;
    expect(storyOf(report, finding)).toBeUndefined();
    expect(storyOf(judged(HOLD_BROKEN), { ...finding, witness: [] })).toBeUndefined();
  });

  it('does not exist for a finding about the race instead of the seat', () => {
    const report = judged(HOLD_BROKEN);
    const about = (id: Finding['id']) => storyOf(report, { id, severity: 'doubt', message: '', witness: HOLD_BROKEN });
    expect(about('late-confirm')?.lanes).toHaveLength(3);
    expect(['weak-contention', 'slow', 'server-error'].map((id) => about(id as Finding['id']))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has no terminal escapes', () => {
    const attempts = [
      { ...operation(1, 'hold', ok(201, '\u001b[31mred'), [0, 10]), user: 'a\nn\u202en' },
      operation(2, 'hold', ok(201, 'h2'), [0, 9]),
    ];
    const text = JSON.stringify(storyIn(judged(attempts)));
    expect(text).toContain('"a nn"');
    expect(text).toContain('order red');
  });
});

test('the page draws a lane for each person, with operations and leases', () => {
  const [group] = findingGroupsOf(judged(HOLD_BROKEN));
  expect(group?.worst[0]?.witness).toMatchObject({
    head: 'Who',
    isWritten: true,
    lanes: [
      {
        label: 'VU 1',
        spans: [
          { x: '1.9%', width: '92.1%', kind: 'waiting', text: '' },
          { x: '1%', width: '0.9%', kind: 'active', text: 'hold', anchor: 'start' },
        ],
        marks: [{ kind: 'booked' }],
        note:
          'hold +0.00 to +10.00: granted: 201, order h1; ' +
          'hold ends +980.00 to +1030.00: by its lease, unless it was confirmed or given up',
      },
      {
        label: 'VU 2',
        spans: [{ kind: 'active', text: 'book' }],
        note: 'book +200.00 to +212.00: granted: 201, order o2',
      },
    ],
  });
});

test('every report tells the story, or what each attempt asked for if there is no story', () => {
  const report = judged(HOLD_BROKEN);
  const plain = makeStyle({ colour: false, unicode: true, columns: 120 });
  expect(renderSummary(report, plain, [])).toContain(
    '• VU 2, book, between +200.00 and +212.00 ms: granted: 201, order o2',
  );
  expect(renderMarkdown(report)).toContain('| VU 2 | book | +200.00 | +212.00 | granted: 201, order o2 |');
  expect(renderHtml(report)).toContain('hold-broken');
  expect(renderJunit(report)).toContain('hold-broken');

  const parts = asking(round(1, 'A', [ok(201, 'a'), ok(201, 'b'), refused()]), [
    { parts: ['s1', 's2'] },
    { parts: ['s2', 's3'] },
    { parts: ['s3', 's1'] },
  ]);
  const row = history(
    ruled({ name: 'overlapping-orders' }, 3, { inventories: [{ key: 'A', capacity: 3, parts: ['s1', 's2', 's3'] }] }),
    parts,
  );
  expect(renderSummary(reportOf(row, judge(row)), plain, [])).toContain('• VU 1 (s1, s2), released at +0.00 ms');
});

test('a pass says which promise was kept, and expects no number if several are right', () => {
  const report = judged([...HOLD_BROKEN.slice(0, 2), operation(1, 'confirm', ok(200, 'o1'), [700, 712], 2)]);
  const passed = reportOf(history(ruled(LEASED, 2), report.attemptsByRound.get(1) ?? []), []);
  const text = renderSummary(passed, makeStyle({ colour: false, unicode: true, columns: 120 }), []);
  expect(text).toContain('Every hold was kept for as long as it lasted');
  expect(text).toContain('No violation in 1 round');
  expect(passed.expected).toEqual({ requests: 2, ok: undefined, fail: undefined, info: 0 });
  expect(text).not.toMatch(/Successes|Success rate/);
});
