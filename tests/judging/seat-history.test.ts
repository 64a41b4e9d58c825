import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, type History, type ReadBack, type Rule, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  accounted,
  history,
  ok,
  operation,
  refused,
  ruled,
  serverError,
  stored,
  unanswered,
} from '../support/histories.ts';

/** Seats that are held, confirmed, cancelled and booked again. How close the race was does not matter here. */
const OTHER_QUESTIONS = ['weak-contention', 'incomplete', 'not-authorised', 'window-not-tried'];
const findingsOf = (race: History) => judge(race).filter(({ id }) => !OTHER_QUESTIONS.includes(id));
const idsOf = (race: History) => findingsOf(race).map(({ id }) => id);
const said = (race: History) =>
  findingsOf(race).map(({ id, severity, round, inventory, message, witness }) => [
    `${severity} ${id} in round ${round} on ${inventory}`,
    message,
    witness.map(({ vu, operation: kind }) => `${kind} ${vu}`),
  ]);

const LEASED: Rule = { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] };
const CANCELLED: Rule = { name: 'cancel-rebook', busy: [423] };
const story = (rule: Rule, attempts: readonly Attempt[], readBacks: readonly ReadBack[] = []) =>
  history(ruled(rule, 3, { readBack: readBacks.length > 0 }), accounted(3, attempts), readBacks);
const no = () => refused(409, 'taken');

const held = operation(1, 'hold', ok(201, 'h1'), [0, 10]);
const others = [operation(2, 'hold', no(), [0, 8]), operation(3, 'hold', no(), [0, 9])];
const owned = operation(1, 'book', ok(201, 'o1'), [0, 10]);
const losers = [operation(2, 'book', no(), [0, 8]), operation(3, 'book', no(), [0, 9])];
const cancelled = operation(1, 'cancel', ok(204), [100, 120], 2);

describe('a seat that is held and confirmed', () => {
  it.each<[string, Attempt[], ReadBack[]?]>([
    [
      'one holds it and confirms',
      [held, ...others, operation(1, 'confirm', ok(200, 'o1'), [500, 510])],
      [stored(1, ['o1'])],
    ],
    [
      'it is confirmed at the very end of the hold, and others are refused before and after',
      [
        held,
        ...others,
        operation(2, 'hold', no(), [900, 910], 2),
        operation(1, 'confirm', ok(200, 'o1'), [995, 1005], 2),
        operation(3, 'book', no(), [1100, 1110], 2),
      ],
    ],
    [
      'the hold ends, its confirmation is refused, and another takes it',
      [
        held,
        ...others,
        operation(2, 'book', ok(201, 'o2'), [1040, 1050], 2),
        operation(3, 'book', no(), [1040, 1048], 2),
        operation(1, 'confirm', no(), [1045, 1055], 2),
      ],
      [stored(1, ['o2'])],
    ],
    ['the hold ends, and nobody wants it', [held, ...others], [stored(0)]],
    [
      'it is confirmed twice, and the answers name one order',
      [held, ...others, ...[100, 120].map((ms) => operation(1, 'confirm', ok(200, 'o1'), [ms, ms + 10], 2))],
      [stored(1, ['o1'])],
    ],
    [
      'the booking and its confirmation have different order ids',
      [
        held,
        ...others,
        operation(1, 'book', ok(201, 'b1'), [100, 110], 2),
        operation(1, 'confirm', ok(200, 'o1'), [120, 130], 3),
      ],
    ],
    [
      'one was not let in',
      [held, others[0], operation(3, 'confirm', refused(401, '', 'not-authorised'), [500, 510])].flatMap(
        (attempt) => attempt ?? [],
      ),
    ],
  ])('is explained: %s', (_what, attempts, readBacks = []) => {
    expect(findingsOf(story(LEASED, attempts, readBacks)).filter(({ severity }) => severity === 'violation')).toEqual(
      [],
    );
  });

  it.each<[string, Attempt[], (string | string[])[][], ReadBack[]?]>([
    [
      'a live hold is taken',
      [held, ...others, operation(2, 'book', ok(201, 'o2'), [500, 510], 2)],
      [
        [
          'violation hold-broken in round 1 on A',
          'seat A: VU 2 booked it while the hold of VU 1 was live: no sequence of these 2 operations explains it',
          ['hold 1', 'book 2'],
        ],
      ],
    ],
    [
      'two hold it at once',
      [held, operation(2, 'hold', ok(201, 'h2'), [0, 9])],
      [
        [
          'violation hold-broken in round 1 on A',
          'seat A: VU 1 held it while the hold of VU 2 was live: no sequence of these 2 operations explains it',
          ['hold 2', 'hold 1'],
        ],
      ],
    ],
    [
      'a hold of a booked seat',
      [held, operation(1, 'confirm', ok(200), [100, 110]), operation(2, 'hold', ok(201), [2000, 2010], 2)],
      [
        [
          'violation hold-broken in round 1 on A',
          'seat A: VU 2 got a hold of it after VU 1 had booked it: no sequence of these 2 operations explains it',
          ['confirm 1', 'hold 2'],
        ],
      ],
    ],
    [
      'two confirmations of one hold that became two orders',
      [
        held,
        ...others,
        operation(1, 'confirm', ok(200, 'o1'), [100, 110], 2),
        operation(1, 'confirm', ok(200, 'o2'), [101, 111], 2),
      ],
      [
        [
          'violation double-booking in round 1 on A',
          'seat A was sold more than once: 1 contender was told that they own it, in 2 orders',
          ['confirm 1', 'confirm 1'],
        ],
      ],
    ],
    [
      'a confirmation that comes too late',
      [held, ...others, operation(1, 'confirm', ok(200, 'o1'), [1031, 1040], 2)],
      [
        [
          'violation late-confirm in round 1 on A',
          'seat A: VU 1 confirmed a hold that had ended: no sequence of these 2 operations explains it',
          ['hold 1', 'confirm 1'],
        ],
      ],
    ],
    [
      'a confirmation of a seat that was never held',
      [held, operation(2, 'hold', no(), [0, 8]), operation(2, 'confirm', ok(200), [2000, 2010], 2)],
      [
        [
          'violation not-linearizable in round 1 on A',
          'seat A: VU 2 confirmed it although it was not theirs',
          ['confirm 2'],
        ],
      ],
    ],
    [
      'two confirmations',
      [
        held,
        operation(2, 'hold', ok(201, 'h2'), [1050, 1060], 2),
        operation(1, 'confirm', ok(200, 'o1'), [1070, 1080], 3),
        operation(2, 'confirm', ok(200, 'o2'), [1070, 1080], 3),
      ],
      [
        [
          'violation double-booking in round 1 on A',
          'seat A was sold more than once: 2 contenders were told that they own it; the server holds 2 bookings of it',
          ['confirm 1', 'confirm 2'],
        ],
        [
          'violation late-confirm in round 1 on A',
          'seat A: VU 1 confirmed a hold that had ended: no sequence of these 2 operations explains it',
          ['hold 1', 'confirm 1'],
        ],
      ],
      [stored(2, ['o1', 'o2'])],
    ],
    [
      'a hold that ended but still blocks',
      [held, ...others, operation(2, 'hold', no(), [1031, 1040], 2), operation(3, 'hold', no(), [1031, 1041], 2)],
      [
        [
          'violation wrongly-refused in round 1 on A',
          'seat A: VU 2 was refused although it was free the whole time: no sequence of these 2 operations explains it',
          ['hold 1', 'hold 2'],
        ],
      ],
    ],
    [
      'the confirmation of a live hold that is refused',
      [held, ...others, operation(1, 'confirm', no(), [500, 510], 2)],
      [
        [
          'violation wrongly-refused in round 1 on A',
          'seat A: VU 1 was refused when confirming a live hold: no sequence of these 2 operations explains it',
          ['hold 1', 'confirm 1'],
        ],
      ],
    ],
    [
      'a confirmed booking that the server does not have',
      [held, ...others, operation(1, 'confirm', ok(200, 'o1'), [500, 510])],
      [
        [
          'violation lost-booking in round 1 on A',
          'seat A: it was booked by VU 1, but the server says that it is free: no sequence of these 2 operations explains it',
          ['confirm 1'],
        ],
      ],
      [stored(0)],
    ],
    [
      'a booking, while the server holds the order of somebody else',
      [held, ...others, operation(1, 'confirm', ok(200, 'o1'), [500, 510])],
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds a booking of it that nobody here can have made',
          [],
        ],
      ],
      [stored(1, ['o9'])],
    ],
    [
      'a booking that nobody made',
      [held, ...others],
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds a booking of it that nobody here can have made',
          [],
        ],
      ],
      [stored(1, ['o1'])],
    ],
    [
      'nobody who gets it',
      [operation(1, 'hold', refused(423, 'locked'), [0, 10]), ...others],
      [['violation no-winner in round 1 on A', 'nobody got seat A: each of 3 attempts was refused', ['hold 1']]],
    ],
  ])('is accused: %s', (_what, attempts, findings, readBacks = []) => {
    expect(said(story(LEASED, attempts, readBacks))).toEqual(findings);
  });

  it('that is confirmed too late is accused also if others were refused meanwhile, and answered first', () => {
    const attempts = [
      held,
      operation(1, 'confirm', ok(200, 'o1'), [1100, 1110], 2),
      operation(2, 'hold', no(), [1100, 1105], 2),
      operation(3, 'hold', no(), [1101, 1106], 2),
    ];
    expect(said(story(LEASED, attempts))).toEqual([
      [
        'violation late-confirm in round 1 on A',
        'seat A: VU 1 confirmed a hold that had ended: no sequence of these 2 operations explains it',
        ['hold 1', 'confirm 1'],
      ],
    ]);
  });

  it('may be held a little longer or shorter than the lease, within the tolerance of the rule', () => {
    const late = [held, operation(1, 'confirm', ok(200), [1031, 1040], 2)];
    expect(findingsOf(story({ ...LEASED, toleranceMs: 21 }, late))).toEqual([]);
    expect(findingsOf(story({ ...LEASED, leaseMs: 1001 }, late))).toEqual([]);
  });

  it('may be confirmed by another virtual user of the same person', () => {
    const confirmed = { ...operation(2, 'confirm', ok(200), [500, 510], 2), user: 'ann' };
    expect(findingsOf(story(LEASED, [{ ...held, user: 'ann' }, confirmed]))).toEqual([]);
    expect(
      idsOf(
        story(LEASED, [
          { ...held, user: 'ann' },
          { ...confirmed, user: 'bob' },
        ]),
      ),
    ).toEqual(['not-linearizable']);
  });
});

describe('a seat that is given up while others go for it', () => {
  it.each<[string, Attempt[], ReadBack[]?]>([
    [
      'another gets it',
      [
        owned,
        ...losers,
        cancelled,
        operation(2, 'book', ok(201, 'o2'), [100, 130], 2),
        operation(3, 'book', no(), [100, 125], 2),
      ],
      [stored(1, ['o2'])],
    ],
    [
      'nobody gets it',
      [
        owned,
        ...losers,
        cancelled,
        operation(2, 'book', no(), [100, 110], 2),
        operation(3, 'book', no(), [100, 119], 2),
      ],
      [stored(0)],
    ],
    ['all were too early', [owned, ...losers, operation(2, 'book', no(), [90, 99], 2), cancelled], [stored(0)]],
    [
      'the cancellation gets no answer, and took effect',
      [owned, operation(1, 'cancel', unanswered(), [100, 1500], 2), operation(2, 'book', ok(201, 'o2'), [100, 130], 2)],
      [stored(1, ['o2'])],
    ],
    [
      'the cancellation gets no answer, and did not',
      [owned, operation(1, 'cancel', serverError(), [100, 110], 2), operation(2, 'book', no(), [100, 130], 2)],
      [stored(1, ['o1'])],
    ],
    [
      'the owner books it again',
      [owned, cancelled, operation(1, 'book', ok(201, 'o3'), [200, 210], 3)],
      [stored(1, ['o3'])],
    ],
    // Without waiting for the lock, a contender is refused although the seat is free a moment later.
    [
      'a refusal while another is at it',
      [owned, cancelled, operation(2, 'book', ok(201, 'o2'), [125, 140], 2), operation(3, 'book', no(), [125, 127], 2)],
    ],
  ])('is explained: %s', (_what, attempts, readBacks = []) => {
    expect(
      findingsOf(story(CANCELLED, attempts, readBacks)).filter(
        ({ severity, id }) => severity === 'violation' && id !== 'server-error',
      ),
    ).toEqual([]);
  });

  it.each<[string, Attempt[], (string | string[])[][], ReadBack[]?]>([
    [
      'two get it afterwards',
      [
        owned,
        ...losers,
        cancelled,
        operation(2, 'book', ok(201, 'o2'), [100, 130], 2),
        operation(3, 'book', ok(201, 'o3'), [100, 131], 2),
      ],
      [
        [
          'violation double-booking in round 1 on A',
          'seat A was sold more than once: 2 contenders were told that they own it',
          ['book 2', 'book 3'],
        ],
      ],
    ],
    [
      'one gets it before it is given up',
      [owned, ...losers, operation(2, 'book', ok(201, 'o2'), [90, 99], 2), cancelled],
      [
        [
          'violation double-booking in round 1 on A',
          'seat A: VU 2 booked it while it was booked by VU 1: no sequence of these 2 operations explains it',
          ['book 1', 'book 2'],
        ],
      ],
    ],
    [
      'it stays with the person who gave it up',
      [owned, ...losers, cancelled],
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds a booking of it that nobody here can have made: no sequence of these 3 operations explains it',
          ['book 1', 'cancel 1'],
        ],
      ],
      [stored(1, ['o1'])],
    ],
    [
      'it stays taken',
      [owned, cancelled, operation(2, 'book', no(), [200, 210], 3)],
      [
        [
          'violation wrongly-refused in round 1 on A',
          'seat A: VU 2 was refused although it was free the whole time: no sequence of these 3 operations explains it',
          ['book 1', 'cancel 1', 'book 2'],
        ],
      ],
    ],
    [
      'the owner may not give it up',
      [owned, operation(1, 'cancel', no(), [100, 120], 2)],
      [
        [
          'violation wrongly-refused in round 1 on A',
          'seat A: VU 1 was refused when cancelling what was theirs: no sequence of these 2 operations explains it',
          ['book 1', 'cancel 1'],
        ],
      ],
    ],
    [
      'the server holds two orders, but only one contender was told',
      [owned, ...losers],
      [
        [
          'violation double-booking in round 1 on A',
          'seat A was sold more than once: 1 contender was told that they own it; the server holds 2 bookings of it',
          ['book 1'],
        ],
      ],
      [stored(2, ['o1', 'o7'])],
    ],
  ])('is accused: %s', (_what, attempts, findings, readBacks = []) => {
    expect(said(story(CANCELLED, attempts, readBacks))).toEqual(findings);
  });

  it('does not become free by a refused cancellation', () => {
    const attempts = [
      owned,
      operation(1, 'cancel', no(), [100, 120], 2),
      operation(2, 'book', ok(201, 'o2'), [100, 130], 2),
    ];
    expect(idsOf(story(CANCELLED, attempts))).toEqual(['double-booking']);
  });

  it.each<[string, Conclusion, string[]]>([
    ['423 says that somebody else is at it, and nothing about the seat', refused(423, 'locked'), []],
    ['409 says that it is taken', no(), ['wrongly-refused']],
  ])('%s', (_what, conclusion, ids) => {
    const free = [owned, cancelled];
    const both = (from: number) => [
      operation(2, 'book', conclusion, [from, 210], 3),
      operation(3, 'book', conclusion, [210, 220], 3),
    ];
    expect(idsOf(story(CANCELLED, [...free, ...both(200)]))).toEqual(ids);
    // If nobody else was at it, 423 is no reason.
    expect(idsOf(story(CANCELLED, [...free, operation(2, 'book', conclusion, [200, 210], 3)]))).toEqual([
      'wrongly-refused',
    ]);
    const named = { ...CANCELLED, busy: [409] } as Rule;
    expect(idsOf(story(named, [...free, ...both(200)]))).toEqual(ids.length > 0 ? [] : ['wrongly-refused']);
  });

  it('is not blamed for contenders that were not let in, nor for an answer before the release', () => {
    const out = operation(2, 'book', refused(401, '', 'not-authorised'), [200, 210], 3);
    const { releasedAtMs: _, ...heldBack } = operation(3, 'book', refused(408, 'too slow'), [200, 210], 3);
    const ids = idsOf(story(CANCELLED, [owned, cancelled, out, heldBack]));
    expect(ids).toEqual([]);
  });

  it('may have been booked by a request that was answered before the release', () => {
    const { releasedAtMs: _, ...early } = operation(2, 'book', ok(201, 'o2'), [50, 60], 2);
    const { stagedAtMs: __, ...unstaged } = early;
    for (const booking of [early, unstaged]) {
      expect(findingsOf(story(CANCELLED, [booking, operation(3, 'book', no(), [70, 80], 2)]))).toEqual([]);
      expect(idsOf(story(CANCELLED, [operation(3, 'book', no(), [30, 40], 2), booking]))).toEqual(['wrongly-refused']);
    }
  });

  it.each<[string, Attempt[], string[], string[]]>([
    ['somebody whose order is unknown', [operation(2, 'book', unanswered(), [0, 20])], ['x'], ['untold-booking']],
    [
      'a person with several orders',
      [owned, cancelled, operation(1, 'book', ok(201, 'o3'), [200, 210], 3)],
      ['o3'],
      [],
    ],
    ['somebody whose answer named no order', [{ ...owned, orderId: undefined } as unknown as Attempt], ['x'], []],
    [
      'nobody here, if one of the two is unknown',
      [owned, operation(2, 'book', unanswered(), [0, 20])],
      ['x'],
      ['lost-booking'],
    ],
    ['anybody, if the server names no orders', [owned], [], []],
  ])('may belong to %s', (_what, attempts, orderIds, ids) => {
    expect(idsOf(story(CANCELLED, attempts, [stored(1, orderIds)]))).toEqual(ids);
  });

  it('is reported as lost if the server holds an order of nobody here', () => {
    const race = story(CANCELLED, [owned, operation(2, 'book', unanswered(), [0, 20])], [stored(1, ['x'])]);
    expect(said(race)).toEqual([
      [
        'violation lost-booking in round 1 on A',
        'seat A: it was booked by VU 1, but the server holds an order of somebody else: no sequence of these 2 operations explains it',
        ['book 1'],
      ],
    ]);
  });

  it('may have had an owner before the race began, so that a refusal is right', () => {
    const attempts = [operation(2, 'book', no(), [0, 5]), operation(3, 'book', unanswered(), [10, 20], 2)];
    const withBefore = (readBacks: ReadBack[]) => idsOf({ ...story(CANCELLED, attempts), readBacks });
    expect(withBefore([stored(1, ['x'], 'before')])).toEqual(['indeterminate']);
    expect(withBefore([])).toEqual(['wrongly-refused', 'indeterminate']);
  });

  it('is judged by what is known: an attempt that the history lacks accuses nobody', () => {
    const meanwhile = [operation(2, 'book', no(), [100, 110], 2), operation(3, 'book', no(), [100, 110], 2)];
    const free = [owned, ...losers, cancelled, ...meanwhile, operation(2, 'book', no(), [200, 210], 3)];
    const found = (attempts: readonly Attempt[]) => idsOf(history(ruled(CANCELLED, 3), attempts));
    // VU 1 and 3 may have booked it in round 3.
    expect(found(free)).toEqual([]);
    expect(
      found([...free, operation(1, 'book', no(), [200, 210], 3), operation(3, 'book', no(), [200, 210], 3)]),
    ).toEqual(['wrongly-refused']);
    // VU 1 may have given it up in round 2, before VU 2 booked it.
    const rebooked = [owned, ...losers, operation(2, 'book', ok(201, 'o2'), [100, 110], 2)];
    expect(found(rebooked)).toEqual([]);
    expect(found([...rebooked, operation(1, 'book', no(), [100, 110], 2)])).toEqual(['double-booking']);
  });

  it('may be booked by a confirmation without an answer: a hold id is not an order id', () => {
    const attempts = [held, ...others, operation(1, 'confirm', unanswered(), [100, 200], 2)];
    expect(idsOf(story(LEASED, attempts, [stored(1, ['o1'])]))).not.toContain('ghost-booking');
  });

  it('may have had an owner before, if that answer could not be read', () => {
    const unread: ReadBack = { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' };
    const attempts = [operation(2, 'book', no(), [0, 5]), operation(3, 'book', unanswered(), [10, 20], 2)];
    const found = (all: readonly Attempt[]) => idsOf({ ...story(CANCELLED, all), readBacks: [unread] });
    expect(found(attempts)).toEqual(['indeterminate']);
    expect(found([...attempts, operation(1, 'book', ok(), [30, 40], 3)])).toEqual(['wrongly-refused', 'indeterminate']);
  });

  it('may have had an owner before the race began', () => {
    const before = stored(1, ['x'], 'before');
    expect(said(story(CANCELLED, [owned], [before])).map(([what]) => what)).toEqual([
      'violation double-booking in round 1 on A',
      'doubt read-back-failed in round undefined on undefined',
    ]);
  });

  it('is in doubt if the search is given up', () => {
    const lost = Array.from({ length: 60 }, (_, index) =>
      ['book', 'cancel'].map((kind) => ({
        ...operation(index + 2, kind as 'book', unanswered(), [index, 1500]),
      })),
    ).flat();
    const race = story(CANCELLED, [owned, ...lost, operation(1, 'cancel', ok(204), [1600, 1700])], [stored(1, ['o1'])]);
    const found = findingsOf(race).filter(({ id }) => id === 'undecided');
    expect(found).toMatchObject([
      {
        severity: 'doubt',
        message: 'seat A: the search for a sequence that explains its 123 operations was given up',
        witness: [],
      },
    ]);
    expect(verdictOf(judge(race))).toBe('inconclusive');
  });

  it('is decided although hundreds are refused, each released at another instant', () => {
    const crowd = 400;
    const refusals = (fromMs: number, round: number) =>
      Array.from({ length: crowd - 2 }, (_, index) => {
        const at = fromMs + index / 200;
        return operation(index + 3, 'book', no(), [at, at + 60 - (index % 7)], round);
      });
    const again = (toMs: number) => operation(2, 'book', ok(201, 'o2'), [98, toMs], 2);
    const attempts = [owned, operation(2, 'book', no(), [0, 8]), ...refusals(0, 1), cancelled, ...refusals(99, 2)];
    const crowded = (all: readonly Attempt[]) =>
      findingsOf(
        history(ruled(CANCELLED, crowd, { readBack: true }), all, [stored(0, [], 'before'), stored(1, ['o2'])]),
      );
    expect(crowded([...attempts, again(130)])).toEqual([]);
    // The same, except that one books before the seat is given up.
    expect(crowded([...attempts, again(99.9)])).toMatchObject([
      { id: 'double-booking', witness: [{ vu: 1 }, { vu: 2 }] },
    ]);
  });

  it('gets the same findings in whatever order the attempts are recorded', () => {
    const attempts = [
      owned,
      ...losers,
      cancelled,
      operation(2, 'book', ok(201, 'o2'), [90, 99], 2),
      operation(3, 'book', no(), [200, 201], 3),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(attempts, { minLength: attempts.length }), (shuffled) => {
        expect(judge(story(CANCELLED, shuffled))).toEqual(judge(story(CANCELLED, attempts)));
      }),
    );
  });
});
