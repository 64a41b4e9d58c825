import type { Attempt, Conclusion, Finding, History, Intent, Rule } from '../../model/index.ts';
import { judge, judgementOf, remarksOf } from '../../plugin/src/judging/index.ts';
import { makeStyle, type Report, renderSummary, reportOf } from '../../reports/index.ts';
import {
  accounted,
  asking,
  history,
  ok,
  operation,
  plan,
  problem,
  refused,
  round,
  ruled,
  times,
  unanswered,
} from '../support/histories.ts';

/** Reports for the tests of the renderers: right, wrong, doubtful, and from a hostile server. */

const id = (kind: string, number: number) => `${kind}${String(number).padStart(4, '0')}-6a0c-4d1e-9f3a-5b7c8d9e0f1a`;

export const seatKey = (number: number) => id('79cd', number);
export const orderKey = (number: number) => id('41fe', number);

const winner = (number: number) => ok(201, orderKey(number));

/** A run with a seat for each list of winners; `wins[0]` book seat 1, and the other contenders are refused. */
function raced(wins: readonly (readonly Conclusion[])[], contenders: number): History {
  const seats = wins.map((_, index) => seatKey(index + 1));
  const attempts = wins.flatMap((conclusions, index) =>
    round(index + 1, seatKey(index + 1), [
      ...conclusions,
      ...times(contenders - conclusions.length, () => refused(index % 3 === 0 ? 409 : 400)),
    ]),
  );
  return history(plan({ contenders, inventories: seats.map((key) => ({ key, capacity: 1 })) }), attempts);
}

const inSeat = (attempts: readonly Attempt[], number: number, outcome: Attempt['outcome']) =>
  attempts.filter((attempt) => attempt.round === number && attempt.outcome === outcome);

/** The report of a history, as the end of a run makes it. */
function concluded(recorded: History, findings: readonly Finding[] = judge(recorded)): Report {
  const { controls } = judgementOf(recorded);
  return reportOf(recorded, findings, { ...remarksOf(recorded), controls });
}

/** Every seat was booked once. */
export function passing(seats = 16, contenders = 100): Report {
  return concluded(
    raced(
      Array.from({ length: seats }, (_, index) => [winner(index + 1)]),
      contenders,
    ),
  );
}

/** Seats 2 and 3 of four were sold two and three times, and the answers were slower than allowed. */
export function doubleBooked(contenders = 100): Report {
  const { run, ...rest } = raced(
    [[winner(1)], [winner(2), winner(22)], [winner(3), winner(33), winner(333)], [winner(4)]],
    contenders,
  );
  const plan = { ...run.plan, limits: { ...run.plan.limits, p95Ms: 25 } };
  return reportOf({ ...rest, run: { ...run, plan } }, [
    doubleBooking(2, inSeat(rest.attempts, 2, 'ok')),
    doubleBooking(3, inSeat(rest.attempts, 3, 'ok')),
    {
      id: 'slow',
      severity: 'violation',
      message: '95 % of the answers took up to 29 ms; allowed: 25 ms',
      witness: [],
    },
  ]);
}

/** {@link doubleBooked}, with the request and the trace of each attempt, which are hard to quote. */
export function evident(): Report {
  const report = doubleBooked(4);
  const withRequest = (attempt: Attempt): Attempt => ({
    ...attempt,
    traceId: String(attempt.vu).padStart(32, '0'),
    request: {
      method: 'POST',
      url: `http://127.0.0.1:3000/orders?${'a'.repeat(300)}`,
      headers: [
        ['authorization', 'Bearer ***'],
        ['x-note', HOSTILE.join(' ')],
      ],
      body: JSON.stringify({ seat: seatKey(attempt.round), note: HOSTILE }),
    },
  });
  return {
    ...report,
    config: { traceUrl: 'https://jaeger.example.com/trace/{traceId}' },
    findings: report.findings.map((finding) => ({ ...finding, witness: finding.witness.map(withRequest) })),
  };
}

export function doubleBooking(number: number, witness: readonly Attempt[]): Finding {
  return {
    id: 'double-booking',
    severity: 'violation',
    round: number,
    inventory: seatKey(number),
    message: `${witness.length} attempts were told that they hold the seat, which has room for 1.`,
    witness,
  };
}

/** Two attempts on seat 2 were never answered, and the run was interrupted before seat 3. */
export function inconclusive(): Report {
  const raceOfThree = raced([[winner(1)], [winner(2), unanswered(), unanswered('reset', 'ECONNRESET')], []], 10);
  const findings: readonly Finding[] = [
    {
      id: 'indeterminate',
      severity: 'doubt',
      round: 2,
      inventory: seatKey(2),
      message: '2 attempts may have booked: nobody can say.',
      witness: inSeat(raceOfThree.attempts, 2, 'info'),
    },
    { id: 'incomplete', severity: 'doubt', message: '20 of 30 planned attempts were made.', witness: [] },
  ];
  return reportOf(
    {
      ...raceOfThree,
      attempts: raceOfThree.attempts.filter((attempt) => attempt.round < 3),
      problems: [problem('VU 3: the sign-in was refused (401).')],
      end: { type: 'end', endedAt: '2026-01-02T03:04:15.000Z', atMs: 1234, reason: 'interrupted' },
    },
    findings,
  );
}

/** What a hostile server may put into any text. */
export const HOSTILE = [
  '</script><img src=x onerror=alert(1)>',
  '</style></title></pre><svg onload=alert(1)>',
  '{{constructor}}{{{this}}}{{> findings}}',
  '\u001b[2J\u001b[31mred\u001b]8;;http://evil.example\u0007link\u009b1m',
  '\u202eesrever\u2066\u200b\ufeff',
  ']]>]]><failure message="x"/>]]>',
  '| `a` | <b> | [click](http://evil.example) www.evil.example @everyone **bold**\r\n\n# heading',
  '\ud800 \uffff \u0000 \u0008',
  `"'&<>`,
  '&nbsp;&#0;&lt;',
];

/** The texts of {@link HOSTILE} as messages, order ids, keys and problems, and a body of two megabytes. */
export function hostile(): Report {
  const huge = 'A<b>`|\n'.repeat(300_000);
  const conclusions: readonly Conclusion[] = [
    ...HOSTILE.map((text) => ok(201, text)),
    ...HOSTILE.map((text) => refused(400, text)),
    ...HOSTILE.map((text) => unanswered('reset', text)),
    refused(409, huge),
  ];
  const key = HOSTILE.join('');
  const attempts = round(1, key, conclusions);
  const raceOfOne = history(plan({ contenders: conclusions.length, inventories: [{ key, capacity: 1 }] }), attempts);
  const message = `It said ${HOSTILE.join(' ')}`;
  const run = { ...raceOfOne.run, config: { note: HOSTILE } };
  return reportOf({ ...raceOfOne, run, problems: [...HOSTILE, huge].map(problem) }, [
    { id: 'double-booking', severity: 'violation', round: 1, inventory: key, message, witness: attempts },
    { id: 'server-error', severity: 'violation', message: huge, witness: attempts.slice(-1) },
  ]);
}

/** A hold lasts a second. */
export const LEASED: Rule = { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] };

/** A broken hold: VU 1 holds the seat, and VU 2 books it 200 ms later, in the next round. */
export const HOLD_BROKEN: readonly Attempt[] = [
  operation(1, 'hold', ok(201, 'h1'), [500, 510]),
  operation(3, 'hold', refused(409, 'taken'), [501, 509]),
  operation(2, 'book', ok(201, 'o2'), [700, 712], 2),
];

const holds = (count: number): Intent[] => Array.from({ length: count }, () => ({ operation: 'hold' }));

/**
 * Four VUs race for two seats. One gets a hold; then, at offsets of 40 ms, the holder confirms it while the others try again.
 * The rounds happen in the order 1, 3, 2, 4.
 */
export const HELD_THEN_CONFIRMED: readonly Attempt[] = [1, 2].flatMap((number) => [
  ...asking(
    round(2 * number - 1, seatKey(number), [ok(201, `h${number}`), ...times(3, () => refused(409))]).map((attempt) => ({
      ...attempt,
      round: number,
    })),
    holds(4),
  ),
  ...asking(
    round(2 * number, seatKey(number), [ok(201, orderKey(number)), ...times(3, () => refused(409))]).map(
      ({ vu, firstByteAtMs: _, ...attempt }) => {
        const plannedAtMs = 200 * number + 40 * (vu - 1);
        const releasedAtMs = plannedAtMs + 0.25;
        return { ...attempt, vu, round: number + 2, plannedAtMs, releasedAtMs, completedAtMs: plannedAtMs + 50 };
      },
    ),
    [{ operation: 'confirm' }, ...holds(3)],
  ),
]);

/** The plan of {@link HELD_THEN_CONFIRMED}. */
export const HELD_SEATS = ruled(LEASED, 4, {
  inventories: [1, 2].map((number) => ({ key: seatKey(number), capacity: 1 })),
});

/** Every seat was raced for twice, and all went well. */
export function heldThenConfirmed(): Report {
  return concluded(history(HELD_SEATS, HELD_THEN_CONFIRMED), []);
}

/** The judged report of what three virtual users did under a rule. */
export function judged(attempts: readonly Attempt[], rule = LEASED): Report {
  const recorded = history(ruled(rule, 3), accounted(3, attempts));
  return reportOf(recorded, judge(recorded), remarksOf(recorded));
}

/** The report of a seat that these went for, without findings. */
export function reported(conclusions: readonly Conclusion[]): Report {
  return reportOf(history(plan({ contenders: conclusions.length }), round(1, 'A', conclusions)), []);
}

/** An answer that fits neither condition, or both. */
export const unclear = (cause: 'unrecognised' | 'ambiguous', message: string): Conclusion => ({
  outcome: 'info',
  cause,
  message,
  answer: { kind: 'answered', status: 200, body: message, bodyBytes: message.length },
});

/** The summary on a console that is wide enough for most lines. */
export const summaryText = (report: Report): string =>
  renderSummary(report, makeStyle({ colour: false, unicode: true, columns: 120 }));
