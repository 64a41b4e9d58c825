import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, type Plan, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  history,
  ok,
  plan,
  refused,
  round,
  says,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf } from '../support/judged.ts';

const BOOKS = ['GET /seats/{seat}', 'the statement in postgres'];

/** A race for seat A, read back from two books before and after it. */
const twoBooks = (
  conclusions: readonly Conclusion[],
  after: readonly [ReadBack, ReadBack],
  { before = [0, 0], ...overrides }: Partial<Plan> & { readonly before?: readonly [number, number] } = {},
) =>
  history(
    plan({ contenders: conclusions.length, readBack: true, books: BOOKS, ...overrides }),
    round(1, 'A', conclusions),
    [0, 1].flatMap((index) => {
      const ofBook = (readBack: ReadBack | undefined) => (readBack ? [{ ...readBack, book: index + 1 }] : []);
      return [...ofBook(stored(before[index] ?? 0, [], 'before')), ...ofBook(after[index])];
    }),
  );
const fine = [ok(201, 'x'), ...times(3, refused)];
const pool = { inventories: [{ key: 'A', capacity: 5 }] };

const USERS = ['ann', 'bob', 'cleo', 'dan'];
/** Two books about attempts whose users are known. */
const twoBooksOfUsers = (...race: Parameters<typeof twoBooks>) => {
  const { attempts, ...rest } = twoBooks(...race);
  return { ...rest, attempts: attempts.map((attempt, index) => ({ ...attempt, user: USERS[index] ?? '' })) };
};
const ownedBy = (owner: string): ReadBack => ({ ...stored(1, ['x']), owners: [owner] }) as ReadBack;
const moving = (units: number): ReadBack => ({ ...stored(units), unsettled: true }) as ReadBack;

describe('two books', () => {
  it('that say the same are one', () => {
    expect(idsOf(twoBooks(fine, [stored(1, ['x']), stored(1, ['x'])]))).toEqual([]);
  });

  it('disagree where a counter lost an update beside right orders', () => {
    const race = twoBooks([ok(201, 'x'), ok(201, 'y'), refused()], [stored(2, ['x', 'y']), stored(1)], {
      ...pool,
      inventories: [{ key: 'A', capacity: 2 }],
    });
    expect(idsOf(race)).toEqual(['lost-booking', 'books-disagree']);
    expect(judge(race).find(({ id }) => id === 'books-disagree')).toMatchObject({
      severity: 'violation',
      round: 1,
      inventory: 'A',
      message: 'seat A: GET /seats/{seat} says that 2 are sold, the statement in postgres says that 1 is sold',
      witness: [{ vu: 1 }, { vu: 2 }],
    });
    expect(judge(race).find(({ id }) => id === 'lost-booking')?.message).toMatch(/\(by the statement in postgres\)$/);
  });

  it('disagree where the page looks right and the database holds more', () => {
    const race = twoBooks(fine, [stored(1, ['x']), stored(3, ['x', 'y', 'z'])]);
    expect(idsOf(race)).toEqual(['double-booking', 'books-disagree']);
  });

  it('agree where both sold as much in this race, whatever was sold before', () => {
    const race = twoBooks([ok(201, 'x'), refused()], [stored(1), stored(3)], { ...pool, before: [0, 2] });
    expect(idsOf(race)).not.toContain('books-disagree');
  });

  it('agree where one of them only says "taken"', () => {
    expect(idsOf(twoBooks(fine, [says('taken'), stored(1, ['x'])]))).toEqual([]);
    const many = twoBooks([ok(201, 'x'), ok(201, 'y'), ...times(4, refused)], [says('taken'), stored(2, ['x', 'y'])], {
      inventories: [{ key: 'A', capacity: 2 }],
    });
    expect(idsOf(many)).not.toContain('books-disagree');
  });

  it('are a doubt where one of them cannot be read, or still changes', () => {
    const unread: ReadBack = { inventory: 'A', when: 'after', kind: 'unreadable', error: 'status 500' };
    expect(idsOf(twoBooks(fine, [stored(1, ['x']), unread]))).toEqual(['read-back-failed']);
    const stillMoving = { ...stored(2, ['x', 'y']), unsettled: true } as ReadBack;
    const race = twoBooks([ok(201, 'x'), unanswered(), refused()], [stored(1, ['x']), stillMoving], pool);
    expect(judge(race).find(({ id }) => id === 'books-disagree')).toMatchObject({ severity: 'doubt' });
  });

  it.for([
    ['untold-booking', [unanswered(), ...times(3, refused)], stored(1), ownedBy('bob')],
    ['lost-booking', fine, moving(0), stored(0)],
  ] as const)('show %s where one of them is sure, and the other one doubts', ([id, conclusions, doubting, sure]) => {
    const severitiesIn = (after: readonly [ReadBack, ReadBack]) =>
      judge(twoBooksOfUsers(conclusions, after)).flatMap((finding) => (finding.id === id ? finding.severity : []));
    expect(severitiesIn([doubting, doubting])).toEqual(['doubt']);
    expect(severitiesIn([doubting, sure])).toEqual(['violation']);
    expect(severitiesIn([sure, doubting])).toEqual(['violation']);
  });

  it('come to the same verdict in any order', () => {
    const answer = fc.constantFrom<ReadBack>(
      ...[stored(0), stored(1), stored(1, ['x']), stored(2, ['x', 'y']), moving(0), moving(1)],
      ...[ownedBy('ann'), ownedBy('bob'), says('taken'), says('free')],
      { inventory: 'A', when: 'after', kind: 'unreadable', error: 'status 500' },
    );
    const conclusion = fc.constantFrom(ok(201, 'x'), ok(201, 'y'), refused(), unanswered(), serverError());
    const conclusions = fc.array(conclusion, { minLength: 2, maxLength: 4 });
    const capacity = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(conclusions, answer, answer, capacity, (some, one, other, units) => {
        const verdictIn = (after: readonly [ReadBack, ReadBack]) =>
          verdictOf(judge(twoBooksOfUsers(some, after, { inventories: [{ key: 'A', capacity: units }] })));
        expect(verdictIn([one, other])).toBe(verdictIn([other, one]));
      }),
    );
  });
});

describe('the owners that the server names', () => {
  const asUser = (attempts: Attempt[], users: readonly string[]) =>
    attempts.map((attempt, index) => ({ ...attempt, user: users[index] ?? `user-${index}` }));
  const owned = (
    conclusions: readonly Conclusion[],
    readBack: ReadBack,
    overrides: Partial<Plan> = {},
    users = ['ann', 'bob', 'cleo', 'dan'],
  ) =>
    history(
      plan({ contenders: conclusions.length, readBack: true, ...overrides }),
      asUser(round(1, 'A', conclusions), users),
      [stored(0, [], 'before'), readBack],
    );
  const by = (owners: readonly string[], orderIds: readonly string[] = []): ReadBack =>
    ({ ...stored(Math.max(owners.length, orderIds.length), orderIds), owners }) as ReadBack;
  const found = (race: ReturnType<typeof owned>) =>
    judge(race).map(({ id, severity, message }) => [id, severity, message]);

  it('are those who were told', () => {
    expect(idsOf(owned(fine, by(['ann'], ['x'])))).toEqual([]);
    expect(idsOf(owned(fine, by(['ann'])))).toEqual([]);
    expect(idsOf(owned(fine, by([], ['x'])))).toEqual([]);
  });

  it.each([
    ['with the order', by(['bob'], ['x'])],
    ['by name alone', by(['bob'])],
    ['with another order', by(['bob'], ['y'])],
  ])('are others: a lost booking, which names both: %s', (_what, readBack) => {
    const [first] = found(owned(fine, readBack));
    expect(first?.slice(0, 2)).toEqual(['lost-booking', 'violation']);
    if (_what !== 'with another order')
      expect(found(owned(fine, readBack))).toEqual([
        ['lost-booking', 'violation', 'seat A: VU 1 was told that ann got it, but the server says that bob owns it'],
      ]);
  });

  it('are more than were told: a violation where one of them was refused', () => {
    const race = owned([ok(201, 'x'), ...times(3, refused)], by(['ann', 'bob'], ['x', 'y']), pool);
    expect(found(race)).toContainEqual([
      'untold-booking',
      'violation',
      expect.stringMatching(/^seat A: the server says that bob owns it, who was refused: VU 2 \(400: /),
    ]);
    expect(idsOf(race)).not.toContain('ghost-booking');
  });

  it('are one without an answer, and nobody is accused', () => {
    const race = owned([unanswered(), ...times(3, refused)], by(['ann'], ['x']));
    expect(found(race).map(([id, severity]) => [id, severity])).toEqual([['untold-booking', 'doubt']]);
    const accused = owned([unanswered(), ...times(3, refused)], by(['bob'], ['x']));
    expect(found(accused).map(([id, severity]) => [id, severity])).toContainEqual(['untold-booking', 'violation']);
  });

  it('are a ghost’s where everybody was refused', () => {
    const race = owned(times(4, refused), by(['bob'], ['x']));
    expect(idsOf(race)).toContain('ghost-booking');
    expect(idsOf(race)).not.toContain('untold-booking');
  });

  it('say nothing where the lines name no users', () => {
    const race = history(plan({ readBack: true }), round(1, 'A', fine), [by(['somebody'], ['x'])]);
    expect(idsOf(race)).not.toContain('lost-booking');
  });
});
