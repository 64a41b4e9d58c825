import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conclusion, type History, type Plan, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { asking, history, ok, refused, round, ruled, times, unanswered } from '../support/histories.ts';

/** Pools of which orders take several units, coupons with a number of uses, people with a limit. */

const said = (its: History) =>
  judge(its).map(({ id, severity, message, witness }) => [`${severity} ${id}`, message, witness.map(({ vu }) => vu)]);
const held = (units: number, orderIds: string[] = []): ReadBack => ({
  inventory: 'A',
  when: 'after',
  kind: 'read',
  units,
  orderIds,
});
const no = () => refused(409, 'sold out');

/** Each contender wants so many units, and gets them or not. */
const pool = (
  capacity: number,
  wants: readonly (readonly [units: number, conclusion: Conclusion])[],
  readBacks: readonly ReadBack[] = [],
  overrides: Partial<Plan> = {},
) =>
  history(
    ruled({ name: 'quota' }, wants.length, {
      inventories: [{ key: 'A', capacity }],
      readBack: readBacks.length > 0,
      ...overrides,
    }),
    asking(
      round(
        1,
        'A',
        wants.map(([, conclusion]) => conclusion),
      ),
      wants.map(([units]) => ({ units })),
    ),
    readBacks,
  );

describe('a quota', () => {
  it.each<[string, History]>([
    [
      'is sold to the last unit',
      pool(6, [
        [4, ok()],
        [2, ok()],
        [1, no()],
        [3, no()],
      ]),
    ],
    [
      'has three left for one who wants four',
      pool(7, [
        [4, ok()],
        [4, no()],
        [4, no()],
      ]),
    ],
    [
      'is sold to the last unit, and the server says so',
      pool(
        6,
        [
          [4, ok(201, 'a')],
          [2, ok(201, 'b')],
          [1, no()],
        ],
        [held(6, ['a', 'b'])],
      ),
    ],
    [
      'may be sold out by an order that was not answered',
      pool(
        4,
        [
          [2, ok(201, 'a')],
          [2, unanswered()],
          [1, no()],
        ],
        [held(4, ['a', 'b'])],
      ),
    ],
    [
      'grants fewer units than were wanted',
      pool(5, [
        [4, ok()],
        [4, { ...ok(), granted: 1 } as Conclusion],
        [1, no()],
      ]),
    ],
  ])('passes where it %s', (_what, its) => {
    expect(said(its)).toEqual([]);
  });

  it.each<[string, History, (string | number[])[][]]>([
    [
      'one unit more than there is',
      pool(6, [
        [4, ok()],
        [3, ok()],
        [1, no()],
      ]),
      [
        [
          'violation double-booking',
          'seat A (capacity 6) was sold more than once: 2 contenders were told that they booked it, 7 units in all',
          [1, 2],
        ],
      ],
    ],
    [
      'one unit more than there is, by the word of the server',
      pool(
        6,
        [
          [4, ok(201, 'a')],
          [2, ok(201, 'b')],
          [1, no()],
        ],
        [held(7, ['a', 'b', 'c'])],
      ),
      [
        [
          'violation double-booking',
          'seat A (capacity 6) was sold more than once: 2 contenders were told that they booked it, 6 units in all; the server holds 7 bookings of it',
          [1, 2],
        ],
      ],
    ],
    [
      'units that stay unsold, and somebody wanted no more than those',
      pool(6, [
        [4, ok()],
        [2, no()],
        [4, no()],
      ]),
      [['violation unsold', 'seat A: 2 units of 6 stayed unsold, while 1 contender was refused', [2]]],
    ],
    [
      'units that stay unsold, of which nobody was told but that they are locked',
      pool(6, [
        [4, ok()],
        [2, refused(423)],
        [2, refused(423)],
      ]),
      [
        [
          'doubt unsold',
          'seat A: 2 units of 6 stayed unsold, while 2 contenders were told that they are locked (423), and did not ask again',
          [2],
        ],
      ],
    ],
    [
      'units that stay unsold, and one was told that they are locked, and another that there are none',
      pool(6, [
        [4, ok()],
        [2, refused(423)],
        [2, no()],
      ]),
      [['violation unsold', 'seat A: 2 units of 6 stayed unsold, while 1 contender was refused', [3]]],
    ],
    [
      'units that stay unsold even if the unanswered order got its own',
      pool(7, [
        [3, ok()],
        [2, unanswered()],
        [2, no()],
      ]),
      [
        ['violation unsold', 'seat A: 2 units of 7 stayed unsold, while 1 contender was refused', [3]],
        ['doubt indeterminate', 'seat A: 1 attempt may or may not have booked it: timeout (1×)', [2]],
        ['doubt weak-contention', 'seat A was not fought over: 7 units were wanted of 7', []],
      ],
    ],
    [
      'an order of several units that the server has only in part',
      pool(
        6,
        [
          [4, ok(201, 'a')],
          [2, ok(201, 'b')],
          [1, no()],
        ],
        [held(5)],
      ),
      [['violation lost-booking', 'seat A: the order b was acknowledged, but the server does not have it', [2]]],
    ],
    [
      'units that nobody can have booked',
      pool(
        6,
        [
          [4, ok(201, 'a')],
          [4, no()],
          [4, no()],
        ],
        [held(5, ['a', 'x'])],
      ),
      [
        [
          'violation ghost-booking',
          'seat A: the server holds 5 bookings (a, x), but at most 4 of its units can have been booked',
          [1],
        ],
      ],
    ],
    [
      'nobody who gets any',
      pool(6, [
        [4, no()],
        [4, no()],
      ]),
      [['violation no-winner', 'nobody got seat A: each of 2 attempts was refused', [1]]],
    ],
    [
      'enough for all, so that it was no race',
      pool(9, [
        [4, ok()],
        [4, ok()],
      ]),
      [['doubt weak-contention', 'seat A was not fought over: 8 units were wanted of 9', []]],
    ],
  ])('is found to have %s', (_what, its, findings) => {
    expect(said(its)).toEqual(findings);
  });

  it('holds nothing against anybody that an attempt may have booked which the history lacks', () => {
    const lacking = (its: History) => ({ ...its, run: { ...its.run, plan: { ...its.run.plan, contenders: 4 } } });
    const idsOf = (its: History) => said(lacking(its)).map(([id]) => id);
    const doubts = ['doubt weak-contention', 'doubt incomplete'];
    expect(
      idsOf(
        pool(8, [
          [4, ok()],
          [2, no()],
          [4, no()],
        ]),
      ),
    ).toEqual(doubts);
    expect(
      idsOf(
        pool(
          7,
          [
            [4, ok(201, 'a')],
            [4, no()],
            [4, no()],
          ],
          [held(7, ['a', 'x'])],
        ),
      ),
    ).toEqual(doubts);
    expect(
      idsOf(
        pool(
          7,
          [
            [4, ok(201, 'a')],
            [3, no()],
            [4, no()],
          ],
          [held(4, ['a'])],
        ),
      ),
    ).toEqual(['violation unsold', ...doubts]);
  });

  /** First come, first served, as a right server does it. */
  const served = (capacity: number, wants: readonly number[]): [number, Conclusion][] => {
    let left = capacity;
    return wants.map((units) => {
      if (units > left) return [units, no()];
      left -= units;
      return [units, ok(201, `o${left}`)];
    });
  };
  const fought = fc
    .record({
      capacity: fc.integer({ min: 4, max: 20 }),
      wants: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 30 }),
    })
    .filter(({ capacity, wants }) => wants.reduce((a, b) => a + b, 0) > capacity);

  it('that is sold first come, first served, passes, whatever the quantities', () => {
    fc.assert(
      fc.property(fought, ({ capacity, wants }) => {
        expect(judge(pool(capacity, served(capacity, wants)))).toEqual([]);
      }),
    );
  });

  it('never passes with one unit more sold, or one taken away from an order that was granted', () => {
    fc.assert(
      fc.property(fought, fc.nat(), ({ capacity, wants }, at) => {
        const right = served(capacity, wants);
        const losers = right.flatMap(([, { outcome }], index) => (outcome === 'fail' ? [index] : []));
        const winners = right.flatMap(([, { outcome }], index) => (outcome === 'ok' ? [index] : []));
        const changed = (place: number | undefined, conclusion: Conclusion) =>
          pool(
            capacity,
            right.map(([units, its], index): [number, Conclusion] => [units, index === place ? conclusion : its]),
          );
        expect(verdictOf(judge(changed(losers[at % losers.length], ok(201, 'one too many'))))).toBe('fail');
        expect(verdictOf(judge(changed(winners[at % winners.length], no())))).toBe('fail');
      }),
    );
  });
});

describe('a coupon', () => {
  const redeemed = (uses: number, conclusions: readonly Conclusion[], readBacks: readonly ReadBack[] = []) =>
    history(
      ruled({ name: 'coupon' }, conclusions.length, {
        inventories: [{ key: 'A', capacity: uses }],
        readBack: readBacks.length > 0,
      }),
      round(1, 'A', conclusions),
      readBacks,
    );

  it('may be used as often as it says', () => {
    expect(said(redeemed(2, [ok(), no(), ok()], [held(2)]))).toEqual([]);
  });

  it.each<[History, (string | number[])[][]]>([
    [
      redeemed(1, [ok(), no(), ok()]),
      [['violation coupon-overused', 'seat A may be used once: it gave 2 discounts', [1, 3]]],
    ],
    [
      redeemed(2, [ok(), ok(), no()], [held(3)]),
      [
        [
          'violation coupon-overused',
          'seat A may be used 2 times: it gave 2 discounts; the server counts 3 uses',
          [1, 2],
        ],
      ],
    ],
    [
      redeemed(2, [ok(), no(), no()]),
      [['violation unsold', 'seat A: 1 unit of 2 stayed unsold, while 2 contenders were refused', [2]]],
    ],
  ])('%#: is used as it may not be', (its, findings) => {
    expect(said(its)).toEqual(findings);
  });
});

describe('a limit per user', () => {
  const sessions = (limit: number, conclusions: readonly Conclusion[], readBacks: readonly ReadBack[] = []) =>
    history(
      ruled({ name: 'per-user-limit' }, conclusions.length, {
        inventories: [{ key: 'A', capacity: limit }],
        readBack: readBacks.length > 0,
      }),
      round(1, 'A', conclusions),
      readBacks,
    );

  it('is an upper bound: fewer are no fault', () => {
    expect(said(sessions(2, [ok(201, 'a'), ok(201, 'b'), ...times(3, no)], [held(2, ['a', 'b'])]))).toEqual([]);
    expect(said(sessions(2, [ok(), ...times(3, no)]))).toEqual([]);
  });

  it.each<[History, (string | number[])[][]]>([
    [
      sessions(1, [ok(201, 'a'), no(), ok(201, 'b'), ok(201, 'c')]),
      [['violation limit-overrun', 'seat A may have 1: the answers gave 3', [1, 3, 4]]],
    ],
    [
      sessions(1, [ok(201, 'a'), ...times(3, no)], [held(5, ['a', 'b', 'c', 'd', 'e'])]),
      [['violation limit-overrun', 'seat A may have 1: the answers gave 1, the server holds 5', [1]]],
    ],
    [sessions(1, times(3, no)), [['violation no-winner', 'nobody got seat A: each of 3 attempts was refused', [1]]]],
  ])('%#: is overrun, or lets nobody have anything', (its, findings) => {
    expect(said(its)).toEqual(findings);
  });
});
