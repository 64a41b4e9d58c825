import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { FINDING_IDS } from '../../model/index.ts';
import { tellGithub } from '../../plugin/src/reporting/index.ts';
import {
  annotationsOf,
  packOf,
  type Report,
  renderJunit,
  renderMarkdown,
  renderPackJunit,
  type ScenarioRun,
  verdictFileOf,
} from '../../reports/index.ts';
import { doubleBooked, doubleBooking, heldThenConfirmed, hostile, inconclusive, passing, seatKey } from './samples.ts';

const reports: readonly (readonly [name: string, report: Report])[] = [
  ['pass', passing(3, 10)],
  ['double-booking', doubleBooked(10)],
  ['inconclusive', inconclusive()],
  ['two-rounds-a-seat', heldThenConfirmed()],
];

describe.each(reports)('%s', (name, report) => {
  // Not .md: the formatter would lay out its tables anew.
  test('the Markdown is as it was', async () => {
    await expect(renderMarkdown(report)).toMatchFileSnapshot(`golden/${name}.markdown.txt`);
  });

  test('the JUnit XML is as it was', async () => {
    await expect(`${renderJunit(report)}\n`).toMatchFileSnapshot(`golden/${name}.junit.xml`);
  });

  test('the same report gives the same bytes', () => {
    expect(renderJunit(report)).toBe(renderJunit(report));
    expect(renderMarkdown(report)).toBe(renderMarkdown(report));
  });
});

describe('JUnit', () => {
  const schema = fs.readFileSync(path.join(import.meta.dirname, 'jenkins-junit.xsd'), 'utf8');
  const problemsOf = async (xml: string) =>
    (await validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [schema] })).errors;

  test.each([...reports, ['hostile', hostile()] as const])('is what Jenkins accepts: %s', async (_, report) => {
    expect(await problemsOf(renderJunit(report))).toEqual([]);
  });

  test('is what Jenkins accepts when it holds several scenarios, one without a verdict', async () => {
    const judged = ([scenario, report]: readonly [string, Report]): ScenarioRun => ({
      scenario,
      hypothesis: '',
      ending: { kind: 'judged', verdict: verdictFileOf(report) },
    });
    const pack = packOf({
      env: 'demo',
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 0,
      command: '',
      runs: [
        ...[...reports, ['hostile', hostile()] as const].map(judged),
        { scenario: 'quota', hypothesis: '', ending: { kind: 'not run', problem: '&nbsp; <b>' } },
      ],
      leftOut: [{ scenario: 'coupon', reason: 'no "coupons" & <b>' }],
    });
    const junit = new Map(
      [...reports, ['hostile', hostile()] as const].map(([name, each]) => [name, renderJunit(each)]),
    );
    const xml = renderPackJunit({ ...pack, junit });
    expect(await problemsOf(xml)).toEqual([]);
    expect(xml.match(/<testsuite /g)).toHaveLength(7);
  });

  test('would be refused with an attribute that Jenkins does not know', async () => {
    const xml = renderJunit(passing(1, 2)).replace('<testsuites ', '<testsuites skipped="0" ');
    expect(await problemsOf(xml)).not.toEqual([]);
  });

  test('has a test case for every question about the whole run, found or not', () => {
    const namesOf = (report: Report) =>
      [...renderJunit(report).matchAll(/<testcase [^>]*name="([^"]+)"/g)]
        .map(([, question]) => question ?? '')
        .filter((question) => !question.startsWith('Did all go well for seat '));
    expect(namesOf(passing(1, 2))).toEqual(namesOf(doubleBooked(4)));
    for (const name of namesOf(passing(1, 2))) expect(name).toMatch(/^[A-Z].*\?$/);
    expect(namesOf(passing(1, 2))).toContain('Did the server answer without errors (5xx)?');
  });

  test('a pass is green', () => {
    expect(renderJunit(passing(3, 10))).toMatch(/tests="15" failures="0" errors="0" skipped="2"/);
  });

  test('a violation is a failure, of its seat or of the whole run', () => {
    expect(renderJunit(doubleBooked(10))).toMatch(/tests="16" failures="3" errors="0"/);
  });

  test('a doubt is an error, and a round that did not take place is not green', () => {
    expect(renderJunit(inconclusive())).toMatch(/tests="15" failures="0" errors="2" skipped="3"/);
  });

  test('a run without rounds or findings is not green', () => {
    expect(renderJunit({ ...passing(1, 2), rounds: [] })).toMatch(/tests="13" failures="0" errors="1"/);
  });

  test('a finding about an unlisted round is not lost', () => {
    const report: Report = { ...passing(1, 2), findings: [doubleBooking(9, [])] };
    expect(renderJunit(report)).toMatch(/tests="14" failures="1"/);
  });

  test('the text of a server adds no element and no forbidden character', () => {
    const xml = renderJunit(hostile());
    expect(xml).toMatch(/tests="13" failures="2" errors="0"/);
    const elements = new Set([...xml.matchAll(/<\/?([\w-]+)/g)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(
      ['failure', 'properties', 'property', 'skipped', 'system-out', 'testcase', 'testsuite', 'testsuites'].sort(),
    );
    expect(xml).not.toContain(']]>');
    // An entity that XML does not know would make the file unreadable.
    expect(xml).toContain('&amp;nbsp;');
    expect(xml).not.toMatch(/[^\n\P{Cc}]|\p{Noncharacter_Code_Point}|\p{Cs}/u);
  });
});

describe('Markdown', () => {
  test('lists the seats that there is room for, those with findings first, and says what was left out', () => {
    const report = passing(60, 4);
    const rounds = report.rounds.map((round) =>
      round.number === 60 ? { ...round, findings: ['double-booking' as const] } : round,
    );
    const text = renderMarkdown({ ...report, rounds });
    const rows = text.split('\n').filter((line) => /^\| \d+ \| 79cd/.test(line));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows[0]).toMatch(/^\| 60 \|/);
    expect(text).toContain(`${60 - rows.length} more seats left out; those with findings come first.`);
  });

  test('the text of a server is neither HTML, nor a link, nor a cell, nor a heading', () => {
    const text = renderMarkdown(hostile());
    const ours = text.replaceAll(/<\/?(details|summary)>/g, '');
    expect(ours).not.toMatch(/<[a-z/!]/i);
    expect(ours).not.toMatch(/https?:\/\/|(?<!\\)\[|@everyone|\bwww\./);
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(3);
    for (const line of text.split('\n').filter((each) => /^\| \d+ \| \+/.test(each))) {
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
    }
    expect(text.length).toBeLessThan(40_000);
  });

  test('a command cannot close its code block', () => {
    expect(renderMarkdown({ ...passing(1, 2), command: 'echo ```x' })).toContain('````sh\necho ```x\n````');
  });
});

/** Reports of any size: seats, winners of each, how many findings have a witness, problems, and a text of a server. */
const anyReport = fc
  .record({
    wins: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }),
    problems: fc.array(fc.string({ maxLength: 400 }), { maxLength: 20 }),
    message: fc.oneof(fc.string({ maxLength: 300 }), fc.constantFrom('a\n::error::b', '\u2028\r\n'.repeat(50))),
    ids: fc.constantFrom(...FINDING_IDS),
  })
  .map(({ wins, problems, message, ids }): Report => {
    const base = passing(wins.length, 12);
    const findings = wins.flatMap((count, index) => {
      const attempts = base.attemptsByRound.get(index + 1)?.slice(0, count) ?? [];
      return count === 0
        ? []
        : [{ ...doubleBooking(index + 1, attempts), id: index % 2 ? ids : ('double-booking' as const), message }];
    });
    const verdict = findings.length === 0 ? 'pass' : 'fail';
    return { ...base, verdict, findings, problems: problems.map((reason) => ({ reason, count: 1, vus: [] })) };
  });

describe('any report', () => {
  test('has a job summary of at most 60 lines that begins with the verdict', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const lines = renderMarkdown(report).trimEnd().split('\n');
        expect(lines.length).toBeLessThanOrEqual(60);
        expect(lines[0]).toMatch(/^## (✅ PASS|❌ FAIL): /);
      }),
      { numRuns: 10 },
    );
  });

  test('has at most ten annotations of one line each, the verdict first', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const lines = annotationsOf(report);
        expect(lines.length).toBeLessThanOrEqual(10);
        expect(lines[0]).toMatch(/^::(notice title=PASS|error title=FAIL)%3A /);
        for (const line of lines) expect(line).toMatch(/^::(notice|error|warning) title=[^:,\r\n]*::[^\r\n]*$/);
      }),
      { numRuns: 10 },
    );
  });
});

describe('GitHub Actions', () => {
  const summaryFile = () => path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'summary-')), 'summary.md');

  test('the verdict first, then an error for each violation and a warning for each doubt; a pass is a notice', () => {
    expect(annotationsOf(doubleBooked(10))).toEqual([
      '::error title=FAIL%3A order race on demo::Seat 3 was sold 3 times: 2 of 4 seats were sold more often than allowed. Besides, the answers were slow: 95 %25 of the answers took up to 29 ms; allowed: 25 ms (limits.p95Ms).',
      `::error title=Sold more often than allowed%2C seat 2 (${seatKey(2)})::2 attempts were told that they hold the seat, which has room for 1.`,
      `::error title=Sold more often than allowed%2C seat 3 (${seatKey(3)})::3 attempts were told that they hold the seat, which has room for 1.`,
      '::error title=Answers are slow under the race%2C the whole run::95 %25 of the answers took up to 29 ms; allowed: 25 ms',
    ]);
    expect(annotationsOf(inconclusive()).map((line) => line.slice(0, 9))).toEqual([
      '::warning',
      '::warning',
      '::warning',
    ]);
    expect(annotationsOf(passing(1, 2))).toEqual([
      '::notice title=PASS%3A order race on demo::The seat was booked exactly once.',
    ]);
  });

  test('never more than ten: the last one says how many are left', () => {
    const report = passing(20, 2);
    const lines = annotationsOf({ ...report, findings: report.rounds.map(({ number }) => doubleBooking(number, [])) });
    expect(lines).toHaveLength(10);
    expect(lines[9]).toContain('title=and 12 more::');
  });

  test('a server cannot end a command, begin another one, or add a property', () => {
    const message = '100% sold\r\n::set-output name=x::y\n::stop-commands::z';
    const finding = { ...doubleBooking(1, []), inventory: 'A,file=x::y%0A', message };
    const [, ...lines] = annotationsOf({ ...passing(1, 2), findings: [finding] });
    expect(lines).toEqual([
      '::error title=Sold more often than allowed%2C seat 1 (A%2Cfile=x%3A%3Ay%250A)::100%25 sold : :set-output name=x::y : :stop-commands::z',
    ]);
    for (const line of annotationsOf(hostile())) expect(line).toMatch(/^::error title=[^:,]*::[^\r\n]*$/);
  });

  test('the summary is appended to the file; annotations are printed only in Actions', () => {
    const report = doubleBooked(10);
    const file = summaryFile();
    fs.writeFileSync(file, '# Before\n');
    expect(tellGithub(report, { GITHUB_STEP_SUMMARY: file })).toEqual([]);
    expect(fs.readFileSync(file, 'utf8')).toBe(`# Before\n${renderMarkdown(report)}`);
    expect(tellGithub(report, { GITHUB_ACTIONS: 'true' })).toEqual(annotationsOf(report));
    expect(tellGithub(report, {})).toEqual([]);
  });

  test('a summary that cannot be written becomes a line', () => {
    const lines = tellGithub(passing(1, 2), {
      GITHUB_STEP_SUMMARY: path.join(summaryFile(), 'below-a-file-that-is-none'),
    });
    expect(lines).toEqual([expect.stringMatching(/^Warning: the job summary could not be written: ENOENT/)]);
  });
});
