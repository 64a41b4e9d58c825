import { describe, expect, it } from 'vitest';
import type { Attempt, ReadBack } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  asking,
  history,
  ok,
  operation,
  plan,
  refused,
  round,
  ruled,
  says,
  serverError,
  stored,
  times,
  unanswered,
  unrecognised,
} from '../support/histories.ts';

const found = (...race: Parameters<typeof history>) =>
  judge(history(...race)).map(({ id, severity }) => [severity, id]);
const unsettled = (answer: ReadBack) => ({ ...answer, unsettled: true }) as ReadBack;
const empty = stored(0, [], 'before');

describe('everybody was refused, yet the server holds the seat', () => {
  const refusals = round(1, 'A', [refused(), ...times(3, () => refused(409, 'busy'))]);

  it.each([
    { name: 'cancel-rebook', busy: [] },
    { name: 'hold-confirm', leaseMs: 300, toleranceMs: 20, busy: [] },
  ] as const)('is a ghost under $name', (rule) => {
    const seat = ruled(rule, 4, { readBack: true });
    expect(found(seat, refusals, [empty, stored(1, ['x'])])).toEqual([['violation', 'ghost-booking']]);
    expect(found(seat, refusals, [empty, stored(0)])).toEqual([['violation', 'no-winner']]);
    // The one whose attempt is missing may have booked it.
    expect(found({ ...seat, contenders: 5 }, refusals, [empty, stored(1, ['x'])])).not.toContainEqual([
      'violation',
      'ghost-booking',
    ]);
  });
});

describe('a winner among answers that nobody understood', () => {
  const race = (rivals: readonly ReturnType<typeof refused>[]) =>
    found(plan({ readBack: true }), round(1, 'A', [ok(), ...rivals]), [stored(1, ['order-1'])]);

  it('had no rivals, where most requests may have been wrong', () => {
    expect(race(times(3, () => unrecognised(404)))).toEqual([['doubt', 'weak-contention']]);
  });

  it('had enough rivals, where half of the contenders were understood', () => {
    expect(race([refused(), ...times(2, () => unrecognised(404))])).toEqual([]);
  });
});

describe('a read-back that still changes', () => {
  const seats = plan({ readBack: true, settleMs: 100 });
  const sold = round(1, 'A', [ok(), ...times(3, refused)]);

  it('does not prove that an order is lost', () => {
    expect(found(seats, sold, [unsettled(stored(0))])).toEqual([
      ['doubt', 'lost-booking'],
      ['doubt', 'undecided'],
    ]);
    expect(found(seats, sold, [stored(0)])).toEqual([['violation', 'lost-booking']]);
  });

  it('does not prove that a key lost its order', () => {
    const keys = ruled({ name: 'double-submit', inProgress: [409] }, 4, { readBack: true, settleMs: 100 });
    const repeated = asking(
      round(1, 'A', times(4, ok)),
      times(4, refused).map(() => ({ idempotencyKey: 'k' })),
    );
    expect(found(keys, repeated, [empty, unsettled(stored(0))])).toContainEqual(['doubt', 'lost-booking']);
    expect(found(keys, repeated, [empty, stored(0)])).toContainEqual(['violation', 'lost-booking']);
  });

  it('does not prove that units are left', () => {
    const pool = ruled({ name: 'quota' }, 4, { readBack: true, inventories: [{ key: 'A', capacity: 3 }] });
    const race = round(1, 'A', [ok(), ok(201, 'order-2'), refused(), refused()]);
    const answer = stored(2, ['order-1', 'order-2']);
    expect(found(pool, race, [unsettled(answer)])).toContainEqual(['doubt', 'unsold']);
    expect(found(pool, race, [answer])).toContainEqual(['violation', 'unsold']);
  });

  it('does not prove that nobody got it, where somebody was not answered', () => {
    const race = round(1, 'A', [refused(), refused(409, 'busy'), ...times(2, unanswered)]);
    expect(found(seats, race, [unsettled(stored(0))])).toEqual([['doubt', 'undecided']]);
    expect(found(seats, race, [stored(0)])).toEqual([['violation', 'no-winner']]);
  });

  it('does not prove that an order has only half of its parts', () => {
    const row = ruled({ name: 'overlapping-orders' }, 2, {
      readBack: true,
      inventories: [{ key: 'A', capacity: 3, parts: ['a', 'b', 'c'] }],
    });
    const race = asking(round(1, 'A', [ok(), refused()]), [{ parts: ['a', 'b'] }, { parts: ['b', 'c'] }]);
    const answers = ['a', 'b', 'c'].map(
      (inventory, index): ReadBack => ({
        ...stored(index === 0 ? 1 : 0, index === 0 ? ['order-1'] : []),
        inventory,
      }),
    );
    expect(found(row, race, answers.map(unsettled))).toContainEqual(['doubt', 'half-filled']);
    expect(found(row, race, answers)).toContainEqual(['violation', 'half-filled']);
  });

  it('does not contradict the owner of a seat', () => {
    const seat = ruled({ name: 'cancel-rebook', busy: [] }, 4, { readBack: true, settleMs: 100 });
    const race: Attempt[] = [
      ...round(1, 'A', [ok(201, 'a'), ...times(3, refused)]),
      operation(1, 'cancel', ok(200, 'c'), [200, 210], 2),
      operation(2, 'book', ok(201, 'b'), [201, 230], 2),
      operation(3, 'book', refused(), [201, 225], 2),
      operation(4, 'book', refused(), [201, 225], 2),
    ];
    expect(found(seat, race, [empty, unsettled(stored(0))])).toEqual([['doubt', 'undecided']]);
    expect(found(seat, race, [empty, stored(0)])).toEqual([['violation', 'lost-booking']]);
  });
});

describe('two idempotency keys and a server that only says "taken"', () => {
  const rule = ruled({ name: 'double-submit', inProgress: [409] }, 4, { readBack: true });
  const answers = [says('free', 'before'), says('taken')];
  const under = (keys: readonly string[], ...conclusions: Parameters<typeof round>[2]) =>
    found(
      rule,
      asking(
        round(1, 'A', conclusions),
        keys.map((idempotencyKey) => ({ idempotencyKey })),
      ),
      answers,
    );

  it('lost no order: "taken" is no number', () => {
    expect(under(['a', 'a', 'b', 'b'], ok(201, 'x'), ok(201, 'x'), ok(201, 'y'), ok(201, 'y'))).toEqual([]);
  });

  it('lost both where it says "free"', () => {
    const granted = asking(
      round(1, 'A', [ok(201, 'x'), ok(201, 'x'), ok(201, 'y'), ok(201, 'y')]),
      ['a', 'a', 'b', 'b'].map((idempotencyKey) => ({ idempotencyKey })),
    );
    expect(found(rule, granted, [says('free', 'before'), says('free')])).toEqual([['violation', 'lost-booking']]);
  });

  it('is accused where both were refused', () => {
    const refusals = [refused(), ...times(3, () => refused(409, 'busy'))];
    expect(under(['a', 'a', 'b', 'b'], ...refusals)).toEqual([['violation', 'ghost-booking']]);
  });

  it('may have kept what was never answered', () => {
    const broken = times(2, () => serverError());
    expect(under(['a', 'a', 'b', 'b'], ok(201, 'x'), ok(201, 'x'), ...broken).map(([, id]) => id)).toContain(
      'indeterminate',
    );
  });
});

describe('an order that got nothing, as its answer says', () => {
  it('is not lost where the server does not have it', () => {
    const pool = ruled({ name: 'quota' }, 3, { readBack: true, inventories: [{ key: 'A', capacity: 2 }] });
    const race = (granted: number) =>
      round(1, 'A', [{ ...ok(201, 'x'), granted } as ReturnType<typeof ok>, ok(201, 'y'), ok(201, 'z')]);
    expect(found(pool, race(0), [stored(2, ['y', 'z'])])).toEqual([]);
    expect(found(pool, race(1), [stored(2, ['y', 'z'])])).toContainEqual(['violation', 'lost-booking']);
  });

  it('is no winner where everybody else was refused', () => {
    const pool = ruled({ name: 'quota' }, 3, { inventories: [{ key: 'A', capacity: 2 }] });
    const race = (granted: number) => [
      ...round(1, 'A', [
        { ...ok(201, 'x'), granted } as ReturnType<typeof ok>,
        ...times(2, () => refused(423, 'locked')),
      ]),
    ];
    expect(judge(history(pool, race(0))).map(({ message }) => message)).toEqual([
      'nobody got seat A: each of 3 attempts was refused or granted nothing',
    ]);
    expect(found(pool, race(2))).toEqual([]);
  });
});

describe('a key whose attempts were refused or not answered', () => {
  const rule = ruled({ name: 'double-submit', inProgress: [409] }, 4, { readBack: true });
  const race = asking(
    round(1, 'A', [refused(), refused(409, 'busy'), ...times(2, unanswered)]),
    times(4, refused).map(() => ({ idempotencyKey: 'k' })),
  );

  it('got no order where the server holds none', () => {
    expect(found(rule, race, [empty, stored(0)])).toEqual([['violation', 'no-winner']]);
    expect(found(rule, race, [empty, unsettled(stored(0))])).toEqual([['doubt', 'undecided']]);
  });

  it('may have got it where the server holds one', () => {
    expect(found(rule, race, [empty, stored(1, ['x'])])).toEqual([['doubt', 'untold-booking']]);
  });
});

describe('a success that grants nothing, and an answer that nobody understood', () => {
  it('leave the round unrecognised', () => {
    const race = round(1, 'A', [
      { ...ok(), granted: 0 } as ReturnType<typeof ok>,
      refused(),
      refused(),
      unrecognised(404),
    ]);
    expect(found(plan({ readBack: true }), race, [stored(0)])).toEqual([['doubt', 'unrecognised']]);
  });
});
