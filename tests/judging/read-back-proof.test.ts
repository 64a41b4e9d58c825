import { describe, expect, it } from 'vitest';
import type { Conclusion, Plan, ReadBack } from '../../model/index.ts';
import { remarksOf } from '../../plugin/src/judging/index.ts';
import {
  asking,
  history,
  nameless,
  ok,
  pending,
  plan,
  refused,
  round,
  ruled,
  says,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** What the answer of a server proves: how many, whose, or neither. */

const one = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[], overrides: Partial<Plan> = {}) =>
  history(
    plan({ contenders: conclusions.length, readBack: true, ...overrides }),
    round(1, 'A', conclusions),
    readBacks,
  );
const pool = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });
const winners = [ok(201, 'a'), ok(201, 'b'), ok(201, 'c')];
const fresh = says('free', 'before');

describe('a read-back that only says "taken" or "free" of a pool', () => {
  it.each([says('taken'), says('free')])('loses no booking: %#', (after) => {
    expect(idsOf(one([...winners, refused()], [fresh, after], pool(3)))).toEqual([]);
  });

  it('leaves a doubt about what stayed unsold by the answers: it may have been sold before', () => {
    const two = [ok(201, 'a'), ok(201, 'b'), refused(), refused()];
    const unsold = 'seat A: 1 unit of 3 stayed unsold, while 2 contenders were refused';
    expect(said(one(two, [fresh, says('taken')], pool(3)))).toEqual([
      ['doubt unsold', `${unsold}; the read-back cannot count, so it does not tell whether they were sold before`, [3]],
    ]);
    expect(idsOf(one(two, [says('taken', 'before'), says('taken')], pool(3)))).toEqual(['read-back-failed']);
    // A server that says "free" and refuses contradicts itself.
    expect(said(one(two, [fresh, says('free')], pool(3)))).toEqual([['violation unsold', unsold, [3]]]);
    expect(said(one(two, [stored(2, ['a', 'b'])], pool(3)))).toEqual([['violation unsold', unsold, [3]]]);
  });

  it('may say "free" while a queue still works', () => {
    const queued = [ok(201, 'a'), pending(), refused(), refused()];
    expect(said(one(queued, [fresh, says('free')], pool(3))).map(([kind]) => kind)).toEqual([
      'doubt unsold',
      'doubt undecided',
    ]);
  });

  it('settles no attempt', () => {
    const race = (after: ReadBack) => one([...winners.slice(1), unanswered(), refused()], [fresh, after], pool(3));
    expect(idsOf(race(says('taken')))).toEqual(['indeterminate']);
    expect(idsOf(race(stored(2, ['b', 'c'])))).toEqual(['unsold']);
  });

  it('holds a ghost only where it turned from "free" to "taken" and nothing can have been sold', () => {
    const race = (before: ReadBack[], after: ReadBack, conclusions = times(3, refused)) =>
      idsOf(one(conclusions, [...before, after], pool(2))).filter((id) => id === 'ghost-booking');
    expect(race([fresh], says('taken'))).toEqual(['ghost-booking']);
    expect(race([says('taken', 'before')], says('taken'))).toEqual([]);
    expect(race([], says('taken'))).toEqual([]);
    expect(race([fresh], says('free'))).toEqual([]);
    expect(race([fresh], says('taken'), [unanswered(), refused(), refused()])).toEqual([]);
    expect(said(one(times(3, refused), [fresh, says('taken')], pool(2)))).toContainEqual([
      'violation ghost-booking',
      'seat A: the server says that it is taken, but at most 0 of the attempts can have made one',
      [1],
    ]);
  });

  it('shows that somebody bought something and was not told, in the same way', () => {
    const limits = { ...plan().limits, serverErrors: 9 };
    const race = (winner: Conclusion) =>
      one([winner, refused(), refused()], [fresh, says('taken')], { ...pool(2), limits });
    expect(said(race(serverError()))).toEqual([
      [
        'violation untold-booking',
        'seat A: the server holds something that no buyer was told of; the attempts that may have bought it ended with 500 (1×)',
        [1],
      ],
      ['doubt indeterminate', 'seat A: 1 attempt may or may not have booked it: server-error (1×)', [1]],
    ]);
  });

  it('cannot say what was there before the race, where it says "taken"', () => {
    expect(said(one([...winners, refused()], [says('taken', 'before'), says('taken')], pool(3)))).toEqual([
      [
        'doubt read-back-failed',
        'the server could not be asked, before the race, who owns 1 of 1 seat: it says that some is taken, and not how much',
        [],
      ],
    ]);
  });

  it('is no worse than any other where there is one of it', () => {
    expect(idsOf(one([ok(), ...times(3, refused)], [fresh, says('taken')]))).toEqual([]);
    expect(idsOf(one([ok(), ...times(3, refused)], [fresh, says('free')]))).toEqual(['lost-booking']);
    expect(idsOf(one(times(3, refused), [fresh, says('taken')]))).toEqual(['ghost-booking']);
  });

  it('counts where it names orders elsewhere: "free" without an order is then none', () => {
    expect(idsOf(one([...winners, refused()], [fresh, stored(3, ['a', 'b', 'c'])], pool(3)))).toEqual([]);
    expect(idsOf(one([...winners, refused()], [fresh, stored(2, ['a', 'b'])], pool(3)))).toEqual(['lost-booking']);
    const elsewhere: ReadBack = { ...stored(1, ['z']), inventory: 'B' };
    expect(idsOf(one([...winners, refused()], [fresh, says('free'), elsewhere], pool(3)))).toEqual(['lost-booking']);
    expect(idsOf(one([...winners, refused()], [fresh, says('taken'), elsewhere], pool(3)))).toEqual([]);
  });

  it('is a note of the run, once', () => {
    const note =
      'This read-back cannot count: it only says "taken" or "free", which proves nothing about how many of the 3 units of ' +
      'seat A are sold. Let readBack.units or readBack.orderIds say it.';
    expect(remarksOf(one([...winners, refused()], [fresh, says('taken')], pool(3))).notes).toEqual([note]);
    expect(remarksOf(one([...winners, refused()], [stored(3)], pool(3))).notes).toEqual([]);
    expect(remarksOf(one([ok(), refused()], [fresh, says('taken')])).notes).toEqual([]);
    const two = one([], [fresh, says('taken'), { ...says('taken'), inventory: 'B' }], {
      inventories: ['A', 'B'].map((key) => ({ key, capacity: 3 })),
    });
    expect(remarksOf(two).notes).toEqual([note.replace('seat A', 'seat A and 1 more')]);
  });

  it('proves no duplicate and no loss under double-submit either', () => {
    const race = (after: ReadBack) =>
      history(
        ruled({ name: 'double-submit', inProgress: [409] }, 4, { readBack: true, ...pool(2) }),
        asking(
          round(1, 'A', [ok(201, 'a'), ok(201, 'a'), ok(201, 'b'), ok(201, 'b')]),
          ['k', 'k', 'l', 'l'].map((idempotencyKey) => ({ idempotencyKey, fingerprint: 'f' })),
        ),
        [fresh, after],
      );
    expect(idsOf(race(says('taken')))).toEqual([]);
    expect(idsOf(race(says('free')))).toEqual([]);
    expect(idsOf(race(stored(1)))).toEqual(['lost-booking']);
  });
});

describe('a count', () => {
  it('says how many bookings are missing, and never whose', () => {
    expect(said(one([nameless(), nameless(), nameless(), refused()], [stored(1)], pool(3)))).toContainEqual([
      'violation lost-booking',
      'seat A: 3 bookings were acknowledged, but the server does not have 2 of them',
      [1, 2, 3],
    ]);
    expect(said(one([...winners, refused()], [stored(1)], pool(3)))).toContainEqual([
      'violation lost-booking',
      'seat A: 3 bookings were acknowledged, but the server does not have 2 of them',
      [1, 2, 3],
    ]);
    // With their ids, the server says whose.
    expect(said(one([...winners, refused()], [stored(1, ['b'])], pool(3)))).toContainEqual([
      'violation lost-booking',
      'seat A: the order a, c was acknowledged, but the server does not have it',
      [1, 3],
    ]);
  });

  it('misses only what was acknowledged here, and not what was there before', () => {
    expect(
      said(one([ok(201, 'a'), refused()], [stored(1, [], 'before'), stored(0, [], 'after')], pool(3))),
    ).not.toContainEqual(['violation lost-booking', expect.any(String), expect.any(Array)]);
    const kept = one([ok(201, 'a'), refused()], [stored(2, ['o', 'p'], 'before'), stored(0)], pool(4));
    expect(said(kept)).toContainEqual([
      'violation lost-booking',
      'seat A: the order a was acknowledged, but the server does not have it',
      [1],
    ]);
  });
});

describe('ids that are longer than what is shown', () => {
  const long = (end: string) => `${'x'.repeat(100)}…#${end}`;

  it('are compared as a whole', () => {
    const race = (id: string) => one([ok(201, long('a')), refused(), refused()], [stored(1, [long(id)])]);
    expect(idsOf(race('a'))).toEqual([]);
    expect(idsOf(race('b'))).toEqual(['lost-booking']);
    const submitted = (id: string) =>
      history(
        ruled({ name: 'double-submit', inProgress: [409] }, 2),
        asking(
          round(1, 'A', [ok(201, long('a')), ok(201, long(id))]),
          times(2, refused).map(() => ({ idempotencyKey: 'k', fingerprint: 'f' })),
        ),
      );
    expect(idsOf(submitted('a'))).toEqual([]);
    expect(idsOf(submitted('b'))).toEqual(['duplicate-order']);
  });
});

describe('a number that may be counting what is left', () => {
  const left = (units: number, when: ReadBack['when'] = 'after') => stored(units, [], when);
  const three = [...winners, refused()];

  it('goes down by what was sold, and then accuses nobody', () => {
    expect(said(one(three, [left(3, 'before'), left(0)], pool(5)))).toContainEqual([
      'doubt read-back-failed',
      'the server could not be asked who owns 1 of 1 seat: its number went down from 3 to 0 while 3 were sold: it may be counting what is left',
      [],
    ]);
    expect(idsOf(one(three, [left(3, 'before'), left(0)], pool(3)))).toEqual(['read-back-failed']);
  });

  it('may go down by an attempt without an answer as well', () => {
    const race = (after: number) =>
      idsOf(one([...winners, unanswered(), refused()], [left(4, 'before'), left(after)], pool(4)));
    expect(race(0)).toEqual(['indeterminate', 'read-back-failed']);
    expect(race(1)).toEqual(['indeterminate', 'read-back-failed']);
    expect(race(2)).toContain('double-booking');
  });

  it('is a loss where orders are named, or where it does not go down by what was sold', () => {
    expect(idsOf(one(three, [stored(3, ['x', 'y', 'z'], 'before'), left(0)], pool(6)))).toContain('lost-booking');
    expect(idsOf(one(three, [left(5, 'before'), left(1)], pool(9)))).toContain('lost-booking');
    expect(idsOf(one(times(3, refused), [left(1, 'before'), left(0)], pool(3)))).not.toContain('read-back-failed');
  });

  it('is no such number where seats change hands', () => {
    const rule = { name: 'cancel-rebook', busy: [423] } as const;
    const race = history(ruled(rule, 3, { readBack: true }), round(1, 'A', [ok(), refused(), refused()]), [
      left(1, 'before'),
      left(0),
    ]);
    expect(idsOf(race)).not.toContain('read-back-failed');
  });

  it('was judged as a loss in a history of version 2', () => {
    const race = one(three, [left(3, 'before'), left(0)], pool(3));
    expect(idsOf({ ...race, run: { ...race.run, version: 2 } })).toEqual(['double-booking', 'lost-booking']);
  });

  const hint = ' If nothing of it is sold, the read-back may be counting what is left';
  const skipped = (...before: ReadBack[]) =>
    said(one([], before, pool(3))).map(([, message]) => message.split('.')[1] ?? '');

  it('makes everything look taken before the race', () => {
    expect(skipped(left(3, 'before'))[0]).toBe(hint);
    expect(skipped(left(4, 'before'))[0]).toBe('');
    expect(skipped(stored(3, ['x', 'y', 'z'], 'before'))[0]).toBe('');
    expect(said(one([], [says('taken', 'before')]))[0]?.[1]).not.toContain(hint);
  });

  it('says so only where everything was taken', () => {
    const two = { inventories: ['A', 'B'].map((key) => ({ key, capacity: 3 })) };
    expect(said(one([], [left(3, 'before')], two))[0]?.[1]).not.toContain(hint);
    expect(
      said(one([], [left(3, 'before'), { ...left(3, 'before'), inventory: 'B' }], two)).map(([, message]) => message),
    ).toEqual([expect.stringContaining(hint), expect.stringContaining(hint)]);
  });
});
