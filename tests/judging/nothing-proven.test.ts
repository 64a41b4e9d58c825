import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, type History, type Plan, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  asking,
  history,
  ok,
  plan,
  refused,
  round,
  ruled,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** Races in which the server never showed what it does: nobody answered, nobody understood, or the same refusal for everybody. */

const SEATS = ['A', 'B', 'C'];
const seats = (
  conclusions: readonly (readonly Conclusion[])[],
  overrides: Partial<Plan> = {},
  readBacks: ReadBack[] = [],
) =>
  history(
    plan({
      inventories: conclusions.map((_, index) => ({ key: SEATS[index] ?? '', capacity: 1 })),
      readBack: readBacks.length > 0,
      ...overrides,
    }),
    conclusions.flatMap((ofSeat, index) => round(index + 1, SEATS[index] ?? '', ofSeat)),
    readBacks,
  );
const old = (race: History): History => ({ ...race, run: { ...race.run, version: 2 } });
const late = (race: History, ms: number): History => ({
  ...race,
  attempts: race.attempts.map((attempt) =>
    attempt.answer.kind === 'unanswered' ? { ...attempt, completedAtMs: attempt.completedAtMs + ms } : attempt,
  ),
});
const free = SEATS.map((inventory): ReadBack => ({ ...stored(0), inventory }));
const saying = (text: string, status = 200): Conclusion => ({
  outcome: 'info',
  cause: 'unrecognised',
  mayPromise: true,
  message: text,
  answer: { kind: 'answered', status, body: JSON.stringify({ message: text }), bodyBytes: 40 },
});
const lostBody = (status: number): Conclusion => ({
  outcome: 'info',
  cause: 'unreadable',
  ...(status < 400 && { mayPromise: true }),
  answer: { kind: 'answered', status, body: '', bodyBytes: 0, bodyLost: 'no end within 10000 ms' },
});
const fine = [ok(), ...times(3, refused)];

describe('a server that answers nobody', () => {
  const hanging = times(4, unanswered);

  it('is not slow, and nobody knows how fast it is', () => {
    const race = late(seats([hanging, hanging, hanging]), 10_000);
    expect(said(race)[0]).toEqual([
      'doubt no-answer',
      'nobody got an answer in 3 rounds of 3: 12 attempts ended with timeout (12×)',
      [1],
    ]);
    expect(idsOf(race)).toEqual(['no-answer', 'indeterminate', 'indeterminate', 'indeterminate']);
    expect(idsOf(old(race))).toEqual(['slow', 'indeterminate', 'indeterminate', 'indeterminate']);
  });

  it('has not sold to nobody, although everything is free', () => {
    expect(idsOf(seats([hanging], {}, free.slice(0, 1)))).toEqual(['no-answer']);
    expect(
      idsOf(seats([times(4, () => unanswered('timeout'))], { rule: { name: 'quota' } }, free.slice(0, 1))),
    ).toContain('no-answer');
  });

  it('for whatever reasons', () => {
    const race = seats([fine, [...times(2, unanswered), unanswered('reset'), unanswered('unreachable')]]);
    expect(said(race)[0]).toEqual([
      'doubt no-answer',
      'nobody got an answer in 1 round of 2: 4 attempts ended with timeout (2×), reset (1×), unreachable (1×)',
      [1, 3, 4],
    ]);
  });

  it('is not accused of a deadlock, unless it answered somebody', () => {
    const orders = (...rounds: readonly (readonly Conclusion[])[]) =>
      history(
        ruled({ name: 'overlapping-orders' }, 2, {
          inventories: rounds.map((_, index) => ({
            key: `row ${index}`,
            capacity: 2,
            parts: [`${index}a`, `${index}b`],
          })),
        }),
        rounds.flatMap((ofRow, index) =>
          asking(
            round(index + 1, `row ${index}`, ofRow),
            times(2, ok).map(() => ({ parts: [`${index}a`, `${index}b`] })),
          ),
        ),
      );
    const blocked = times(2, unanswered);
    expect(idsOf(orders(blocked))).toEqual(['no-answer', 'indeterminate']);
    expect(idsOf(orders(blocked, [ok(), refused()]))).toEqual(['deadlock', 'no-answer', 'indeterminate']);
    expect(idsOf(old(orders(blocked)))).toEqual(['deadlock', 'indeterminate']);
  });

  it('is one that answers, if one contender gets a status', () => {
    for (const answer of [ok(), refused(), serverError()]) {
      expect(idsOf(seats([[answer, ...times(3, unanswered)]]))).not.toContain('no-answer');
    }
  });

  it('is only slow if its answers are', () => {
    const slow = (race: History) => ({
      ...race,
      attempts: race.attempts.map((attempt) => ({ ...attempt, completedAtMs: attempt.completedAtMs + 3000 })),
    });
    expect(idsOf(slow(seats([fine])))).toEqual(['slow']);
    expect(idsOf(slow(seats([times(4, () => lostBody(201))])))).toEqual(['indeterminate']);
  });
});

describe('the same refusal for everybody', () => {
  const invalid = (seat: string, status = 422) => refused(status, `seat ${seat} must be an integer`);
  const wrong = (...keys: readonly string[]) => keys.map((key) => times(4, () => invalid(key)));

  it('may mean that the request is wrong', () => {
    expect(said(seats(wrong('A', 'B')))).toEqual([
      [
        'doubt request-refused',
        '8 attempts were refused, all in the same way, so your request may be wrong: 422 {"message":"seat A must be an integer"}',
        [1],
      ],
    ]);
  });

  it('says "taken" just as well, and nothing is stored', () => {
    expect(idsOf(seats([times(4, refused), times(4, refused)], {}, free.slice(0, 2)))).toEqual(['request-refused']);
  });

  it('may be missing for those who got no answer', () => {
    const hiccup = seats([times(4, refused), [unanswered(), ...times(3, refused)]]);
    expect(idsOf(hiccup)).toEqual(['request-refused', 'indeterminate']);
    expect(idsOf(seats([[unanswered(), ...times(3, refused)]], {}, free.slice(0, 1)))).toEqual(['request-refused']);
    // The one without an answer may have got it.
    expect(idsOf(seats([[unanswered(), ...times(3, refused)]]))).toEqual(['indeterminate']);
  });

  it.each<[string, History, string[]]>([
    ['somebody got something', seats([fine, ...wrong('B')]), ['no-winner', 'wrong-rejection']],
    ['refusals have another status', seats([[...times(3, () => invalid('A', 400)), invalid('A', 409)]]), ['no-winner']],
    [
      'refusals say something else',
      seats([[...times(3, () => refused(409, 'locked')), refused(409, 'taken')]]),
      ['no-winner'],
    ],
    ['something is stored', seats([times(4, refused)], {}, [stored(1, ['x'])]), ['ghost-booking']],
    [
      'something else is stored',
      seats([times(4, refused), times(4, refused)], {}, [stored(1, ['x']), { ...stored(0), inventory: 'B' }]),
      ['ghost-booking', 'no-winner'],
    ],
    ['nobody was let in', seats([times(4, () => refused(401, 'who?', 'not-authorised'))]), ['not-authorised']],
    ['a rate limit stopped all', seats([times(4, () => refused(429, 'slow', 'rate-limited'))]), ['rate-limited']],
    ['the history is old', old(seats(wrong('A'))), ['no-winner', 'wrong-rejection']],
  ])('is another thing if %s', (_what, race, ids) => {
    expect(idsOf(race)).toEqual(ids);
  });

  it('is told by what it says, without ids, numbers and keys', () => {
    const numbered = (from: number) =>
      Array.from({ length: 4 }, (_, index) => refused(400, `request ${from + index} refused`));
    expect(idsOf(seats([numbered(17), numbered(230)]))).toEqual(['request-refused']);
  });

  it('is shown whole, but not without end', () => {
    const [finding] = judge(seats([times(4, () => refused(400, `bad\n  ${'x'.repeat(500)}`))]));
    expect(finding?.message).toMatch(/: 400 \{"message":"bad\\n x+…$/);
    expect(finding?.message.length).toBeLessThan(320);
    const empty = times(4, (): Conclusion => {
      const answer = refused(404, '');
      return { ...answer, answer: { kind: 'answered', status: 404, body: '', bodyBytes: 0 } } as Conclusion;
    });
    expect(judge(seats([empty]))[0]?.message).toMatch(/your request may be wrong: 404$/);
  });

  it.each([
    ['order-race', undefined],
    ['quota', { name: 'quota' } as const],
    ['coupon', { name: 'coupon' } as const],
    ['per-user-limit', { name: 'per-user-limit' } as const],
    ['cancel-rebook', { name: 'cancel-rebook', busy: [423] } as const],
    ['hold-confirm', { name: 'hold-confirm', leaseMs: 300, toleranceMs: 20, busy: [423] } as const],
  ])('is the same under %s', (_name, rule) => {
    const overrides = rule === undefined ? {} : { rule };
    expect(idsOf(seats(wrong('A', 'B'), overrides))).toEqual(['request-refused']);
    expect(idsOf(seats([...wrong('A'), times(4, () => refused(409))], overrides))).toContain('no-winner');
  });

  it('is the same under double-submit', () => {
    const submitted = (...conclusions: readonly Conclusion[]) =>
      history(
        ruled({ name: 'double-submit', inProgress: [409] }, conclusions.length),
        asking(
          round(1, 'A', conclusions),
          conclusions.map((_, index) => ({ idempotencyKey: `k${index % 2}`, fingerprint: 'f' })),
        ),
      );
    expect(idsOf(submitted(...times(4, () => refused(422, 'quantity is missing'))))).toEqual(['request-refused']);
    expect(idsOf(submitted(ok(), refused(400), ok(), refused(400)))).toContain('no-winner');
  });
});

describe('answers that nobody understands', () => {
  const nothing = (count = 4) => times(count, () => saying('You did not select any products.'));

  it('are shown by what they say', () => {
    expect(said(seats([nothing()]))).toEqual([
      ['doubt unrecognised', 'seat A: no answer was recognised: 4 × 200 You did not select any products.', [1]],
    ]);
  });

  it('are grouped without ids, the most frequent first', () => {
    const overlap: Conclusion = {
      ...saying('success and refusal both hold, so the two conditions overlap: x'),
      cause: 'ambiguous',
    } as Conclusion;
    const race = seats(
      [[saying('wait'), ...Array.from({ length: 3 }, (_, n) => saying(`seat A is no. ${n} of 900`)), overlap]],
      {
        contenders: 5,
      },
    );
    expect(said(race)).toEqual([
      [
        'doubt unrecognised',
        'seat A: no answer was recognised: 3 × 200 seat … is no. … of … · 1 × 200 wait · 1 × 200 success and refusal both hold, so the two conditions overlap: x',
        [2, 1, 5],
      ],
      [
        'doubt blind-suite',
        'no answer counts as a success: 1 answer (200) fits outcome.success and outcome.refusal, so `outcome.refusal` accepts what it should not',
        [5],
      ],
    ]);
  });

  it('name a few texts, and say how many more there are', () => {
    const texts = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    const race = seats([texts.map((text) => saying(text))], { contenders: 7 });
    expect(said(race)[0]?.[1]).toMatch(/five · 2 more$/);
  });

  it('sold to nobody knows whom: that is no `no-winner`, whatever the read-back says', () => {
    for (const readBacks of [[], free.slice(0, 1)]) {
      expect(idsOf(seats([nothing()], {}, readBacks))).toEqual(['unrecognised']);
      expect(idsOf(seats([[...nothing(3), unanswered()]], {}, readBacks))).toContain('unrecognised');
    }
    expect(idsOf(seats([[...nothing(3), refused()], fine], {}, free.slice(0, 1)))).not.toContain('no-winner');
    expect(verdictOf(judge(seats([[...nothing(3), refused()]], {}, free.slice(0, 1))))).toBe('inconclusive');
  });

  it('leave a doubt about those who got no answer', () => {
    expect(idsOf(seats([[...nothing(3), unanswered()]]))).toEqual(['unrecognised', 'indeterminate']);
  });

  it('are another thing if one of them is recognised', () => {
    expect(idsOf(seats([[ok(), ...nothing(3)]]))).toEqual(['indeterminate']);
  });
});

describe('whatever the server says', () => {
  const anyAnswer: fc.Arbitrary<Conclusion> = fc.oneof(
    fc.constantFrom(400, 404, 409).map((status) => refused(status)),
    fc.constantFrom('timeout', 'reset', 'unreachable').map((cause) => unanswered(cause as 'timeout')),
    fc.constant(serverError()),
    fc.constant(saying('nothing selected')),
    fc.constant({ ...saying('both'), cause: 'ambiguous' } as Conclusion),
    fc.constant({ ...saying('queued', 202), cause: 'pending' } as Conclusion),
    fc.constant(lostBody(201)),
    fc.constant(lostBody(404)),
    fc.constant(refused(401, 'no', 'not-authorised')),
  );
  const anyRace = fc
    .array(fc.array(anyAnswer, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .chain((rounds) =>
      fc
        .boolean()
        .map((isRead) =>
          seats(
            rounds,
            { limits: { ...plan().limits, serverErrors: 1000, strongRounds: 0.75 } },
            isRead ? free.slice(0, rounds.length) : [],
          ),
        ),
    );

  it('a race without a winner never passes', () => {
    fc.assert(
      fc.property(anyRace, (race) => void expect(verdictOf(judge(race))).not.toBe('pass')),
      { numRuns: 500 },
    );
  });

  it('`no-winner` stands beside nothing that says that the request was never tried', () => {
    fc.assert(
      fc.property(anyRace, (race) => {
        const found = judge(race);
        const accused = new Set(found.filter(({ id }) => id === 'no-winner').map(({ inventory }) => inventory));
        if (accused.size > 0) expect(found.map(({ id }) => id)).not.toContain('request-refused');
        const attempts = race.attempts.filter(({ inventory }) => accused.has(inventory));
        const unclear = (attempt: Attempt) => attempt.outcome === 'info' && attempt.cause === 'unrecognised';
        expect(attempts.filter(unclear)).toEqual([]);
      }),
    );
  });
});
