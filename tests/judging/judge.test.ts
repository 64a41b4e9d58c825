import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Conclusion,
  type History,
  type Plan,
  type ReadBack,
  racedIn,
  verdictOf,
} from '../../model/index.ts';
import { judge, judgementOf, remarksOf } from '../../plugin/src/judging/index.ts';
import {
  history,
  ok,
  pending,
  plan,
  refused,
  round,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf } from '../support/judged.ts';

const one = (conclusions: readonly Conclusion[], overrides: Partial<Plan> = {}, readBacks: readonly ReadBack[] = []) =>
  history(
    plan({ contenders: conclusions.length, readBack: readBacks.length > 0, ...overrides }),
    round(1, 'A', conclusions),
    readBacks,
  );

const free = stored(0);
const unreadable: ReadBack = { inventory: 'A', when: 'after', kind: 'unreadable', error: 'status 500' };

/** Each question with right histories, and their wrong twins. */
const table: readonly (readonly [claim: string, history: History, findings: readonly string[]])[] = [
  ['one winner and three losers pass', one([ok(), ...times(3, refused)]), []],
  ['any allowed refusal passes', one([ok(), refused(400), refused(409), refused(423)]), []],
  ['the same with a read-back that agrees', one([ok(), ...times(3, refused)], {}, [stored(1, ['order-1'])]), []],

  ['two winners of a seat', one([ok(201, 'a'), ok(201, 'b'), ...times(2, refused)]), ['double-booking']],
  [
    'two winners of a pool of two',
    one([ok(201, 'a'), ok(201, 'b'), ...times(2, refused)], { inventories: [{ key: 'A', capacity: 2 }] }),
    [],
  ],
  [
    'two orders on the server, one answer',
    one([ok(201, 'a'), ...times(3, refused)], {}, [stored(2, ['a', 'b'])]),
    ['double-booking'],
  ],
  [
    'two winners of one seat and none of another, though the totals are perfect',
    history(
      plan({
        inventories: [
          { key: 'A', capacity: 1 },
          { key: 'B', capacity: 1 },
        ],
      }),
      [...round(1, 'A', [ok(201, 'a'), ok(201, 'b'), ...times(2, refused)]), ...round(2, 'B', times(4, refused))],
    ),
    ['double-booking', 'no-winner'],
  ],

  ['nobody wins, for different reasons', one([refused(423), ...times(3, refused)]), ['no-winner']],
  ['everybody is refused for one reason, which may be the request', one(times(4, refused)), ['request-refused']],
  ['nobody is known to have won', one([unanswered(), ...times(3, refused)]), ['indeterminate']],
  [
    'the lost answer had booked, and its buyer was not told',
    one([unanswered(), ...times(3, refused)], {}, [stored(1, ['x'])]),
    ['untold-booking'],
  ],
  [
    'the lost answer had not booked, and nobody else',
    one([unanswered(), refused(423), ...times(2, refused)], {}, [free]),
    ['no-winner'],
  ],
  ['a winner beside a timeout', one([ok(), unanswered(), ...times(2, refused)]), ['indeterminate']],
  [
    'a winner beside a timeout, and the server holds one order',
    one([ok(), unanswered(), ...times(2, refused)], {}, [stored(1, ['order-1'])]),
    [],
  ],
  [
    'a winner beside a timeout, and the server holds two',
    one([ok(), unanswered(), ...times(2, refused)], {}, [stored(2, ['order-1', 'x'])]),
    ['double-booking'],
  ],

  ['acknowledged, but not stored', one([ok(), ...times(3, refused)], {}, [free]), ['lost-booking']],
  [
    'acknowledged, but another order is stored',
    one([ok(), ...times(3, refused)], {}, [stored(1, ['x'])]),
    ['lost-booking'],
  ],
  ['refused, but stored', one(times(4, refused), {}, [stored(1, ['x'])]), ['ghost-booking']],
  ['the server cannot be asked', one([ok(), ...times(3, refused)], {}, [unreadable]), ['read-back-failed']],
  ['the server was not asked', one([ok(), ...times(3, refused)], { readBack: true }), ['read-back-failed']],
  [
    'a doubt that the server cannot settle',
    one([ok(), unanswered(), ...times(2, refused)], {}, [unreadable]),
    ['indeterminate', 'read-back-failed'],
  ],

  ['a loser refused with 422', one([ok(), refused(422), ...times(2, refused)]), ['wrong-rejection']],
  ['all refused as not signed in', one(times(4, () => refused(401, 'no', 'not-authorised'))), ['not-authorised']],
  ['one forbidden', one([ok(), refused(403, 'no', 'not-authorised'), ...times(2, refused)]), ['not-authorised']],
  [
    'one held off by a rate limit',
    one([ok(), refused(429, 'slow down', 'rate-limited'), ...times(2, refused)]),
    ['rate-limited'],
  ],
  ['one answered 500', one([ok(), serverError(), ...times(2, refused)]), ['server-error', 'indeterminate']],
  [
    'one answered 500, which is allowed',
    one([ok(), serverError(), ...times(2, refused)], { limits: { ...plan().limits, serverErrors: 1 } }, [
      stored(1, ['order-1']),
    ]),
    [],
  ],

  [
    'fewer attempts than planned',
    one([ok(), ...times(2, refused)], { contenders: 4 }),
    ['weak-contention', 'incomplete'],
  ],
  ['no attempts at all', history(plan(), []), ['incomplete']],
  [
    'a seat that nobody went for',
    history(
      plan({
        inventories: [
          { key: 'A', capacity: 1 },
          { key: 'B', capacity: 1 },
        ],
      }),
      round(1, 'A', [ok(), ...times(3, refused)]),
    ),
    ['incomplete'],
  ],
];

describe('judge', () => {
  const changed = (change: (attempt: Attempt, index: number) => Attempt): History => {
    const right = one([ok(), ...times(3, refused)]);
    return { ...right, attempts: right.attempts.map(change) };
  };

  it('says of a seat that was taken before the race just that, and never that the locking is wrong', () => {
    const two = plan({
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 1 },
      ],
      readBack: true,
    });
    const attempts = round(2, 'B', [ok(201, 'b'), ...times(3, refused)]);
    const after: ReadBack[] = [stored(1, ['yesterday']), { ...stored(1, ['b']), inventory: 'B' }];
    expect(idsOf(history(two, attempts, [stored(1, [], 'before'), ...after]))).toEqual(['already-taken']);
    expect(idsOf(history(plan({ readBack: true }), [], [stored(1, [], 'before'), stored(1, ['yesterday'])]))).toEqual([
      'already-taken',
    ]);
  });

  it('reports units of a pool that stay unsold while somebody is refused, and lost orders without ids', () => {
    const pool = { inventories: [{ key: 'A', capacity: 3 }] };
    const sell = (winners: number, losers: number, readBacks: ReadBack[] = []) =>
      idsOf(
        one(
          [...Array.from({ length: winners }, (_, n) => ok(201, `o${n}`)), ...times(losers, refused)],
          pool,
          readBacks,
        ),
      );
    expect(sell(3, 2)).toEqual([]);
    expect(sell(2, 3)).toEqual(['unsold']);
    expect(sell(3, 2, [stored(2, ['o0', 'o1'])])).toEqual(['lost-booking']);
    expect(
      idsOf(one([ok(201, 'same'), ok(201, 'same'), ok(201, 'other'), refused()], pool, [stored(2, ['same', 'other'])])),
    ).toEqual(['lost-booking']);
    expect(idsOf(one([ok(), ok(), unanswered(), refused()], pool))).toEqual(['indeterminate']);
  });

  it('does not take an answer before the release for a refusal', () => {
    const timedOut = changed((attempt, index) => {
      const { releasedAtMs: _, ...rest } = { ...attempt, ...refused(408) };
      return index === 3 ? rest : attempt;
    });
    expect(idsOf(timedOut)).toEqual(['weak-contention']);
  });

  it('never takes attempts at different seats for one round, even with the same number', () => {
    const mixed = history(plan({ inventories: [] }), [
      ...round(1, 'A', [ok(201, 'a'), ...times(3, refused)]),
      ...round(1, 'B', [ok(201, 'b'), ...times(3, refused)]),
    ]);
    expect(idsOf(mixed)).toEqual([]);
  });

  it('counts what was sold of a pool before the race', () => {
    const pool = { inventories: [{ key: 'A', capacity: 3 }] };
    const race = (winners: number, units: number) =>
      idsOf(
        one([...Array.from({ length: winners }, (_, n) => ok(201, `o${n}`)), refused()], pool, [
          stored(2, [], 'before'),
          stored(units),
        ]),
      );
    expect(race(1, 3)).toEqual([]);
    expect(race(2, 4)).toEqual(['double-booking']);
    expect(race(2, 3)).toEqual(['double-booking', 'lost-booking']);
    expect(race(1, 2)).toEqual(['lost-booking']);
  });

  it.each(table)('%s', (_claim, race, findings) => {
    expect(idsOf(race)).toEqual(findings);
  });

  it('calls a round weak if the last contender was released late', () => {
    const late = changed((attempt, index) =>
      index === 3
        ? { ...attempt, releasedAtMs: (attempt.releasedAtMs ?? 0) + 51, completedAtMs: attempt.completedAtMs + 51 }
        : attempt,
    );
    expect(judge(late)).toMatchObject([{ id: 'weak-contention', witness: [{ vu: 1 }, { vu: 4 }] }]);
  });

  it('calls a round weak if requests came one after the other', () => {
    const queue = changed((attempt, index) => ({
      ...attempt,
      releasedAtMs: index * 10,
      completedAtMs: index * 10 + 5,
    }));
    expect(judge(queue)).toMatchObject([{ id: 'weak-contention' }]);
  });

  it('does not call a round weak for contenders that were turned away before the release', () => {
    const turnedAway = changed((attempt, index) => {
      const { releasedAtMs: _, ...rest } = { ...attempt, ...refused(401, 'no', 'not-authorised') };
      return index >= 2 ? rest : attempt;
    });
    expect(idsOf(turnedAway)).toEqual(['not-authorised']);
  });

  it('counts a contender that was answered before the release as one that did not race', () => {
    const early = changed((attempt, index) => {
      const { releasedAtMs: _, ...rest } = attempt;
      return index === 3 ? rest : attempt;
    });
    expect(idsOf(early)).toEqual(['weak-contention']);
  });

  it('calls answers slow by the 95th percentile, not by the slowest', () => {
    const slowed = (count: number) =>
      history(
        plan({ contenders: 100 }),
        round(1, 'A', [ok(), ...times(99, refused)]).map((attempt, index) =>
          index < count ? { ...attempt, completedAtMs: attempt.completedAtMs + 2500 } : attempt,
        ),
      );
    expect(idsOf(slowed(5))).toEqual([]);
    expect(idsOf(slowed(6))).toEqual(['slow']);
  });

  it('does not call a target slow for attempts that the end of the run cut short', () => {
    const cut = one(times(4, () => unanswered('aborted', 'the run was stopped')));
    const long = { ...cut, attempts: cut.attempts.map((attempt) => ({ ...attempt, completedAtMs: 9000 })) };
    expect(idsOf(long)).toEqual(['indeterminate']);
  });

  it('does not say of a request that was never sent that it may have booked', () => {
    const cut = one(times(4, () => unanswered('aborted', 'the run was stopped')));
    const held = { ...cut, attempts: cut.attempts.map(({ releasedAtMs: _, ...attempt }) => attempt) };
    const messageOf = (history: History) => judge(history).find(({ id }) => id === 'indeterminate')?.message;
    expect(messageOf(cut)).toContain('4 attempts may or may not have booked it: aborted (4×)');
    expect(messageOf(held)).toContain('4 attempts were stopped before the last byte was sent');
  });

  it('is never a pass without the end of the run', () => {
    const { end: _, ...cutOff } = one([ok(), ...times(3, refused)]);
    expect(idsOf(cutOff)).toEqual(['incomplete']);
    const interrupted = one([ok(), ...times(3, refused)]);
    expect(idsOf({ ...interrupted, end: { type: 'end', endedAt: '', atMs: 1, reason: 'interrupted' } })).toEqual([
      'incomplete',
    ]);
  });

  it('is never a pass when a checker crashes', () => {
    const crash = () => {
      throw new Error('a bug');
    };
    const findings = judge(one([ok(), ...times(3, refused)]), [crash]);
    expect(findings).toMatchObject([{ id: 'checker-crashed', severity: 'doubt' }]);
    expect(verdictOf(findings)).toBe('inconclusive');
  });

  it('names all the winners of a double booking, and nobody else', () => {
    const [finding] = judge(one([refused(), ok(201, 'a'), refused(), ok(201, 'b')]));
    expect(finding).toMatchObject({ id: 'double-booking', round: 1, inventory: 'A' });
    expect(finding?.witness.map((attempt) => attempt.vu)).toEqual([2, 4]);
  });

  it('counts two rounds on the same seat as one seat', () => {
    const again = history(plan(), [
      ...round(1, 'A', [ok(201, 'a'), ...times(3, refused)]),
      ...round(2, 'A', [ok(201, 'b'), ...times(3, refused)]),
    ]);
    expect(idsOf(again)).toEqual(['double-booking']);
  });
});

const ofTwoBooks = [stored(1, ['a']), stored(0)].map((answer, index) => ({ ...answer, book: index + 1 }));

describe('what was worked out before about a history', () => {
  it.each<[string, History]>([
    ['a right race', one([ok(), ...times(3, refused)], {}, [stored(1, ['order-1'])])],
    ['a wrong one', one([ok(201, 'a'), ok(201, 'b'), ...times(2, refused)])],
    ['two books', one([ok(201, 'a'), ...times(3, refused)], { books: ['orders', 'stock'] }, ofTwoBooks)],
    ['an attempt that the read-back decides', one([pending('a'), refused()], { settleMs: 10 }, [stored(1, ['a'])])],
  ])('does not change the judgement and the remarks: %s', (_, race) => {
    const raced = racedIn(race);
    const { evidence, ...judgement } = judgementOf(race, undefined, raced);
    expect(judgement).toEqual({ findings: judge(race), controls: judgementOf(race).controls });
    expect(remarksOf(race, { evidence, raced })).toEqual(remarksOf(race));
  });
});
