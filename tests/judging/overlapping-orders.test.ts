import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conclusion, type History, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  asking,
  cutOff,
  history,
  nameless,
  ok,
  refused,
  round,
  ruled,
  serverError,
  stored,
  unanswered,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** Orders for several seats of a row, all or nothing: 1+2, 2+3, 3+1. */

const PARTS = ['s1', 's2', 's3'];
const no = () => refused(409, 'taken');
type Order = readonly [parts: readonly string[], conclusion: Conclusion];

/** @param owners the orders that the server holds for each seat; undefined: nobody asked it */
function row(orders: readonly Order[], owners?: Readonly<Record<string, readonly string[]>>, units?: number): History {
  const readBacks = PARTS.map((part): ReadBack => {
    const ids = owners?.[part] ?? [];
    return { ...stored(units ?? ids.length, ids), inventory: part };
  });
  return history(
    ruled({ name: 'overlapping-orders' }, orders.length, {
      inventories: [{ key: 'A', capacity: 3, parts: PARTS }],
      readBack: owners !== undefined,
    }),
    asking(
      round(
        1,
        'A',
        orders.map(([, conclusion]) => conclusion),
      ),
      orders.map(([parts]) => ({ parts })),
    ),
    owners === undefined ? [] : readBacks,
  );
}

const [first, second, third] = [
  ['s1', 's2'],
  ['s2', 's3'],
  ['s3', 's1'],
] as const;
const losers: Order[] = [
  [second, no()],
  [third, no()],
];

describe('orders that overlap', () => {
  it.each<[string, History]>([
    ['one gets everything it wants', row([[first, ok(201, 'a')], ...losers])],
    ['the server agrees', row([[first, ok(201, 'a')], ...losers], { s1: ['a'], s2: ['a'] })],
    ['the answers name no orders', row([[first, nameless()], ...losers], { s1: ['a'], s2: ['a'] })],
    [
      'orders that do not overlap both get their seats',
      row(
        [
          [['s1'], ok(201, 'a')],
          [['s2'], ok(201, 'b')],
          [first, no()],
        ],
        { s1: ['a'], s2: ['b'] },
      ),
    ],
  ])('pass: %s', (_what, race) => {
    expect(said(race)).toEqual([]);
  });

  it.each<[string, History, (string | number[])[][]]>([
    [
      'a seat is in two orders',
      row([
        [first, ok(201, 'a')],
        [second, ok(201, 'b')],
        [third, no()],
      ]),
      [
        [
          'violation double-booking',
          'seat s2 of A was sold more than once: it is in order a (VU 1: s1, s2) and order b (VU 2: s2, s3)',
          [1, 2],
        ],
      ],
    ],
    [
      'a seat is in two orders, one of them refused',
      row([[first, ok(201, 'a')], ...losers], { s1: ['a'], s2: ['a', 'x'], s3: ['x'] }),
      [
        [
          'violation double-booking',
          'seat s2 of A was sold more than once: it is in order a (VU 1: s1, s2); the server holds 2 bookings of it',
          [1],
        ],
        ['violation ghost-booking', 'seats of A: the order x has s2, s3, but nobody can have booked just that', [1]],
      ],
    ],
    [
      'a seat is in two orders that no answer mentions',
      row([[first, no()], ...losers, [['s1'], unanswered()]], { s1: ['x', 'y'] }),
      [
        [
          'violation double-booking',
          'seat s1 of A was sold more than once: no order with it was confirmed; the server holds 2 bookings of it',
          [],
        ],
        ['violation deadlock', 'seats of A: overlapping orders blocked each other: 1 order got no answer in time', [4]],
      ],
    ],
    [
      'an answer hangs after its head',
      row([[first, ok(201, 'a')], ...losers, [['s3'], cutOff(201, 'timeout: no answer within 10000 ms')]], {
        s1: ['a'],
        s2: ['a'],
        s3: [],
      }),
      [
        ['violation deadlock', 'seats of A: overlapping orders blocked each other: 1 order got no answer in time', [4]],
        [
          'doubt indeterminate',
          'seat A: 1 answer began as a success (201 (1×)) and the rest is lost: it may promise an order that the server does not hold',
          [4],
        ],
      ],
    ],
    [
      'a confirmed order has half of its seats',
      row([[first, ok(201, 'a')], ...losers], { s1: ['a'] }),
      [['violation half-filled', 'seats of A: order a (VU 1: s1, s2) has only s1 of them', [1]]],
    ],
    [
      'a confirmed order has nothing, and the server names no orders',
      row([[first, nameless()], ...losers], { s1: [] }, undefined),
      [
        [
          'violation lost-booking',
          'seats of A: order (VU 1: s1, s2) was confirmed, but the server does not have it',
          [1],
        ],
      ],
    ],
    [
      'a confirmed order is not there',
      row([[first, ok(201, 'a')], ...losers], {}),
      [
        [
          'violation lost-booking',
          'seats of A: order a (VU 1: s1, s2) was confirmed, but the server does not have it',
          [1],
        ],
      ],
    ],
    [
      'a refused order left a seat behind',
      row([[first, ok(201, 'a')], ...losers], { s1: ['a'], s2: ['a'], s3: ['x'] }),
      [
        [
          'violation half-filled',
          'seats of A: the order x has s3, but everybody who asked for that asked for more',
          [2],
        ],
      ],
    ],
    [
      'everybody is refused, but somebody has it',
      row([[first, no()], ...losers], { s1: ['x'], s2: ['x'] }),
      [['violation ghost-booking', 'seats of A: the order x has s1, s2, but nobody can have booked just that', [1]]],
    ],
    [
      'nobody gets anything',
      row([[first, refused(423, 'busy')], ...losers]),
      [['violation no-winner', 'nobody got seat A: each of 3 attempts was refused', [1]]],
    ],
    [
      'they wait for each other',
      row(
        [
          [first, unanswered()],
          [second, serverError()],
          [third, ok(201, 'c')],
        ],
        { s3: ['c'], s1: ['c'] },
      ),
      [
        [
          'violation deadlock',
          'seats of A: overlapping orders blocked each other: 1 order got no answer in time, 1 order got 5xx',
          [1, 2],
        ],
        ['violation server-error', '1 answer 5xx: 500 (1×); allowed: 0', [2]],
      ],
    ],
  ])('fail: %s', (_what, race, findings) => {
    expect(said(race)).toEqual(findings);
  });

  it('without an answer may explain what the server holds', () => {
    const withUnknown = (owners: Record<string, string[]>) =>
      idsOf(
        row(
          [
            [second, unanswered()],
            [first, no()],
            [third, no()],
          ],
          owners,
        ),
      );
    expect(withUnknown({ s2: ['x'], s3: ['x'] })).toEqual(['deadlock', 'untold-booking']);
    expect(withUnknown({ s2: ['x'] })).toEqual(['half-filled', 'deadlock', 'untold-booking']);
  });

  it('are judged by the seats alone if the server names no orders', () => {
    const seats = (parts: readonly string[], orders: readonly Order[]): History => {
      const race = row(orders, {});
      const readBacks = race.readBacks.map((readBack) => ({
        ...readBack,
        units: parts.includes(readBack.inventory) ? 1 : 0,
      }));
      return { ...race, readBacks: readBacks as ReadBack[] };
    };
    const taken = (...sold: Parameters<typeof seats>) => idsOf(seats(...sold));
    expect(said(seats(['s1', 's2', 's3'], [[first, ok(201, 'a')], ...losers]))).toEqual([
      ['violation half-filled', 'seats of A: somebody has s3, but everybody who asked for that asked for more', [2]],
    ]);
    expect(taken(['s1', 's2'], [[first, ok(201, 'a')], ...losers])).toEqual([]);
    expect(taken(['s1'], [[first, ok(201, 'a')], ...losers])).toEqual(['half-filled']);
    expect(taken([], [[first, ok(201, 'a')], ...losers])).toEqual(['lost-booking']);
    expect(taken(['s2', 's3'], [[first, no()], ...losers])).toEqual(['ghost-booking']);
    expect(
      taken(
        ['s2', 's3'],
        [
          [second, unanswered()],
          [first, no()],
          [third, no()],
        ],
      ),
    ).toEqual(['deadlock', 'untold-booking']);
    expect(
      taken(
        ['s1', 's2', 's3'],
        [
          [['s1'], unanswered()],
          [second, unanswered()],
          [first, no()],
        ],
      ),
    ).toEqual(['deadlock', 'untold-booking']);
    expect(
      taken(
        ['s1', 's2', 's3'],
        [
          [first, unanswered()],
          [second, unanswered()],
          [third, no()],
        ],
      ),
    ).toEqual(['ghost-booking', 'deadlock', 'untold-booking']);
  });

  it('are in doubt if a seat cannot be read, or nobody asked about it', () => {
    const race = row([[first, ok(201, 'a')], ...losers], { s1: ['a'], s2: ['a'] });
    const unread = race.readBacks.map(
      (readBack): ReadBack =>
        readBack.inventory === 's3'
          ? { inventory: 's3', when: 'after', kind: 'unreadable', error: 'status 500' }
          : readBack,
    );
    const messages = (readBacks: readonly ReadBack[]) => judge({ ...race, readBacks }).map(({ message }) => message);
    const could = 'the server could not be asked who owns 1 of 1 seat: ';
    expect(messages(unread)).toEqual([`${could}status 500`]);
    expect(messages(race.readBacks.slice(1))).toEqual([`${could}not every part was asked for`]);
    expect(messages([])).toEqual([`${could}it was never asked`]);
  });

  it('are not blamed for what may have been there before, nor for an attempt that the history lacks', () => {
    const race = row([[first, ok(201, 'a')], ...losers], { s1: ['a'], s2: ['a'], s3: ['x'] });
    expect(idsOf(race)).toEqual(['half-filled']);
    const lacking = { ...race, run: { ...race.run, plan: { ...race.run.plan, contenders: 4 } } };
    expect(idsOf(lacking)).toEqual(['weak-contention', 'incomplete']);
    const before: ReadBack = { inventory: 's3', when: 'before', kind: 'unreadable', error: 'status 500' };
    expect(idsOf({ ...race, readBacks: [before, ...race.readBacks] })).toEqual(['read-back-failed']);
  });

  it('are in doubt if no two of them overlap', () => {
    expect(
      said(
        row([
          [['s1'], ok(201, 'a')],
          [['s2', 's3'], ok(201, 'b')],
        ]),
      ),
    ).toEqual([['doubt weak-contention', 'seat A was not fought over: no two orders overlapped', []]]);
  });

  it('are not sent for a row with a seat that was taken before', () => {
    const before: ReadBack = { ...stored(1, ['y'], 'before'), inventory: 's2' };
    const { run, ...race } = row([], {});
    expect(idsOf({ ...race, readBacks: [before], run: { ...run, plan: { ...run.plan, contenders: 2 } } })).toEqual([
      'already-taken',
    ]);
  });

  it('pass if served first come first served, all or nothing; never if a seat is taken from one of them', () => {
    const anyOrders = fc
      .array(fc.subarray(PARTS, { minLength: 1 }), { minLength: 2, maxLength: 8 })
      .filter((orders) => new Set(orders.flat()).size < orders.flat().length);
    fc.assert(
      fc.property(anyOrders, fc.nat(), (wanted, at) => {
        const owners: Record<string, string[]> = {};
        const orders = wanted.map((parts, index): Order => {
          if (parts.some((part) => owners[part] !== undefined)) return [parts, no()];
          for (const part of parts) owners[part] = [`o${index}`];
          return [parts, ok(201, `o${index}`)];
        });
        expect(judge(row(orders, owners))).toEqual([]);
        const sold = Object.keys(owners);
        const { [sold[at % sold.length] ?? '']: _, ...fewer } = owners;
        expect(verdictOf(judge(row(orders, fewer)))).toBe('fail');
        const loser = orders.findIndex(([, { outcome }]) => outcome === 'fail');
        if (loser === -1) return;
        const twice = orders.map(
          ([parts, answer], index): Order => [parts, index === loser ? ok(201, 'twice') : answer],
        );
        expect(idsOf(row(twice))).toContain('double-booking');
      }),
    );
  });
});
