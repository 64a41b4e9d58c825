import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conclusion, type History, type Plan, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { asking, history, ok, refused, round, ruled, stored, times, unanswered } from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** Pools where an order takes several units, coupons with a number of uses, people with a limit. */

const no = () => refused(409, 'sold out');

/** How many units each contender wants, and the answer. */
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
        [stored(6, ['a', 'b'])],
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
  ])('passes: it %s', (_what, race) => {
    expect(said(race)).toEqual([]);
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
          'seat A (capacity 6) was sold more than 6 times: 2 contenders were told that they booked it, 7 units in all',
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
        [stored(7, ['a', 'b', 'c'])],
      ),
      [
        [
          'violation double-booking',
          'seat A (capacity 6) was sold more than 6 times: 2 contenders were told that they booked it, 6 units in all; the server holds 7 bookings of it',
          [1, 2],
        ],
      ],
    ],
    [
      'units that stay unsold although somebody wanted no more than those',
      pool(6, [
        [4, ok()],
        [2, no()],
        [4, no()],
      ]),
      [['violation unsold', 'seat A: 2 units of 6 stayed unsold, while 1 contender was refused', [2]]],
    ],
    [
      'units that stay unsold, where every refusal said that they are locked',
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
      'units that stay unsold, where one refusal said locked and another sold out',
      pool(6, [
        [4, ok()],
        [2, refused(423)],
        [2, no()],
      ]),
      [['violation unsold', 'seat A: 2 units of 6 stayed unsold, while 1 contender was refused', [3]]],
    ],
    [
      'units that stay unsold even if the unanswered order got some',
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
      'an order of several units, of which the server has some',
      pool(
        6,
        [
          [4, ok(201, 'a')],
          [2, ok(201, 'b')],
          [1, no()],
        ],
        [stored(5)],
      ),
      [
        [
          'violation lost-booking',
          'seat A: 6 bookings were acknowledged, but the server does not have 1 of them',
          [1, 2],
        ],
      ],
    ],
    [
      'units that were sold to an order without an answer',
      pool(
        4,
        [
          [2, ok(201, 'a')],
          [2, unanswered()],
          [1, no()],
        ],
        [stored(4, ['a', 'b'])],
      ),
      [
        [
          'doubt untold-booking',
          'seat A: the server holds 2 bookings that no buyer was told of; the attempts that may have bought them ended with timeout (1×)',
          [2],
        ],
      ],
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
        [stored(5, ['a', 'x'])],
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
      'not one winner',
      pool(6, [
        [4, no()],
        [4, refused(423, 'busy')],
      ]),
      [['violation no-winner', 'nobody got seat A: each of 2 attempts was refused', [1]]],
    ],
    [
      'units enough for everybody: that is no race',
      pool(9, [
        [4, ok()],
        [4, ok()],
      ]),
      [['doubt weak-contention', 'seat A was not fought over: 8 units were wanted of 9', []]],
    ],
  ])('fails or is doubted for %s', (_what, race, findings) => {
    expect(said(race)).toEqual(findings);
  });

  it('is not blamed for what an attempt that the history lacks may have booked', () => {
    const idsOf = (race: History) => {
      const { run } = race;
      return said({ ...race, run: { ...run, plan: { ...run.plan, contenders: 4 } } }).map(([kind]) => kind);
    };
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
          [stored(7, ['a', 'x'])],
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
          [stored(4, ['a'])],
        ),
      ),
    ).toEqual(['violation unsold', ...doubts]);
  });

  /** The answers of a right server: first come, first served. */
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

  it('passes if it is sold first come, first served, whatever the quantities', () => {
    fc.assert(
      fc.property(fought, ({ capacity, wants }) => {
        expect(judge(pool(capacity, served(capacity, wants)))).toEqual([]);
      }),
    );
  });

  it('never passes with one unit too many sold, or with a granted order taken away', () => {
    fc.assert(
      fc.property(fought, fc.nat(), ({ capacity, wants }, at) => {
        const right = served(capacity, wants);
        const losers = right.flatMap(([, { outcome }], index) => (outcome === 'fail' ? [index] : []));
        const winners = right.flatMap(([, { outcome }], index) => (outcome === 'ok' ? [index] : []));
        const changed = (changedAt: number | undefined, conclusion: Conclusion) =>
          pool(
            capacity,
            right.map(([units, answer], index): [number, Conclusion] => [
              units,
              index === changedAt ? conclusion : answer,
            ]),
          );
        expect(verdictOf(judge(changed(losers[at % losers.length], ok(201, 'one too many'))))).toBe('fail');
        expect(verdictOf(judge(changed(winners[at % winners.length], refused(400, 'closed'))))).toBe('fail');
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
    expect(said(redeemed(2, [ok(), no(), ok()], [stored(2)]))).toEqual([]);
  });

  it.each<[History, (string | number[])[][]]>([
    [
      redeemed(1, [ok(), no(), ok()]),
      [['violation coupon-overused', 'seat A may be used once: it gave 2 discounts', [1, 3]]],
    ],
    [
      redeemed(2, [ok(), ok(), no()], [stored(3)]),
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
  ])('%#: is used too often or too rarely', (race, findings) => {
    expect(said(race)).toEqual(findings);
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

  it('is an upper bound: less is no fault', () => {
    expect(said(sessions(2, [ok(201, 'a'), ok(201, 'b'), ...times(3, no)], [stored(2, ['a', 'b'])]))).toEqual([]);
    expect(said(sessions(2, [ok(), ...times(3, no)]))).toEqual([]);
  });

  it.each<[History, (string | number[])[][]]>([
    [
      sessions(1, [ok(201, 'a'), no(), ok(201, 'b'), ok(201, 'c')]),
      [['violation limit-overrun', 'seat A may have 1: the answers gave 3', [1, 3, 4]]],
    ],
    [
      sessions(1, [ok(201, 'a'), ...times(3, no)], [stored(5, ['a', 'b', 'c', 'd', 'e'])]),
      [['violation limit-overrun', 'seat A may have 1: the answers gave 1, the server holds 5', [1]]],
    ],
    [
      sessions(1, [no(), no(), refused(423, 'busy')]),
      [['violation no-winner', 'nobody got seat A: each of 3 attempts was refused', [1]]],
    ],
  ])('%#: is exceeded, or nobody gets anything', (race, findings) => {
    expect(said(race)).toEqual(findings);
  });
});
