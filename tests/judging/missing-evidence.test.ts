import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, History, Operation, Plan, ReadBack } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, refused, round, serverError, times, unanswered } from '../support/histories.ts';

/** What is not known is held against nobody, and earns no pass. In pairs: the history that proves it, and its twin. */

const findingsOf = (its: History) => judge(its).map(({ id }) => id);
const one = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[] = [], overrides: Partial<Plan> = {}) =>
  history(plan({ readBack: readBacks.length > 0, ...overrides }), round(1, 'A', conclusions), readBacks);

const read = (when: ReadBack['when'], units: number, orderIds: string[] = []): ReadBack => ({
  inventory: 'A',
  when,
  kind: 'read',
  units,
  orderIds,
});
const unreadBefore: ReadBack = { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' };
const pool = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });

describe('an attempt that is missing from the history may have booked', () => {
  const gone = ['weak-contention', 'incomplete'];

  it('so nobody is accused of having no winner, unless the server says that it is free', () => {
    expect(findingsOf(one(times(4, refused)))).toEqual(['no-winner']);
    expect(findingsOf(one(times(3, refused)))).toEqual(gone);
    expect(findingsOf(one(times(3, refused), [read('after', 0)]))).toEqual(['no-winner', ...gone]);
  });

  it('so a booking on the server is no ghost', () => {
    expect(findingsOf(one(times(4, refused), [read('after', 1, ['x'])]))).toEqual(['ghost-booking']);
    expect(findingsOf(one(times(3, refused), [read('after', 1, ['x'])]))).toEqual(gone);
  });

  it('so no unit of a pool is known to have stayed unsold', () => {
    const sold = (losers: number) => one([ok(201, 'a'), ok(201, 'b'), ...times(losers, refused)], [], pool(3));
    expect(findingsOf(sold(2))).toEqual(['unsold']);
    expect(findingsOf(sold(1))).toEqual(gone);
  });

  it('and one that is recorded twice does not stand in for it', () => {
    const twice = one([ok(), ...times(3, refused)]);
    const its = { ...twice, attempts: twice.attempts.map((attempt) => ({ ...attempt, vu: Math.min(attempt.vu, 3) })) };
    expect(judge(its)).toMatchObject([{ id: 'incomplete', message: '3 of 4 planned attempts were made' }]);
  });
});

describe('a contender whose connection was cut, or who was sent to wait, may never have been in the race', () => {
  const race = (answered: number, others: Conclusion) =>
    one(
      [ok(), ...times(answered - 1, refused), ...times(10 - answered, () => others)],
      [read('after', 1, ['order-1'])],
      {
        contenders: 10,
      },
    );
  const page: Conclusion = {
    outcome: 'info',
    cause: 'unreadable',
    answer: { kind: 'answered', status: 404, body: '<html>', bodyBytes: 6 },
  };

  it.each<[string, Conclusion]>([
    ['reset', unanswered('reset')],
    ['unreachable', unanswered('unreachable')],
    ['aborted', unanswered('aborted')],
    ['a page', page],
  ])('whatever the read-back settles: %s', (_what, others) => {
    expect(findingsOf(race(5, others))).toEqual([]);
    expect(judge(race(4, others))).toMatchObject([
      {
        id: 'weak-contention',
        message:
          'seat A was not fought over as planned: at most 4, not counting those that may never have arrived, were in flight at once; required: 5',
      },
    ]);
  });

  it('but one that the target kept, or refused in a way of its own, was', () => {
    expect(findingsOf(race(1, unanswered('timeout')))).toEqual([]);
    expect(findingsOf(race(1, { ...page, cause: 'unexpected' }))).toEqual([]);
  });
});

describe('an answer that nobody understands may have been a yes', () => {
  const unclear = (status: number, cause: 'unexpected' | 'unreadable' = 'unexpected'): Conclusion => ({
    outcome: 'info',
    cause,
    answer: { kind: 'answered', status, body: '{}', bodyBytes: 2 },
    mayPromise: true,
  });
  const noPromise: Conclusion = { ...serverError(404), cause: 'unexpected' } as Conclusion;
  const stored = (conclusions: readonly Conclusion[], its: Partial<Plan> = {}, units = 1) =>
    one(conclusions, [read('after', units, ['order-1'])], its);

  it('so where all are told so, a server that keeps the last of them in store earns no pass', () => {
    for (const status of [200, 302, 409]) {
      expect(judge(stored(times(4, () => unclear(status))))).toMatchObject([
        {
          id: 'indeterminate',
          severity: 'doubt',
          message:
            `seat A: 4 answers are neither a success nor a refusal as configured: ${status} (4×); the read-back says what ` +
            'is stored, not what was promised',
        },
      ]);
    }
  });

  it('also beside a winner, and also a page', () => {
    const its = [ok(), unclear(200, 'unreadable'), ...times(2, refused)];
    expect(findingsOf(stored(its))).toEqual(['indeterminate']);
  });

  it('but not more of them than there are units, nor one of an error: the read-back settles these', () => {
    expect(findingsOf(stored([unclear(201, 'unreadable'), ...times(3, refused)]))).toEqual([]);
    expect(findingsOf(stored([ok(201, 'order-1'), unclear(201), ...times(2, refused)], pool(2), 2))).toEqual([]);
    expect(findingsOf(stored([ok(201, 'order-1'), ...times(3, () => noPromise)]))).toEqual([]);
  });

  it('of units that were sold before, there are fewer', () => {
    const its = (units: number) => [read('before', units, []), read('after', 2)];
    const twoSaidYes = [ok(201, 'order-1'), unclear(200), ...times(2, refused)];
    expect(findingsOf(one(twoSaidYes, its(0), pool(2)))).toEqual([]);
    expect(findingsOf(one(twoSaidYes, its(1), pool(2)))).toEqual(['indeterminate']);
  });

  it('of the parts of an order, each is sold once', () => {
    const row = { key: 'A', capacity: 4, parts: ['A1', 'A2', 'A3', 'A4'] };
    const wanting = (parts: string[], conclusion: Conclusion, vu: number) => ({
      ...(round(1, 'A', [conclusion])[0] as Attempt),
      vu,
      parts,
    });
    const readBacks = row.parts.map((part, index) => ({ ...read('after', index < 2 ? 1 : 0), inventory: part }));
    const race = (second: string[]) =>
      history(
        plan({ readBack: true, inventories: [row], contenders: 3, rule: { name: 'overlapping-orders' } }),
        [
          wanting(['A1', 'A2'], ok(201, 'order-1'), 1),
          wanting(second, unclear(200), 2),
          wanting(['A2', 'A3'], refused(), 3),
        ],
        readBacks,
      );
    expect(findingsOf(race(['A2', 'A3']))).toContain('indeterminate');
    expect(findingsOf(race(['A3', 'A4']))).not.toContain('indeterminate');
  });

  it('of a seat that changes hands, it is people that count, and not what they give up', () => {
    const of = (operation: Operation, vu: number, conclusion: Conclusion) => ({
      ...(round(1, 'A', [conclusion])[0] as Attempt),
      vu,
      operation,
    });
    const seat = (...attempts: Attempt[]) =>
      findingsOf(
        history(plan({ readBack: true, contenders: 3, rule: { name: 'cancel-rebook', busy: [423] } }), attempts, [
          read('after', 1),
        ]),
      );
    const rest = [of('book', 2, refused()), of('book', 3, refused())];
    expect(seat(of('book', 1, ok()), of('cancel', 1, unclear(202)), ...rest)).not.toContain('indeterminate');
    expect(seat(of('hold', 1, ok()), of('confirm', 1, unclear(202)), ...rest)).not.toContain('indeterminate');
    expect(seat(of('book', 1, ok()), of('book', 2, unclear(202)), of('book', 3, refused()))).toContain('indeterminate');
  });
});

describe('attempts that nobody planned', () => {
  it('are a doubt: who came too late for the release did not race', () => {
    const more = (count: number) => judge(one([ok(), ...times(3 + count, refused)])).map(({ message }) => message);
    expect(more(0)).toEqual([]);
    expect(more(1)).toEqual(['1 attempt more than planned was made']);
    expect(more(2)).toEqual(['2 attempts more than planned were made']);
  });
});

describe('a server that could not be asked before the race', () => {
  it('may have sold it yesterday: what it holds afterwards is neither a ghost nor a winner', () => {
    const message =
      'the server could not be asked, before the race, who owns 1 of 1 seat: the answer could not be read: status 500';
    const after = read('after', 1, ['x']);
    expect(judge(one(times(4, refused), [unreadBefore, after]))).toMatchObject([{ id: 'read-back-failed', message }]);
    expect(findingsOf(one([unanswered(), ...times(3, refused)], [read('before', 0), after]))).toEqual([]);
    expect(findingsOf(one([unanswered(), ...times(3, refused)], [unreadBefore, after]))).toEqual(['read-back-failed']);
  });

  it('is one doubt, of however many seats', () => {
    const seats = ['A', 'B'].map((key) => ({ key, capacity: 1 }));
    const its = history(
      plan({ inventories: seats, readBack: true }),
      seats.flatMap(({ key }, index) => round(index + 1, key, [ok(201, key), ...times(3, refused)])),
      seats.flatMap(({ key: inventory }): ReadBack[] => [
        { ...unreadBefore, inventory },
        { ...read('after', 1, [inventory]), inventory },
      ]),
    );
    expect(judge(its).map(({ message }) => message)).toEqual([
      'the server could not be asked, before the race, who owns 2 of 2 seats: the answer could not be read: status 500',
    ]);
  });

  it('or was not, because nobody named the inventory: only an acknowledged order shows that it was free', () => {
    const after = read('after', 1, ['order-1']);
    const unplanned = (conclusions: readonly Conclusion[]) => one(conclusions, [after], { inventories: [] });
    expect(findingsOf(unplanned([ok(), ...times(3, refused)]))).toEqual([]);
    expect(judge(unplanned(times(4, refused)))).toMatchObject([
      {
        id: 'read-back-failed',
        message:
          'the server could not be asked, before the race, who owns 1 of 1 seat: ' +
          'name the inventories in the plan, and it is asked about them',
      },
    ]);
    expect(findingsOf(unplanned([unanswered(), ...times(3, refused)]))).toEqual(['read-back-failed']);
  });

  it('is believed in what it said first: one that is asked again in the middle of the race tells of the race', () => {
    const its = [read('before', 0), read('before', 1, ['order-1']), read('after', 1, ['order-1'])];
    expect(findingsOf(one([ok(), ...times(3, refused)], its))).toEqual([]);
  });

  it('and not afterwards either, is said once', () => {
    const unreadable: ReadBack = { ...unreadBefore, when: 'after' };
    expect(judge(one([ok(), ...times(3, refused)], [unreadBefore, unreadable]))).toMatchObject([
      { id: 'read-back-failed', message: 'the server could not be asked who owns 1 of 1 seat: status 500' },
    ]);
  });
});

describe('a list that does not name every order', () => {
  const winners = [ok(201, 'a'), ok(201, 'b'), ok(201, 'c'), refused()];

  it('proves no order lost that is not on it: it may be one page of the list', () => {
    expect(findingsOf(one(winners, [read('after', 3, ['a'])], pool(3)))).toEqual([]);
    expect(findingsOf(one(winners, [read('after', 3, ['a', 'b', 'x'])], pool(3)))).toEqual(['lost-booking']);
  });

  it('but its number of units does', () => {
    expect(findingsOf(one(winners, [read('after', 2, ['a'])], pool(3)))).toEqual(['lost-booking']);
  });
});

describe('the word of the server alone', () => {
  it('is a double booking with a refused attempt for its witness, where nobody was told of a booking', () => {
    expect(judge(one(times(4, refused), [read('after', 2, ['x', 'y'])]))).toMatchObject([
      { id: 'double-booking', witness: [{ vu: 1 }] },
    ]);
  });

  it('accuses nobody of what nobody went for', () => {
    const its = one([], [read('before', 1), read('after', 3)], pool(2));
    expect(findingsOf(its)).toEqual(['incomplete']);
  });
});
