import { describe, expect, test } from 'vitest';
import { type Report, renderJunit, renderMarkdown } from '../../reports/index.ts';
import { doubleBooked, doubleBooking, hostile, inconclusive, passing } from './samples.ts';

const reports: readonly (readonly [name: string, report: Report])[] = [
  ['pass', passing(3, 10)],
  ['double-booking', doubleBooked(10)],
  ['inconclusive', inconclusive()],
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
  test('a pass is green', () => {
    expect(renderJunit(passing(3, 10))).toMatch(/tests="3" failures="0" errors="0" skipped="0"/);
  });

  test('a violation is a failure, of its seat or of the whole run', () => {
    expect(renderJunit(doubleBooked(10))).toMatch(/tests="5" failures="3" errors="0"/);
  });

  test('a doubt is an error, and a round that did not take place is no success', () => {
    expect(renderJunit(inconclusive())).toMatch(/tests="4" failures="0" errors="2" skipped="1"/);
  });

  test('a run without rounds or findings is not green', () => {
    expect(renderJunit({ ...passing(1, 2), rounds: [] })).toMatch(/tests="1" failures="0" errors="1"/);
  });

  test('a finding on a round that is not listed is not lost', () => {
    const report: Report = { ...passing(1, 2), findings: [doubleBooking(9, [])] };
    expect(renderJunit(report)).toMatch(/tests="2" failures="1"/);
  });

  test('what a server says adds no element and no forbidden character', () => {
    const xml = renderJunit(hostile());
    expect(xml).toMatch(/tests="2" failures="2" errors="0"/);
    const outside = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/"[^"<]*"/g, '""');
    const elements = new Set([...outside.matchAll(/<\/?([\w-]+)/g)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(
      ['failure', 'properties', 'property', 'system-out', 'testcase', 'testsuite', 'testsuites'].sort(),
    );
    expect(outside).not.toContain(']]>');
    expect(xml).not.toMatch(/[^\n\P{Cc}]|\p{Noncharacter_Code_Point}|\p{Cs}/u);
  });
});

describe('Markdown', () => {
  test('lists at most 50 seats, those with findings first, and says what was left out', () => {
    const report = passing(60, 4);
    const rounds = report.rounds.map((round) =>
      round.number === 60 ? { ...round, findings: ['double-booking' as const] } : round,
    );
    const text = renderMarkdown({ ...report, rounds });
    const rows = text.split('\n').filter((line) => /^\| \d+ \| 79cd/.test(line));
    expect(rows).toHaveLength(50);
    expect(rows[0]).toMatch(/^\| 60 \|/);
    expect(text).toContain('10 more seats left out; those with findings come first.');
  });

  test('what a server says is neither HTML, nor a link, nor a cell, nor a heading', () => {
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
