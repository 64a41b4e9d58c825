import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, Operation, Plan, ReadBack } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { history, ok, plan, refused, round, serverError, stored, times, unanswered } from '../support/histories.ts';
import { idsOf } from '../support/judged.ts';

/** What nobody knows accuses nobody, and earns no pass. In pairs: a history that proves something, and a twin that does not. */

const one = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[] = [], overrides: Partial<Plan> = {}) =>
  history(plan({ readBack: readBacks.length > 0, ...overrides }), round(1, 'A', conclusions), readBacks);

const unreadBefore: ReadBack = { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' };
const pool = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });

describe('an attempt that is missing from the history may have booked', () => {
  const gone = ['weak-contention', 'incomplete'];

  it('so a race without a known winner is no violation, unless the server says that the seat is free', () => {
    const losers = (count: number) => [refused(423), ...times(count - 1, refused)];
    expect(idsOf(one(losers(4)))).toEqual(['no-winner']);
    expect(idsOf(one(losers(3)))).toEqual(gone);
    expect(idsOf(one(losers(3), [stored(0)]))).toEqual(['no-winner', ...gone]);
  });

  it('so a booking on the server is no ghost', () => {
    expect(idsOf(one(times(4, refused), [stored(1, ['x'])]))).toEqual(['ghost-booking']);
    expect(idsOf(one(times(3, refused), [stored(1, ['x'])]))).toEqual(gone);
  });

  it('so no unit of a pool surely stayed unsold', () => {
    const sold = (losers: number) => one([ok(201, 'a'), ok(201, 'b'), ...times(losers, refused)], [], pool(3));
    expect(idsOf(sold(2))).toEqual(['unsold']);
    expect(idsOf(sold(1))).toEqual(gone);
  });

  it('and an attempt that is recorded twice does not replace it', () => {
    const twice = one([ok(), ...times(3, refused)]);
    const attempts = twice.attempts.map((attempt) => ({ ...attempt, vu: Math.min(attempt.vu, 3) }));
    expect(judge({ ...twice, attempts })).toMatchObject([
      { id: 'incomplete', message: '3 of 4 planned attempts were made' },
    ]);
  });
});

describe('a contender with a reset connection or a waiting page may never have been in the race', () => {
  const race = (answered: number, others: Conclusion) =>
    one([ok(), ...times(answered - 1, refused), ...times(10 - answered, () => others)], [stored(1, ['order-1'])], {
      contenders: 10,
    });
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
  ])('whatever the read-back says: %s', (_what, others) => {
    expect(idsOf(race(5, others))).toEqual([]);
    expect(judge(race(4, others))).toMatchObject([
      {
        id: 'weak-contention',
        message:
          'seat A was not fought over as planned: at most 4, not counting those that may never have arrived or were not understood, were in flight at once; required: 5',
      },
    ]);
  });

  it('but a contender that the target kept waiting, or refused in an unknown way, was', () => {
    expect(idsOf(race(1, unanswered('timeout')))).toEqual([]);
    expect(idsOf(race(1, { ...page, cause: 'unexpected' }))).toEqual([]);
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
  const settled = (conclusions: readonly Conclusion[], overrides: Partial<Plan> = {}, units = 1) =>
    one(conclusions, [stored(units, ['order-1'])], overrides);

  it('so a server that says yes to everybody and stores one order earns no pass', () => {
    for (const status of [200, 302, 409]) {
      expect(judge(settled(times(4, () => unclear(status))))).toMatchObject([
        { id: 'untold-booking', severity: 'doubt' },
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
    const answers = [ok(), unclear(200, 'unreadable'), ...times(2, refused)];
    expect(judge(settled(answers))).toMatchObject([
      {
        id: 'indeterminate',
        message:
          'seat A: 1 answer is neither a success nor a refusal as configured: 200 (1×); the read-back says what is stored, ' +
          'not what was promised',
      },
    ]);
  });

  it('but the read-back settles what it promised if there are units enough, or if the answer was an error', () => {
    expect(idsOf(settled([unclear(201, 'unreadable'), ...times(3, refused)]))).toEqual(['untold-booking']);
    expect(idsOf(settled([ok(201, 'order-1'), unclear(201), ...times(2, refused)], pool(2), 2))).toEqual([
      'untold-booking',
    ]);
    expect(idsOf(settled([ok(201, 'order-1'), ...times(3, () => noPromise)]))).toEqual([]);
  });

  it('and units that were sold before are not there to promise', () => {
    const soldBefore = (units: number) => [stored(units, [], 'before'), stored(2)];
    const twoSaidYes = [ok(201, 'order-1'), unclear(200), ...times(2, refused)];
    expect(idsOf(one(twoSaidYes, soldBefore(0), pool(2)))).toEqual(['untold-booking']);
    expect(idsOf(one(twoSaidYes, soldBefore(1), pool(2)))).toEqual(['indeterminate']);
  });

  it('and each part of an order is sold once', () => {
    const row = { key: 'A', capacity: 4, parts: ['A1', 'A2', 'A3', 'A4'] };
    const wanting = (parts: string[], conclusion: Conclusion, vu: number) => ({
      ...(round(1, 'A', [conclusion])[0] as Attempt),
      vu,
      parts,
    });
    const readBacks = row.parts.map((part, index) => ({ ...stored(index < 2 ? 1 : 0), inventory: part }));
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
    expect(idsOf(race(['A2', 'A3']))).toContain('indeterminate');
    expect(idsOf(race(['A3', 'A4']))).not.toContain('indeterminate');
  });

  it('and for a seat that changes hands, people count, and cancellations do not', () => {
    const of = (operation: Operation, vu: number, conclusion: Conclusion) => ({
      ...(round(1, 'A', [conclusion])[0] as Attempt),
      vu,
      operation,
    });
    const seat = (...attempts: Attempt[]) =>
      idsOf(
        history(plan({ readBack: true, contenders: 3, rule: { name: 'cancel-rebook', busy: [423] } }), attempts, [
          stored(1),
        ]),
      );
    const rest = [of('book', 2, refused()), of('book', 3, refused())];
    expect(seat(of('book', 1, ok()), of('cancel', 1, unclear(202)), ...rest)).not.toContain('indeterminate');
    expect(seat(of('hold', 1, ok()), of('confirm', 1, unclear(202)), ...rest)).not.toContain('indeterminate');
    expect(seat(of('book', 1, ok()), of('book', 2, unclear(202)), of('book', 3, refused()))).toContain('indeterminate');
  });
});

describe('attempts that nobody planned', () => {
  it('are a doubt: contenders that came too late for the release did not race', () => {
    const more = (count: number) => judge(one([ok(), ...times(3 + count, refused)])).map(({ message }) => message);
    expect(more(0)).toEqual([]);
    expect(more(1)).toEqual(['1 attempt more than planned was made']);
    expect(more(2)).toEqual(['2 attempts more than planned were made']);
  });
});

describe('a server that could not be asked before the race', () => {
  it('may have sold the seat yesterday: a booking afterwards is neither a ghost nor a winner', () => {
    const message =
      'the server could not be asked, before the race, who owns 1 of 1 seat: the answer could not be read: status 500';
    const after = stored(1, ['x']);
    expect(judge(one(times(4, refused), [unreadBefore, after]))).toMatchObject([{ id: 'read-back-failed', message }]);
    expect(idsOf(one([unanswered(), ...times(3, refused)], [stored(0, [], 'before'), after]))).toEqual([
      'untold-booking',
    ]);
    expect(idsOf(one([unanswered(), ...times(3, refused)], [unreadBefore, after]))).toEqual(['read-back-failed']);
  });

  it('is one doubt, for any number of seats', () => {
    const seats = ['A', 'B'].map((key) => ({ key, capacity: 1 }));
    const race = history(
      plan({ inventories: seats, readBack: true }),
      seats.flatMap(({ key }, index) => round(index + 1, key, [ok(201, key), ...times(3, refused)])),
      seats.flatMap(({ key: inventory }): ReadBack[] => [
        { ...unreadBefore, inventory },
        { ...stored(1, [inventory]), inventory },
      ]),
    );
    expect(judge(race).map(({ message }) => message)).toEqual([
      'the server could not be asked, before the race, who owns 2 of 2 seats: the answer could not be read: status 500',
    ]);
  });

  it('or was not asked, because the plan names no inventory: only an acknowledged order proves that it was free', () => {
    const after = stored(1, ['order-1']);
    const unplanned = (conclusions: readonly Conclusion[]) => one(conclusions, [after], { inventories: [] });
    expect(idsOf(unplanned([ok(), ...times(3, refused)]))).toEqual([]);
    expect(judge(unplanned(times(4, refused)))).toMatchObject([
      {
        id: 'read-back-failed',
        message:
          'the server could not be asked, before the race, who owns 1 of 1 seat: ' +
          'name the inventories in the plan, and it is asked about them',
      },
    ]);
    expect(idsOf(unplanned([unanswered(), ...times(3, refused)]))).toEqual(['read-back-failed']);
  });

  it('counts by the first answer: a second one may come from the middle of the race', () => {
    const answers = [stored(0, [], 'before'), stored(1, ['order-1'], 'before'), stored(1, ['order-1'])];
    expect(idsOf(one([ok(), ...times(3, refused)], answers))).toEqual([]);
  });

  it('and not afterwards either, is reported once', () => {
    const unreadable: ReadBack = { ...unreadBefore, when: 'after' };
    expect(judge(one([ok(), ...times(3, refused)], [unreadBefore, unreadable]))).toMatchObject([
      { id: 'read-back-failed', message: 'the server could not be asked who owns 1 of 1 seat: status 500' },
    ]);
  });
});

describe('a list that does not name every order', () => {
  const winners = [ok(201, 'a'), ok(201, 'b'), ok(201, 'c'), refused()];

  it('proves no order lost: it may be one page of the list', () => {
    expect(idsOf(one(winners, [stored(3, ['a'])], pool(3)))).toEqual([]);
    expect(idsOf(one(winners, [stored(3, ['a', 'b', 'x'])], pool(3)))).toEqual(['lost-booking']);
  });

  it('but too few units do', () => {
    expect(idsOf(one(winners, [stored(2, ['a'])], pool(3)))).toEqual(['lost-booking']);
  });
});

describe('the word of the server alone', () => {
  it('proves a double booking, with a refused attempt as the witness, if nobody was told of a booking', () => {
    expect(judge(one(times(4, refused), [stored(2, ['x', 'y'])]))).toMatchObject([
      { id: 'double-booking', witness: [{ vu: 1 }] },
    ]);
  });

  it('accuses nobody if nobody went for it', () => {
    const race = one([], [stored(1, [], 'before'), stored(3)], pool(2));
    expect(idsOf(race)).toEqual(['incomplete']);
  });
});
