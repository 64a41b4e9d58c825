import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../reports/html/view.ts';
import { type Report, renderHtml, reportOf } from '../../reports/index.ts';
import { history, ok, plan, round, times } from '../support/histories.ts';
import {
  doubleBooked,
  doubleBooking,
  HOLD_BROKEN,
  HOSTILE,
  heldThenConfirmed,
  hostile,
  inconclusive,
  judged,
  orderKey,
  passing,
  seatKey,
} from './samples.ts';

const reports: readonly (readonly [name: string, report: Report])[] = [
  ['pass', passing()],
  ['double booking', doubleBooked()],
  ['inconclusive', inconclusive()],
  ['hostile', hostile()],
];

/** A report of very many rounds, which need not be judged. */
function long(count: number): Report {
  const report = passing(1, 2);
  const rounds = Array.from({ length: count }, (_, index) => ({ number: index + 1, inventory: seatKey(index + 1) }));
  return {
    ...report,
    rounds: rounds.flatMap((round) => report.rounds.map((first) => ({ ...first, ...round }))),
    attemptsByRound: new Map(rounds.map(({ number }) => [number, report.attemptsByRound.get(1) ?? []])),
  };
}

describe.each(reports)('the page of a run: %s', (_, report) => {
  const html = renderHtml(report);

  test('allows exactly one style and one script: those in the page', () => {
    const hashOf = (name: string) => {
      const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(html)?.[1] ?? '';
      return createHash('sha256').update(text).digest('base64');
    };
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hashOf('style')}'; script-src 'sha256-${hashOf('script')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/ style=|<link|<img|<use|url\(|@import| on[a-z]+="/);
  });

  test('is well-formed: every element that is opened is closed in turn', () => {
    const open: string[] = [];
    const markup = html.replace(/<script>[\s\S]*<\/script>/, '');
    for (const [whole, slash, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
      if (['meta', 'input'].includes(name) || whole.endsWith('/>')) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('has one main heading, the verdict, and a caption for every table', () => {
    expect(html.match(/<h1>([A-Z]+)<\/h1>/g)).toEqual([`<h1>${viewOf(report).verdict.word}</h1>`]);
    expect(html.match(/<caption/g)?.length).toBe(html.match(/<table/g)?.length);
  });

  test('has no link that leads out of the page, and no id twice', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target = ''] of html.matchAll(/href="([^"]*)"/g)) expect(ids.map((id) => `#${id}`)).toContain(target);
  });
});

test('a pass shows expected vs. actual, and how strong it is', () => {
  const view = viewOf(passing());
  expect(view.verdict).toEqual({
    kind: 'pass',
    word: 'PASS',
    sentence: 'Each of the 16 seats was booked exactly once.',
  });
  expect(view.strength).toEqual([
    expect.stringContaining('the true rate is below 17.1 %'),
    'Rivals within 0.1 / 1 / 10 ms of the winner: 320 / 1,584 / 1,584. Not tried: several users, several servers, a read-back.',
    'Had VU 2 been answered as VU 1 was, this run would have failed: double-booking (2 of 2 controls failed).',
  ]);
  expect(view.expectedActual.map(({ expected, actual, mark }) => [expected, actual, mark])).toEqual([
    ['1600', '1600', 'right'],
    ['16', '16', 'right'],
    ['1584', '1584', 'right'],
    ['0', '0', 'right'],
    ['1.00 %', '1.00 %', 'right'],
  ]);
  expect(view.groups).toEqual([]);
  expect(view.rounds.rows.map(({ winners, orderId }) => [winners, orderId])).toEqual(
    Array.from({ length: 16 }, (_, index) => ['VU 1', orderKey(index + 1)]),
  );
});

test('a double booking has a witness, causes and fixes, and a link from the seat', () => {
  const { groups, rounds } = viewOf(doubleBooked());
  const [group] = groups;
  expect(groups.map(({ id }) => id)).toEqual(['double-booking', 'slow']);
  expect(group?.worst.map(({ location }) => location)).toEqual([`seat 3 (${seatKey(3)})`, `seat 2 (${seatKey(2)})`]);
  expect(
    group?.worst[1]?.witness?.lanes.map(({ label, isProminent, figures, note }) => [
      label,
      isProminent,
      ...figures,
      note,
    ]),
  ).toEqual([
    ['1', true, '+0.00', '+20.00', '+20.20', `booked: 201, order ${orderKey(2)}`],
    ['2', true, '+0.00', '+20.10', '+20.30', `booked: 201, order ${orderKey(22)}`],
  ]);
  expect(rounds.rows.map(({ result, findings }) => [result, ...findings.map(({ anchor }) => anchor)])).toEqual([
    ['right'],
    ['oversold', 'finding-1'],
    ['oversold', 'finding-2'],
    ['right'],
  ]);
});

test('a run that was cut short says so before anything else', () => {
  const html = renderHtml(inconclusive());
  expect(html.indexOf('The run was interrupted')).toBeGreaterThan(0);
  expect(html.indexOf('The run was interrupted')).toBeLessThan(html.indexOf('<main>'));
});

test('the text of a server is shown, and does nothing', () => {
  const html = renderHtml(hostile());
  expect(html).toContain('&lt;/script&gt;&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
  expect(html).toContain('{{constructor}}');
  expect(html).not.toContain(HOSTILE[0]);
  expect(html).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect(html.length).toBeLessThan(70_000);
});

test('rounds are called rounds if a seat has several, and holds are called granted, not booked', () => {
  const view = viewOf(heldThenConfirmed());
  expect(view.tested.at(-1)?.value).toBe('4 VUs × 2 seats, 4 rounds');
  expect(view.unit.many).toBe('rounds');
  expect(view.label.many).toBe('seats');
  expect(view.success.capital).toBe('Granted');
  expect(view.seats.fields.map(({ title }) => title)).toEqual([
    `seat 1 (${seatKey(1)}): as it should be`,
    `seat 2 (${seatKey(2)}): as it should be`,
    `seat 1 (${seatKey(1)}), round 3: as it should be`,
    `seat 2 (${seatKey(2)}), round 4: as it should be`,
  ]);
  const lanes = view.rounds.rows.map(({ details }) => details?.lanes.lanes.map(({ note }) => note.split(':')[0]));
  expect(lanes.map((notes) => notes?.[0])).toEqual(['held', 'held', 'confirmed', 'confirmed']);
  expect(view.contention.at(-1)).toEqual({ name: 'Smallest overlap', value: '2 of 4', limit: '' });
  expect(view.asides).toContainEqual({ name: 'Overlap limit', value: '≥ 2 of those released at once, ≥ 2 at offsets' });
  // The column holds only numbers, so it can be sorted; the details say what was planned.
  expect(view.rounds.rows.map(({ spread }) => spread)).toEqual(['0.38 ms', '0.38 ms', '120 ms', '120 ms']);
  expect(view.rounds.rows[2]?.details?.summary).toContain('(planned 120 ms, kept within 0.25 ms)');
});

test('a later round that proves a finding does not look right either', () => {
  const report = judged(HOLD_BROKEN);
  expect(report.findings.map(({ id, round }) => [id, round])).toContainEqual(['hold-broken', 1]);
  expect(report.rounds.map(({ number, findings }) => [number, findings.includes('hold-broken')])).toEqual([
    [1, true],
    [2, true],
  ]);
  const { seats, rounds } = viewOf(report);
  expect(seats.fields.map(({ result }) => result)).toEqual(['wrong', 'wrong']);
  expect(rounds.rows[1]?.findings.map(({ id }) => id)).toContain('hold-broken');
});

test('the configuration keeps its lines', () => {
  const html = renderHtml({ ...passing(), config: { rounds: { label: 'seat' } } });
  expect(html).toContain(
    '<pre><code>{\n  &quot;rounds&quot;: {\n    &quot;label&quot;: &quot;seat&quot;\n  }\n}</code></pre>',
  );
});

test('five hundred findings stay one page, the worst as pictures, and say what was cut', () => {
  const report = passing(500, 50);
  const findings = report.rounds.map(({ number }) => {
    const [winner, ...others] = report.attemptsByRound.get(number) ?? [];
    return doubleBooking(number, winner && number === 400 ? [winner, winner, ...others] : others);
  });
  const failed: Report = { ...report, verdict: 'fail', findings };
  const { groups, rounds } = viewOf(failed);
  const [group] = groups;
  expect(group?.worst.map(({ anchor }) => anchor)).toEqual(['finding-400', 'finding-1', 'finding-2']);
  expect(group?.worst[0]?.witness?.lanes).toHaveLength(10);
  expect(group?.worst[0]?.omitted).toBe('and 41 more attempts');
  expect(group?.inFull).toHaveLength(17);
  expect(group?.inBrief).toHaveLength(480);
  expect(group?.more).toBe('497 more of the same');
  expect(rounds.rows[399]?.findings).toEqual([{ id: 'double-booking', anchor: 'finding-400' }]);
  expect(renderHtml(failed).length).toBeLessThan(1_500_000);
});

test('a finding that the page leaves out is linked to its kind', () => {
  const report = long(600);
  const findings = report.rounds.map(({ number }) => doubleBooking(number, []));
  const { groups, rounds } = viewOf({ ...report, verdict: 'fail', findings });
  expect(groups[0]?.omitted).toBe('80 more are in the verdict file.');
  expect(rounds.rows[519]?.findings[0]?.anchor).toBe('finding-520');
  expect(rounds.rows[520]?.findings[0]?.anchor).toBe('finding-double-booking');
});

test('the first kind of finding is open, and the others are folded', () => {
  expect(viewOf(doubleBooked()).groups.map(({ id, isOpen }) => [id, isOpen])).toEqual([
    ['double-booking', true],
    ['slow', false],
  ]);
});

describe('the first screen', () => {
  const countsOf = (report: Report) => viewOf(report).tally.map(({ count, text, tone }) => `${count} ${text}: ${tone}`);
  const valuesOf = (terms: readonly { readonly name: string; readonly value: string }[]) =>
    Object.fromEntries(terms.map(({ name, value }) => [name, value]));

  test('counts what was raced, and what became of it', () => {
    expect(countsOf(passing())).toEqual([
      '16 seats raced: plain',
      '16 sold once: good',
      '16 promised: plain',
      '? stored: unsure',
    ]);
    expect(countsOf(doubleBooked())).toEqual([
      '4 seats raced: plain',
      '2 sold once: good',
      '2 oversold: bad',
      '7 promised: plain',
      '? stored: unsure',
    ]);
  });

  test('shows what is stored, red where it is not what was promised', () => {
    expect(countsOf({ ...passing(), stored: 16 })).toContain('16 stored: plain');
    expect(countsOf({ ...passing(), stored: 15 })).toContain('15 stored: bad');
  });

  test('says how strong a pass is', () => {
    expect(valuesOf(viewOf(passing()).strong)).toEqual({
      'Strong rounds': '16 of 16',
      'Double bookings, 95 % confidence': 'below 17.1 %',
      'Released within': '0.50 ms',
      'In flight at once': 'at least 100 of 100',
      'Rivals within 0.1/1/10 ms': '320 / 1584 / 1584',
      Controls: '2 of 2 failed, as they must',
      'Not tried': 'several users, several servers, a read-back',
    });
  });

  test('claims no rate where something was sold twice', () => {
    expect(viewOf(doubleBooked()).strong.map(({ name }) => name)).toEqual([
      'Strong rounds',
      'Released within',
      'In flight at once',
      'Rivals within 0.1/1/10 ms',
    ]);
  });

  test('counts refusals by what they said, and the rest together', () => {
    const refusals = [9, 8, 7, 6, 5, 4].map((count) => ({ status: 409, text: `taken ${count}`, count }));
    const [told] = viewOf({ ...passing(), refusals }).told;
    expect(told?.lines.map(({ count, status, text }) => `${count} × ${status} ${text}`)).toEqual([
      '9 × 409 taken 9',
      '8 × 409 taken 8',
      '7 × 409 taken 7',
      '6 × 409 taken 6',
    ]);
    expect(told?.more).toBe('9 × something else');
  });

  test('names what was tested, with its version where it is known', () => {
    expect(valuesOf(viewOf({ ...passing(), targetVersion: 'v2.1 (1a2b3c4)' }).tested)).toEqual({
      Target: 'http://127.0.0.1:3000/orders',
      Environment: 'demo',
      Version: 'v2.1 (1a2b3c4)',
      Started: '2026-01-02 03:04:05 UTC',
      Took: '10 s',
      Race: '100 VUs × 16 seats',
    });
    expect(viewOf(passing()).tested.map(({ name }) => name)).not.toContain('Version');
  });

  test('shows three notices and folds the others', () => {
    const { notices, moreNotices } = viewOf(hostile());
    expect(notices).toHaveLength(3);
    expect(moreNotices.length).toBeGreaterThan(3);
  });
});

test('a run without findings shows its closest race', () => {
  expect(viewOf(passing()).example).toMatchObject({
    title: `The closest race: seat 11 (${seatKey(11)})`,
    summary: expect.stringContaining('100 requests, released within'),
  });
  expect(viewOf(passing()).example?.lanes.lanes).toHaveLength(8);
  expect(viewOf(doubleBooked())).not.toHaveProperty('example');
});

test('of more than 400 seats, the map draws those that are not as they should be', () => {
  const { seats } = viewOf(long(401));
  expect(seats.fields).toEqual([]);
  expect(seats.legend.map(({ text }) => text)).toEqual(['401 as it should be']);
  expect(viewOf(long(400)).seats.fields).toHaveLength(400);
});

test('the map counts every result, in a symbol as well as in colour', () => {
  const { seats } = viewOf(inconclusive());
  expect(seats.fields.map(({ result, symbol }) => [result, symbol])).toEqual([
    ['right', '✓'],
    ['doubtful', '?'],
    ['unraced', '–'],
  ]);
  expect(seats.legend.map(({ text }) => text)).toEqual(['1 as it should be', '1 in doubt', '1 not raced']);
});

describe('a row opens its round', () => {
  test('with every attempt of a small one', () => {
    const details = viewOf(inconclusive()).rounds.rows[1]?.details;
    expect(details?.summary).toBe(
      '10 requests, released within 0.45 ms, 10 at once: 1 booked, 7 refused, 2 unknown (201 × 1, 400 × 7, no answer × 2).',
    );
    expect(details?.lanes.lanes.map(({ marks }) => marks.map(({ kind }) => kind).join())).toEqual([
      'booked',
      'unknown',
      'unknown',
      ...Array.from({ length: 7 }, () => 'refused'),
    ]);
    expect(details).not.toHaveProperty('rest');
  });

  test('with the winners and first refusals of a big one, and a summary of the rest', () => {
    const details = viewOf(passing(16, 1000)).rounds.rows[0]?.details;
    expect(details?.lanes.lanes).toHaveLength(13);
    expect(details?.lanes.lanes[0]?.note).toBe(`booked: 201, order ${orderKey(1)}`);
    expect(details?.rest?.text).toBe(
      '987 later refusals without a lane, done between +20.33 and +30.19 ms; history.jsonl has each.',
    );
  });

  test('with all winners: those beyond the lanes are a list', () => {
    const attempts = round(
      1,
      'A',
      times(1000, () => ok(201, 'order')),
    );
    const recorded = history(plan({ contenders: 1000, inventories: [{ key: 'A', capacity: 1000 }] }), attempts);
    const details = viewOf(reportOf(recorded, [])).rounds.rows[0]?.details;
    expect(details?.lanes.lanes).toHaveLength(100);
    expect(details?.moreWinners?.text).toBe('900 more winners:');
    expect(details?.moreWinners?.named).toHaveLength(900);
  });
});

test('a run of very many seats is summarised: those with findings keep their lanes', () => {
  const report = long(6000);
  const rounds = report.rounds.map((each) =>
    each.number === 5999 ? { ...each, findings: ['double-booking'] as const } : each,
  );
  const { rows, omitted } = viewOf({ ...report, rounds }).rounds;
  expect(rows).toHaveLength(5000);
  expect(rows.filter(({ details }) => details !== undefined)).toHaveLength(150);
  expect(rows.find(({ number }) => number === 5999)?.details).toBeDefined();
  expect(omitted).toBe(
    'Summarised: 4850 seats without lanes, 1000 seats left out; those with findings come first. The verdict file has all.',
  );
});
