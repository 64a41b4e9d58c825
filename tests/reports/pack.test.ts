import { describe, expect, it } from 'vitest';
import {
  makeStyle,
  type PackVerdictFile,
  packAnnotationsOf,
  packOf,
  renderJunit,
  renderPackHtml,
  renderPackJunit,
  renderPackMarkdown,
  renderPackSummary,
  type ScenarioEnding,
  type ScenarioRun,
  verdictFileOf,
} from '../../reports/index.ts';
import { doubleBooked, passing } from './samples.ts';

const judged = (report = passing(2, 4)): ScenarioEnding => ({ kind: 'judged', verdict: verdictFileOf(report) });
const broken: ScenarioEnding = {
  kind: 'broken',
  exitCode: 11,
  problem: 'the run left no verdict: <b>not</b> a | pass',
};
const notRun: ScenarioEnding = { kind: 'not run', problem: 'interrupted before it began' };
const inconclusive: ScenarioEnding = {
  kind: 'judged',
  verdict: { ...verdictFileOf(passing(2, 4)), verdict: 'inconclusive', exitCode: 4 },
};

const run = (scenario: string, ending: ScenarioEnding): ScenarioRun => ({
  scenario,
  hypothesis: `${scenario} holds.`,
  ending,
  ...(ending.kind === 'judged' && {
    files: { html: `${scenario}_x.html`, verdict: `${scenario}_x.verdict.json`, junit: `${scenario}_x.junit.xml` },
  }),
});
const pack = (...endings: ScenarioEnding[]): PackVerdictFile =>
  packOf({
    env: 'demo',
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 12_345,
    command: './run-order-race-test.sh --scenario all demo',
    runs: endings.map((ending, index) => run(`s-${index + 1}`, ending)),
  });

const fail = judged(doubleBooked(4));

describe('the verdict on several scenarios', () => {
  it.each([
    ['all pass', [judged(), judged()], 'pass', 0],
    ['one is inconclusive', [judged(), inconclusive], 'inconclusive', 4],
    ['one fails', [judged(), inconclusive, fail, broken], 'fail', 3],
    ['one broke', [judged(), broken], 'inconclusive', 4],
    ['one was not run', [judged(), notRun], 'inconclusive', 4],
    ['there is none', [], 'inconclusive', 4],
  ] as [string, ScenarioEnding[], string, number][])('where %s', (_what, endings, verdict, exitCode) => {
    expect(pack(...endings)).toMatchObject({ verdict, exitCode, scenario: 'all' });
  });

  it('counts the findings of each, and says why one has no verdict', () => {
    expect(pack(fail, broken).scenarios).toMatchObject([
      { scenario: 's-1', result: 'fail', findings: { 'double-booking': 2, slow: 1 }, rounds: 4 },
      { scenario: 's-2', result: 'broken', problem: expect.stringContaining('no verdict'), findings: {} },
    ]);
  });
});

describe('a scenario that was left out because the environment lacks something', () => {
  const leftOut = [{ scenario: 'quota', reason: 'config.variables.pools: missing; list <them>' }];
  const some = { ...pack(judged(), judged(), judged()), leftOut };

  it('does not change the verdict, and the headline says how many ran', () => {
    const { verdict, exitCode, ...rest } = packOf({ ...some, runs: [run('s-1', judged())] });
    expect({ verdict, exitCode, leftOut: rest.leftOut }).toEqual({ verdict: 'pass', exitCode: 0, leftOut });
    expect(pack(judged()).leftOut).toEqual([]);
  });

  it('stands with its reason on the console, on the index page and in the Markdown', () => {
    const text = renderPackSummary(some, makeStyle({ colour: false, unicode: true, columns: 100 }), []);
    expect(text).toContain('✓ PASS, 3 of 4 scenarios (exit code 0)');
    expect(text.split('\n')).toContain('  Left out quota: config.variables.pools: missing; list <them>');
    expect(text.split('\n')).toContain('  Repeat  ./run-order-race-test.sh --scenario all demo');
    // A screen would break a longer command; the page has it.
    const narrow = makeStyle({ colour: false, unicode: true, columns: 50, wraps: true });
    expect(renderPackSummary(some, narrow, [])).not.toContain('Repeat');
    const page = renderPackHtml(some);
    expect(page).toContain('<h1>PASS, 3 of 4 scenarios</h1>');
    expect(page).toContain('<strong>quota</strong>: <bdi>config.variables.pools: missing; list &lt;them&gt;</bdi>');
    const markdown = renderPackMarkdown(some);
    expect(markdown).toContain('## ✅ PASS, 3 of 4 scenarios: s-1, s-2, s-3 passed. Left out');
    expect(markdown).toContain('- **quota**: config.variables.pools: missing; list &lt;them&gt;');
  });

  it('is skipped in the JUnit file', () => {
    const junit = new Map([['s-1', renderJunit(passing(2, 4))]]);
    const text = renderPackJunit({ ...pack(judged()), leftOut, junit });
    expect(text).toMatch(/<testsuite name="quota \(demo\)" tests="1" failures="0" errors="0" skipped="1">/);
    expect(text).toContain('<skipped message="config.variables.pools: missing; list &lt;them&gt;"/>');
  });
});

describe('the combined JUnit file', () => {
  const reports = [passing(2, 4), doubleBooked(4)];
  const junit = new Map(reports.map((report, index) => [`s-${index + 1}`, renderJunit(report)]));

  it('holds the suite of each, as its own file has it, and adds up', () => {
    const text = renderPackJunit({ ...pack(judged(), fail), junit });
    for (const report of reports) {
      const suite = /<testsuite [\s\S]*<\/testsuite>/.exec(renderJunit(report))?.[0] ?? 'none';
      expect(text).toContain(suite);
    }
    const [, tests, failures] =
      /^<testsuites name="Scenario pack" tests="(\d+)" failures="(\d+)" errors="0"/m.exec(text) ?? [];
    expect([tests, failures]).toEqual(['30', '3']);
  });

  it('has an error for a scenario that left no file: silence is not green', () => {
    const text = renderPackJunit({ ...pack(broken), junit: new Map() });
    expect(text).toContain('<testsuites name="Scenario pack" tests="1" failures="0" errors="1">');
    expect(text).toContain('the run left no verdict: &lt;b&gt;not&lt;/b&gt; a | pass');
    expect(renderPackJunit({ ...pack(), junit: new Map() })).toContain('errors="1"');
    expect(renderPackJunit({ ...pack(judged()), junit: new Map([['s-1', 'no XML']]) })).toContain('errors="1"');
  });
});

describe('the index page', () => {
  it('links the reports of each scenario, and escapes their texts', () => {
    const page = renderPackHtml(pack(judged(), broken));
    expect(page).toContain('<a href="s-1_x.html">s-1</a>');
    expect(page).toContain('<a href="s-1_x.html">html</a>');
    expect(page).toContain('the run left no verdict: &lt;b&gt;not&lt;/b&gt;');
    expect(page).toContain('<h1>INCONCLUSIVE</h1>');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/src=|href="(?!s-)/);
  });
});

describe('the Markdown and the console', () => {
  it('name each scenario and its result', () => {
    const three = pack(judged(), fail, broken);
    const markdown = renderPackMarkdown(three);
    expect(markdown).toContain('## ❌ FAIL: The target failed s-2.');
    expect(markdown).toContain('| s-1 | ✅ PASS | 2 | 8 | 2 | 0.38 ms |  | [report](s-1_x.html) |');
    expect(markdown).toContain(
      '❓ BROKEN | – | – | – | – | the run left no verdict: &lt;b&gt;not&lt;/b&gt; a \\| pass | – |',
    );
    const console = renderPackSummary(three, makeStyle({ colour: false, unicode: true, columns: 80 }), [
      'output/all.html',
    ]);
    expect(console).toContain('✗ s-2  FAIL          double-booking × 2, slow; 16 requests');
    for (const line of console.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(console).toContain('FAIL (exit code 3)');
    expect(console).toContain('Reports output/all.html');
  });
});

describe('what GitHub is told of several scenarios', () => {
  it('is the verdict, then those that failed, then those in doubt', () => {
    expect(packAnnotationsOf(pack(judged(), inconclusive, fail, broken))).toEqual([
      '::error title=FAIL on demo::The target failed s-3.',
      '::error title=FAIL%3A s-3::double-booking × 2, slow',
      expect.stringMatching(/^::warning title=INCONCLUSIVE%3A s-2::/),
      '::warning title=BROKEN%3A s-4::the run left no verdict: <b>not</b> a | pass',
    ]);
    expect(packAnnotationsOf(pack(judged()))).toEqual(['::notice title=PASS on demo::All 1 scenario passed.']);
  });

  it('is ten annotations and 60 lines at most', () => {
    const many = pack(...Array.from({ length: 14 }, () => broken));
    expect(packAnnotationsOf(many)).toHaveLength(10);
    expect(packAnnotationsOf(many).at(-1)).toBe('::warning title=and 6 more::The index has all scenarios.');
    const more = { ...many, leftOut: Array.from({ length: 20 }, () => ({ scenario: 'quota', reason: 'no pools' })) };
    const lines = renderPackMarkdown(more).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines[0]).toMatch(/^## ❓ INCONCLUSIVE/);
  });
});
