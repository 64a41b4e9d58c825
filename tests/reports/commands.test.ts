import { describe, expect, test } from 'vitest';
import type { Attempt, Conclusion, History } from '../../model/index.ts';
import { harmlessJson } from '../../model/json.ts';
import { judge, remarksOf } from '../../plugin/src/judging/index.ts';
import { lineOf } from '../../plugin/src/recording/index.ts';
import { createProgressFollower, progressLine } from '../../reports/console/progress.ts';
import {
  annotationsOf,
  compareRuns,
  createRoundPrinter,
  errorLines,
  makeStyle,
  packOf,
  type Report,
  renderBrief,
  renderComparison,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderPackHtml,
  renderPackJunit,
  renderPackMarkdown,
  renderPackSummary,
  renderSummary,
  reportOf,
  verdictFileOf,
} from '../../reports/index.ts';
import { asking, history, ok, plan, problem, refused, round, unanswered } from '../support/histories.ts';

/** What a target, or the data of a suite, may say to a CI runner. Some of it stands where a wrapped line begins. */
const SAID = [
  '::stop-commands::zzz',
  'no  ::set-output name=x::y',
  '\n::error file=a.ts,line=1::z',
  'x\r\n  ::add-mask::z',
  '\u2028::warning::z',
  ':\u200b:debug::z',
  '##[group]z',
  'x ##[stop-commands]zzz',
  '#\u00ad#[error]z',
  '##vso[task.setvariable variable=a]b',
  "##teamcity[testFailed name='a']",
  '\rsection_start:1700000000:x[collapsed=true]\r\u001b[0Kz',
  'travis_fold:start:x',
  '[[ATTACHMENT|/etc/passwd]]',
  '\u001b[8mha:AAAA\u001b[0m',
  '\u202egro.live\u2066',
  '\u0085::notice::z\u000b::notice::z',
  `${'word '.repeat(9)}::stop-commands::zzz ${'x'.repeat(30)} ::stop-commands::zzz ##[stop-commands]zzz`,
];

/** Nothing of this may be in anything that is printed. */
const COMMAND =
  /^\s*::|(?<!\S)::[a-z]|##[\w-]*\[|\[\[ATTACHMENT|section_start:\d|travis_fold:\w|(?!\n)\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069\u200b]/mu;

/** All texts of a run say the same. */
function historyOf(said: string): History {
  const conclusions: readonly Conclusion[] = [
    ok(201, said),
    ok(201, `${said}2`),
    refused(400, said),
    unanswered('reset', said),
    { ...unanswered('unrecognised', said), answer: { kind: 'answered', status: 200, body: said, bodyBytes: 1 } },
  ];
  const attempts = asking(
    round(1, said, conclusions),
    conclusions.map(() => ({ user: said, idempotencyKey: said, parts: [said] })),
  );
  const { run, ...rest } = history(plan({ contenders: 5, inventories: [{ key: said, capacity: 1 }] }), attempts);
  const texts = { env: said, target: `http://a.example/${said}`, scenario: said, label: 'seat', command: said };
  return {
    ...rest,
    run: { ...run, ...texts, plan: { ...run.plan, readBack: true }, config: { note: said } },
    readBacks: [
      { inventory: said, when: 'before', kind: 'unreadable', error: said },
      { inventory: said, when: 'after', kind: 'read', units: 2, orderIds: [said, 'other'] },
    ],
    problems: [problem(said), { reason: said, step: said, count: 1, vus: [1], answer: said }],
  };
}

function reportAbout(said: string): Report {
  const recorded = historyOf(said);
  return reportOf(recorded, judge(recorded), remarksOf(recorded));
}

const styleOf = (columns: number) => makeStyle({ colour: false, unicode: true, columns, wraps: true });

function linesWhileRacing(report: Report, recorded: History): string {
  const { plan: planned, label } = recorded.run;
  const printer = createRoundPrinter({
    style: styleOf(60),
    plan: planned,
    label,
    failuresPerRound: 3,
    allFailures: true,
  });
  const progress = createProgressFollower({ plan: planned, label });
  const attempts = [...report.attemptsByRound.values()].flat();
  const bars = attempts.map((attempt: Attempt) => {
    progress.count(attempt);
    const now = progress.now(5);
    return now === undefined ? '' : progressLine(now, styleOf(60));
  });
  return [...attempts.flatMap((attempt) => printer.record(attempt)), ...printer.flush(), ...bars].join('\n');
}

function packAbout(said: string, report: Report) {
  const runs = [
    { scenario: said, hypothesis: said, ending: { kind: 'judged', verdict: verdictFileOf(report) } },
    { scenario: 'other', hypothesis: said, ending: { kind: 'broken', exitCode: 1, problem: said } },
  ] as const;
  const pack = packOf({ env: said, startedAt: report.startedAt, durationMs: 1, command: said, runs: [...runs] });
  return { ...pack, junit: new Map([[said, renderJunit(report)]]) };
}

describe.each(SAID)('a command of a CI runner is broken up: %j', (said) => {
  const report = reportAbout(said);
  const pack = packAbout(said, report);
  const named = [
    { name: said, file: verdictFileOf(report) },
    { name: said, file: verdictFileOf(report) },
  ];

  test.each<[string, () => string]>([
    ['the summary', () => renderSummary(report, styleOf(80), [])],
    ['a narrow summary', () => renderSummary(report, styleOf(40), [])],
    ['the brief', () => renderBrief(report, styleOf(80), [])],
    ['the lines of a race', () => linesWhileRacing(report, historyOf(said))],
    ['the page', () => renderHtml(report)],
    ['JUnit', () => renderJunit(report)],
    ['Markdown', () => renderMarkdown(report)],
    ['a comparison', () => renderComparison(compareRuns(named), styleOf(80))],
    ['the summary of all scenarios', () => renderPackSummary(pack, styleOf(60), [])],
    ['the page of all scenarios', () => renderPackHtml(pack)],
    ['JUnit of all scenarios', () => renderPackJunit(pack)],
    ['Markdown of all scenarios', () => renderPackMarkdown(pack)],
    ['errors', () => errorLines(`config: ${said}\n${said}`).join('\n')],
  ])('in %s', (_, render) => {
    expect(COMMAND.exec(render())).toBeNull();
  });

  test.each([
    ['the verdict file', harmlessJson(verdictFileOf(report), 2)],
    ['the history', lineOf(historyOf(said).run)],
  ])('in %s, whose lines are JSON', (_, json) => {
    expect(/^(?!\s*["[\]{}\dtfn-])|::|##|(?!\n)\p{Cc}|\p{Zl}|\p{Zp}|\p{Cf}/mu.exec(json.trimEnd())).toBeNull();
  });

  test('in annotations, which are the only commands', () => {
    const lines = annotationsOf(report);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const [, title, message = ''] = /^::(?:error|warning) title=([^:,\r\n]*)::([^\r\n]*)$/.exec(line) ?? [];
      expect(title).toBeDefined();
      expect(COMMAND.exec(message)).toBeNull();
    }
  });
});

test('a value is the same in harmless JSON', () => {
  const value = { SAID, '##[a]': '###[b]\u2028\u202e' };
  expect(JSON.parse(harmlessJson(value, 2))).toEqual(value);
});
