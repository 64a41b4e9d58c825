import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../reports/html/view.ts';
import { type Report, renderHtml } from '../../reports/index.ts';
import { doubleBooked, doubleBooking, HOSTILE, hostile, inconclusive, orderKey, passing, seatKey } from './samples.ts';

const reports: readonly (readonly [name: string, report: Report])[] = [
  ['pass', passing()],
  ['double booking', doubleBooked()],
  ['inconclusive', inconclusive()],
  ['hostile', hostile()],
];

describe.each(reports)('the page of a run: %s', (_, report) => {
  const html = renderHtml(report);

  test('lets in one style, which is its own, and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=');
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html).not.toMatch(/ style=|<script|<link|<img|<svg|url\(|@import/);
  });

  test('is well-formed: every element that is opened is closed in turn', () => {
    const open: string[] = [];
    for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (name === 'meta') continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('has one main heading, the verdict, and a caption for every table', () => {
    expect(html.match(/<h1>([A-Z]+)<\/h1>/g)).toEqual([`<h1>${viewOf(report).verdict.word}</h1>`]);
    expect(html.match(/<caption/g)?.length).toBe(html.match(/<table/g)?.length);
  });

  test('leads nowhere: every link has its place in the page, and every id is there once', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target = ''] of html.matchAll(/href="([^"]*)"/g)) expect(ids.map((id) => `#${id}`)).toContain(target);
  });
});

test('a pass shows what was expected beside what came, and how strong it is', () => {
  const view = viewOf(passing());
  expect(view.verdict).toEqual({
    kind: 'pass',
    word: 'PASS',
    sentence: 'Each of the 16 seats was booked exactly once.',
  });
  expect(view.strength).toContain('fewer than 17.1 %');
  expect(view.comparison.map(({ expected, actual, isRight }) => [expected, actual, isRight])).toEqual([
    ['1600', '1600', true],
    ['16', '16', true],
    ['1584', '1584', true],
    ['0', '0', true],
    ['1.00 %', '1.00 %', true],
  ]);
  expect(view.groups).toEqual([]);
  expect(view.rounds.map((row) => row.winners)).toEqual(
    Array.from({ length: 16 }, (_, index) => [{ vu: 1, orderId: orderKey(index + 1) }]),
  );
});

test('a double booking is told with its witness, causes and fixes, and found from the seat', () => {
  const { groups, rounds } = viewOf(doubleBooked());
  const [group] = groups;
  expect(groups.map(({ id }) => id)).toEqual(['double-booking', 'slow']);
  expect(group?.inFull.map(({ place }) => place)).toEqual([`seat 2 (${seatKey(2)})`, `seat 3 (${seatKey(3)})`]);
  expect(group?.inFull[0]?.witness).toEqual([
    {
      vu: 1,
      isWinner: true,
      released: '+0.00',
      firstByte: '+20.00',
      done: '+20.20',
      outcome: 'booked',
      said: `201, order ${orderKey(2)}`,
    },
    {
      vu: 2,
      isWinner: true,
      released: '+0.00',
      firstByte: '+20.10',
      done: '+20.30',
      outcome: 'booked',
      said: `201, order ${orderKey(22)}`,
    },
  ]);
  expect(rounds.map(({ findings }) => findings.map(({ anchor }) => anchor))).toEqual([
    [],
    ['double-booking-1'],
    ['double-booking-2'],
    [],
  ]);
});

test('a run that was cut short says so before anything else', () => {
  const html = renderHtml(inconclusive());
  expect(html.indexOf('The run was interrupted')).toBeGreaterThan(0);
  expect(html.indexOf('The run was interrupted')).toBeLessThan(html.indexOf('<main>'));
});

test('what a server says is shown, and does nothing', () => {
  const html = renderHtml(hostile());
  expect(html).toContain('&lt;/script&gt;&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
  expect(html).toContain('{{constructor}}');
  expect(html).not.toContain(HOSTILE[0]);
  expect(html).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect(html.length).toBeLessThan(60_000);
});

test('the configuration keeps its lines', () => {
  const html = renderHtml({ ...passing(), config: { rounds: { label: 'seat' } } });
  expect(html).toContain(
    '<pre><code>{\n  &quot;rounds&quot;: {\n    &quot;label&quot;: &quot;seat&quot;\n  }\n}</code></pre>',
  );
});

test('a long witness is cut, and says so; five hundred findings stay one page', () => {
  const report = passing(500, 50);
  const findings = report.rounds.map(({ number }) => doubleBooking(number, report.attemptsByRound.get(number) ?? []));
  const failed: Report = { ...report, verdict: 'fail', findings };
  const [group] = viewOf(failed).groups;
  expect(group?.inFull).toHaveLength(20);
  expect(group?.inFull[0]?.witness).toHaveLength(20);
  expect(group?.inFull[0]?.omitted).toBe('and 30 more attempts');
  expect(group?.inBrief).toHaveLength(480);
  expect(renderHtml(failed).length).toBeLessThan(1_000_000);
});
