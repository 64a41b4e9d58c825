import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import { asking, history, ok, refused, round, ruled, says, stored, unanswered } from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** Stretches of time of one thing: a room by the hour. */

type Booking = readonly [from: string | number, to: string | number, conclusion: Conclusion];

function race(
  bookings: readonly Booking[],
  overrides: Partial<Plan> = {},
  readBacks: readonly ReadBack[] = [],
): History {
  const plan = ruled({ name: 'intervals' }, bookings.length, { readBack: readBacks.length > 0, ...overrides });
  const attempts = round(
    1,
    'A',
    bookings.map(([, , conclusion]) => conclusion),
  );
  return history(
    plan,
    asking(
      attempts,
      bookings.map(([from, to]) => ({ from, to })),
    ),
    readBacks,
  );
}
const rooms = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });

describe('intervals', () => {
  it.each<[string, History, string[]]>([
    [
      'two stretches overlap',
      race([
        [9, 11, ok()],
        [10, 12, ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'the second is refused',
      race([
        [9, 11, ok()],
        [10, 12, refused()],
      ]),
      [],
    ],
    [
      'they only touch',
      race([
        [9, 10, ok()],
        [10, 11, ok(201, 'b')],
        [9, 11, refused()],
      ]),
      [],
    ],
    [
      'one lies in the other',
      race([
        [9, 12, ok()],
        [10, 11, ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'the same stretch twice',
      race([
        [9, 10, ok()],
        [9, 10, ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'fractions of hours',
      race([
        [9.5, 10, ok()],
        [9.75, 10.5, ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'the same moment in two zones',
      race([
        ['2026-01-31T09:00+01:00', '2026-01-31T10:00+01:00', ok()],
        ['2026-01-31T08:30Z', '2026-01-31T09:30Z', ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'the same hour on the clock in two zones',
      race([
        ['2026-01-31T09:00+01:00', '2026-01-31T10:00+01:00', ok()],
        ['2026-01-31T09:00Z', '2026-01-31T10:00:00.000Z', ok(201, 'b')],
        ['2026-01-31T08:00Z', '2026-01-31T09:30Z', refused()],
      ]),
      [],
    ],
    [
      'across the change to summer time they touch',
      race([
        ['2026-03-29T01:30+01:00', '2026-03-29T03:00+02:00', ok()],
        ['2026-03-29T01:00Z', '2026-03-29T02:00Z', ok(201, 'b')],
        ['2026-03-29T00:00Z', '2026-03-29T02:00Z', refused()],
      ]),
      [],
    ],
    [
      'two rooms: two at once are right',
      race(
        [
          [9, 11, ok()],
          [10, 12, ok(201, 'b')],
          [10, 11, refused()],
        ],
        rooms(2),
      ),
      [],
    ],
    [
      'two rooms: three at once are not',
      race(
        [
          [9, 11, ok()],
          [10, 12, ok(201, 'b')],
          [10.5, 11, ok(201, 'c')],
        ],
        rooms(2),
      ),
      ['violation double-booking'],
    ],
    [
      'a free stretch is refused, which nobody judges',
      race([
        [9, 10, refused(409)],
        [9, 10, refused(400)],
        [13, 14, refused(409)],
      ]),
      [],
    ],
    [
      'nobody wanted the same time',
      race([
        [9, 10, ok()],
        [10, 11, ok(201, 'b')],
      ]),
      ['doubt weak-contention'],
    ],
    [
      'nobody knows whether the other was booked',
      race([
        [9, 11, ok()],
        [10, 12, unanswered()],
      ]),
      ['doubt indeterminate'],
    ],
    [
      'the server holds both',
      race(
        [
          [9, 10, ok(201, 'a')],
          [10, 11, ok(201, 'b')],
          [9, 11, refused()],
        ],
        {},
        [stored(2, ['a', 'b'])],
      ),
      [],
    ],
    [
      'the server lost one',
      race(
        [
          [9, 10, ok(201, 'a')],
          [10, 11, ok(201, 'b')],
          [9, 11, refused()],
        ],
        {},
        [stored(1, ['a'])],
      ),
      ['violation lost-booking'],
    ],
    [
      'the room had bookings of other days',
      race(
        [
          [9, 10, ok(201, 'a')],
          [9, 11, refused()],
        ],
        {},
        [stored(2, ['x', 'y'], 'before'), stored(3, ['x', 'y', 'a'])],
      ),
      [],
    ],
    [
      'the server holds one that nobody made',
      race(
        [
          [9, 10, ok(201, 'a')],
          [9, 11, refused()],
        ],
        {},
        [stored(0, [], 'before'), stored(2, ['a', 'x'])],
      ),
      ['violation ghost-booking'],
    ],
    [
      'a server that only says "taken" proves no number',
      race(
        [
          [9, 10, ok(201, 'a')],
          [10, 11, ok(201, 'b')],
          [9, 11, refused()],
        ],
        {},
        [says('free', 'before'), says('taken')],
      ),
      [],
    ],
    [
      'an unknown attempt that the server does not hold',
      race(
        [
          [9, 11, ok(201, 'a')],
          [10, 12, unanswered()],
        ],
        {},
        [stored(0, [], 'before'), stored(1, ['a'])],
      ),
      [],
    ],
    [
      'numbers beside times',
      race([
        [9, 11, ok()],
        ['2026-01-31T09:00Z', '2026-01-31T10:00Z', ok(201, 'b')],
        [9, 10, refused()],
      ]),
      ['doubt indeterminate'],
    ],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('names the stretches, and as few bookings as prove it', () => {
    const bookings: Booking[] = [
      [8, 9, ok(201, 'a')],
      [9, 12, ok(201, 'b')],
      [10, 11, ok(201, 'c')],
      [10, 13, ok(201, 'd')],
    ];
    expect(said(race(bookings))).toEqual([
      [
        'violation double-booking',
        'seat A (capacity 1) was booked 3 times over: VU 2 (9 to 12) and VU 3 (10 to 11) overlap',
        [2, 3],
      ],
    ]);
  });

  it('is judged by nothing but the answers where they name no stretch', () => {
    const plan = ruled({ name: 'intervals' }, 2);
    expect(said(history(plan, round(1, 'A', [ok(), ok(201, 'b')]))).map(([kind]) => kind)).toEqual([
      'doubt indeterminate',
      'doubt weak-contention',
    ]);
  });
});
