import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../model/index.ts';
import {
  explain,
  type Lease,
  type Operation,
  type SeatOperation,
  seatModel,
  shrink,
} from '../../plugin/src/judging/linearizability/index.ts';
import { isExplicable } from '../support/brute-force.ts';

type SeatOp = Operation<SeatOperation>;

/** `book('a', 0, 5)`: a books, released at 0, answered at 5. */
const make =
  (kind: (typeof OPERATIONS)[number], isGranted: boolean) =>
  (by: string, fromMs: number, toMs: number): SeatOp => ({
    what: { kind, by, isGranted },
    fromMs,
    toMs,
    isOptional: false,
    isChange: isGranted,
  });
const [book, hold, confirm, cancel] = [
  make('book', true),
  make('hold', true),
  make('confirm', true),
  make('cancel', true),
];
const [noBook, noHold, noConfirm, noCancel] = [
  make('book', false),
  make('hold', false),
  make('confirm', false),
  make('cancel', false),
];
/** Nobody knows whether it took effect, nor until when. */
const maybe = (operation: SeatOp): SeatOp => ({ ...operation, toMs: Infinity, isOptional: true });
const read = (isBooked: boolean, owners: readonly string[], fromMs: number): SeatOp => ({
  what: { kind: 'read', isBooked, mayOwn: (by) => owners.includes(by) },
  fromMs,
  toMs: Infinity,
  isOptional: false,
  isChange: false,
});

const LEASE: Lease = { leaseMs: 100, toleranceMs: 0 };
const explained = (operations: readonly SeatOp[], lease = LEASE, ownedBy?: string) =>
  explain(seatModel(lease, ownedBy), operations).kind;

describe('a history of one seat', () => {
  it.each<[string, SeatOp[]]>([
    ['one books, another is refused', [book('a', 0, 5), noBook('b', 0, 5)]],
    ['the refusal is answered first, both were under way', [noBook('b', 1, 2), book('a', 0, 5)]],
    ['a hold is confirmed', [hold('a', 0, 5), confirm('a', 50, 60)]],
    ['a confirmation is repeated', [hold('a', 0, 5), confirm('a', 50, 60), confirm('a', 70, 80)]],
    ['a second confirmation may be refused', [hold('a', 0, 5), confirm('a', 50, 60), noConfirm('a', 70, 80)]],
    ['a hold ends, and another takes it', [hold('a', 0, 5), hold('b', 100, 110), noConfirm('a', 120, 130)]],
    ['a hold ends, and its confirmation is refused', [hold('a', 0, 5), noConfirm('a', 100, 110)]],
    ['a hold is renewed', [hold('a', 0, 5), hold('a', 80, 85), confirm('a', 170, 180)]],
    ['a hold is asked for again, and not renewed', [hold('a', 0, 5), hold('a', 80, 85), hold('b', 110, 120)]],
    ['the holder books', [hold('a', 0, 5), book('a', 50, 60), noBook('b', 200, 210)]],
    ['a hold is given up', [hold('a', 0, 5), cancel('a', 10, 20), book('b', 30, 40)]],
    ['a booking is given up while another books', [book('a', 0, 5), book('b', 10, 20), cancel('a', 10, 20)]],
    [
      'cancelling the seat of somebody else changes nothing',
      [book('a', 0, 5), cancel('b', 10, 20), noBook('c', 30, 40)],
    ],
    ['cancelling the seat of somebody else may be refused', [book('a', 0, 5), noCancel('b', 10, 20)]],
    ['a hold that timed out blocks the seat', [maybe(hold('a', 0, 5)), noHold('b', 50, 60), hold('c', 101, 110)]],
    [
      'a booking that timed out takes effect late',
      [maybe(book('a', 0, 5)), hold('b', 10, 20), noConfirm('b', 200, 210), noBook('c', 300, 310)],
    ],
    ['a booking that timed out never happened', [maybe(book('a', 0, 5)), book('b', 10, 20)]],
    ['the server knows the owner', [book('a', 0, 5), read(true, ['a'], 10)]],
    ['the server says free', [hold('a', 0, 5), read(false, [], 10)]],
  ])('can have happened: %s', (_what, operations) => {
    expect(explained(operations)).toBe('explained');
    expect(isExplicable(operations, LEASE)).toBe(true);
  });

  it.each<[string, SeatOp[]]>([
    ['two book', [book('a', 0, 5), book('b', 0, 5)]],
    ['one is refused when nobody has it', [noBook('b', 0, 5), book('a', 10, 15)]],
    ['one is refused a hold when nobody has it', [noHold('b', 0, 5)]],
    ['a hold is taken while it is live', [hold('a', 0, 5), hold('b', 50, 60)]],
    ['a held seat is booked by another', [hold('a', 0, 5), book('b', 50, 60)]],
    ['a hold is confirmed too late', [hold('a', 0, 5), confirm('a', 106, 110)]],
    ['a hold that nobody had is confirmed', [confirm('a', 0, 5)]],
    ['the confirmation of a live hold is refused', [hold('a', 0, 5), noConfirm('a', 50, 60)]],
    ['an ended hold still blocks the seat', [hold('a', 0, 5), noHold('b', 106, 110)]],
    ['a booked seat is held', [book('a', 0, 5), hold('b', 10, 15)]],
    ['two holds are confirmed', [hold('a', 0, 5), hold('b', 110, 115), confirm('b', 120, 125), confirm('a', 120, 125)]],
    ['it is booked before it is given up', [book('a', 0, 5), book('b', 10, 20), cancel('a', 30, 40)]],
    ['the owner may not give it up', [book('a', 0, 5), noCancel('a', 10, 20)]],
    ['the holder may not give it up', [hold('a', 0, 5), noCancel('a', 10, 20)]],
    ['it stays taken after it was given up', [book('a', 0, 5), cancel('a', 10, 20), noBook('b', 30, 40)]],
    ['the server lost it', [book('a', 0, 5), read(false, [], 10)]],
    ['the server gave it to another', [book('a', 0, 5), read(true, ['b'], 10)]],
    ['the server still knows the owner who gave it up', [book('a', 0, 5), cancel('a', 10, 15), read(true, ['a'], 20)]],
    ['the server says booked, but it was only held', [hold('a', 0, 5), read(true, ['a'], 10)]],
    [
      'an operation that timed out does not excuse what came before it',
      [book('a', 0, 5), book('b', 6, 7), maybe(cancel('a', 8, 9))],
    ],
  ])('cannot have happened: %s', (_what, operations) => {
    expect(explained(operations)).toBe('unexplained');
    expect(isExplicable(operations, LEASE)).toBe(false);
  });

  it('allows both around the end of a hold, for as long as the request for the hold took', () => {
    // The server made it between 0 and 5, so it ends between 100 and 105; a request is judged by its earliest and latest.
    const at = (operation: SeatOp) => explained([hold('a', 0, 5), operation]);
    expect(at(confirm('a', 105, 105))).toBe('explained');
    expect(at(confirm('a', 105.1, 106))).toBe('unexplained');
    expect(at(hold('b', 90, 100))).toBe('explained');
    expect(at(hold('b', 90, 99.9))).toBe('unexplained');
    expect(at(noHold('b', 105, 106))).toBe('explained');
    expect(at(noHold('b', 105.1, 106))).toBe('unexplained');
    expect(at(noConfirm('a', 90, 100))).toBe('explained');
    expect(at(noConfirm('a', 90, 99.9))).toBe('unexplained');
  });

  it('does not let two operations assume different instants for one hold', () => {
    // Each alone is possible: with the hold made at 5 for the one, at 0 for the other.
    expect(explained([hold('a', 0, 5), noHold('b', 104, 104.5)])).toBe('explained');
    expect(explained([hold('a', 0, 5), hold('c', 101, 103)])).toBe('explained');
    expect(explained([hold('a', 0, 5), hold('c', 101, 103), confirm('a', 104, 104.5)])).toBe('unexplained');
    expect(explained([hold('a', 0, 5), noHold('b', 104, 104.5), noConfirm('a', 101, 103)])).toBe('unexplained');
  });

  it('forgives a hold that ends a little early or late, within the tolerance', () => {
    const tolerant = { leaseMs: 100, toleranceMs: 10 };
    const at = (operation: SeatOp) => explained([hold('a', 0, 0), operation], tolerant);
    expect([confirm('a', 110, 111), hold('b', 89, 90), noHold('b', 110, 111), noConfirm('a', 89, 90)].map(at)).toEqual(
      Array.from({ length: 4 }, () => 'explained'),
    );
    expect([confirm('a', 111, 112), hold('b', 88, 89), noHold('b', 111, 112), noConfirm('a', 88, 89)].map(at)).toEqual(
      Array.from({ length: 4 }, () => 'unexplained'),
    );
  });

  it('has holds that never end if there is no lease', () => {
    const forever = { leaseMs: Infinity, toleranceMs: 0 };
    expect(explained([hold('a', 0, 5), confirm('a', 1e9, 1e9 + 1)], forever)).toBe('explained');
    expect(explained([hold('a', 0, 5), hold('b', 1e9, 1e9 + 1)], forever)).toBe('unexplained');
    expect(explained([hold('a', 0, 5), read(true, ['b'], 10), maybe(book('b', 1, 2))], forever)).toBe('unexplained');
  });

  it('may begin with an owner', () => {
    expect(explained([noBook('a', 0, 5)], LEASE, 'somebody')).toBe('explained');
    expect(explained([book('a', 0, 5)], LEASE, 'somebody')).toBe('unexplained');
  });

  it('is undecided, not explained, if the search is given up', () => {
    const many = Array.from({ length: 12 }, (_, index) => maybe(hold(`u${index}`, 0, 1)));
    const operations = [...many, read(true, [], 2000)];
    expect(explain(seatModel(LEASE), operations, 500).kind).toBe('undecided');
    expect(explain(seatModel(LEASE), [book('a', 0, 5)], 2).kind).toBe('explained');
    expect(explain(seatModel(LEASE), [book('a', 0, 5)], 1).kind).toBe('undecided');
  });

  it('searches equal configurations only once', () => {
    // Cancelling nothing changes nothing: 10 such operations have millions of sequences, but 1024 sets.
    const idle = Array.from({ length: 10 }, (_, index) => maybe(cancel(`u${index}`, 0, 1)));
    expect(explain(seatModel(LEASE), [book('a', 0, 5), ...idle, read(false, [], 10)], 5000).kind).toBe('unexplained');
  });

  it('tells apart who owns the seat in the end', () => {
    const both = [book('a', 0, 10), book('b', 0, 10), cancel('a', 0, 10), cancel('b', 0, 10)];
    expect(['a', 'b'].map((owner) => explained([...both, read(true, [owner], 20)]))).toEqual([
      'explained',
      'explained',
    ]);
    expect(explained([...both, read(true, ['c'], 20)])).toBe('unexplained');
  });

  it('takes observations in the order in which they began, and skips those that do not suit the state', () => {
    // The confirmation by b must be refused before b holds the seat, and that as early as 100, because the hold has ended at
    // 210. If c, from 120, had to come first, the hold would be too late; and d, from 40, is refused only after the hold.
    const lookers = [noCancel('c', 120, 140), noHold('d', 40, 150), noConfirm('b', 50, 140)];
    const story = [...lookers, hold('b', 100, 130), noConfirm('b', 205, 210)];
    expect(explained(story)).toBe('explained');
    expect(isExplicable(story, LEASE)).toBe(true);
  });

  it('is fast for a thousand refusals, one after the other or all at once', () => {
    const refusals = Array.from({ length: 1000 }, (_, index) => noBook(`u${index}`, 10, 20 + index / 1000));
    expect(explained([book('a', 0, 5), ...refusals])).toBe('explained');
    expect(explained(refusals)).toBe('unexplained');
  });
});

describe('the witness of a contradiction', () => {
  const witness = (operations: readonly SeatOp[], lease = LEASE) => {
    const explanation = explain(seatModel(lease), operations);
    if (explanation.kind !== 'unexplained') return explanation.kind;
    return shrink(seatModel(lease), operations, explanation).operations.map(
      ({ what, fromMs }) => `${what.kind === 'read' ? 'read' : `${what.by} ${what.kind}`} ${fromMs}`,
    );
  };

  it.each<[string, SeatOp[], string[]]>([
    [
      'two of many',
      [
        noBook('c', 0, 2),
        book('a', 0, 5),
        noBook('d', 1, 8),
        book('b', 2, 6),
        noBook('e', 20, 25),
        cancel('a', 30, 35),
      ],
      ['a book 0', 'b book 2'],
    ],
    [
      'the refused one, and why the seat was free',
      [book('a', 0, 5), noBook('c', 6, 8), cancel('a', 10, 12), noBook('b', 20, 22)],
      ['a book 0', 'a cancel 10', 'b book 20'],
    ],
    [
      'a hold and the booking that broke it',
      [hold('a', 0, 5), noHold('c', 6, 7), book('b', 50, 55), confirm('a', 60, 65)],
      ['a hold 0', 'b book 50'],
    ],
    [
      'the answer and what the server says',
      [book('a', 0, 5), noBook('b', 0, 5), read(false, [], 10)],
      ['a book 0', 'read 10'],
    ],
  ])('is %s', (_what, operations, expected) => {
    expect(witness(operations)).toEqual(expected);
  });

  it('treats operations that had not ended by then as possible only', () => {
    // At 0 one was refused although nobody can have had the seat. The two bookings contradict each other only later.
    const story = [noBook('a', 0, 0), book('a', 0, 1), book('a', 0, 1), hold('a', 1, 1), read(false, [], 20)];
    expect(witness(story)).toEqual(['a book 0', 'a book 0']);
    expect(witness([noBook('c', 1, 2), book('a', 3, 9), book('b', 4, 8)])).toEqual(['c book 1']);
  });

  it('leaves out refusals first, then the latest operations', () => {
    expect(witness([book('a', 0, 5), noBook('d', 1, 6), book('c', 2, 8), book('b', 2, 7)])).toEqual([
      'a book 0',
      'b book 2',
    ]);
  });

  it('is not shrunk if the search is given up', () => {
    const story = [book('a', 0, 5), noBook('c', 1, 5), book('b', 2, 6)];
    const explanation = explain(seatModel(LEASE), story);
    expect(explanation.kind === 'unexplained' && shrink(seatModel(LEASE), story, explanation, 1).operations).toEqual(
      story,
    );
  });

  it('keeps a cancellation, if others would contradict each other without it', () => {
    const story = [
      book('a', 0, 5),
      cancel('a', 10, 12),
      book('b', 20, 22),
      cancel('b', 30, 32),
      book('c', 40, 42),
      book('d', 50, 52),
      cancel('c', 60, 62),
    ];
    expect(witness(story)).toEqual(['c book 40', 'd book 50']);
  });
});

/** Any operations, right or wrong. */
const anyOperation: fc.Arbitrary<SeatOp> = fc
  .record({
    kind: fc.constantFrom(...OPERATIONS),
    by: fc.constantFrom('a', 'b', 'c'),
    isGranted: fc.boolean(),
    fromMs: fc.integer({ min: 0, max: 12 }),
    lengthMs: fc.integer({ min: 0, max: 8 }),
    isLost: fc.nat({ max: 4 }).map((draw) => draw === 0),
  })
  .map(({ kind, by, isGranted, fromMs, lengthMs, isLost }) => {
    const operation = make(kind, isGranted || isLost)(by, fromMs, fromMs + lengthMs);
    return isLost ? maybe(operation) : operation;
  });
const anyRead: fc.Arbitrary<SeatOp[]> = fc.oneof(
  fc.constant<SeatOp[]>([]),
  fc
    .record({ isBooked: fc.boolean(), owner: fc.constantFrom('a', 'b') })
    .map(({ isBooked, owner }) => [read(isBooked, [owner], 20)]),
);
const anyHistory = fc
  .tuple(fc.array(anyOperation, { minLength: 1, maxLength: 5 }), anyRead)
  .map(([operations, reads]) => [...operations, ...reads]);
const anyLease: fc.Arbitrary<Lease> = fc.record({
  leaseMs: fc.integer({ min: 2, max: 8 }),
  toleranceMs: fc.integer({ min: 0, max: 2 }),
});

/** A right server: operations at random instants, answered by the state of the seat, each within an interval. */
const rightHistory = fc
  .record({
    leaseMs: fc.integer({ min: 2, max: 30 }),
    steps: fc.array(
      fc.record({
        kind: fc.constantFrom(...OPERATIONS),
        by: fc.constantFrom('a', 'b', 'c', 'd'),
        pauseMs: fc.integer({ min: 0, max: 12 }),
        beforeMs: fc.integer({ min: 0, max: 10 }),
        afterMs: fc.integer({ min: 0, max: 10 }),
        isLost: fc.nat({ max: 6 }).map((draw) => draw === 0),
      }),
      { minLength: 1, maxLength: 14 },
    ),
  })
  .map(({ leaseMs, steps }) => {
    let owner: string | undefined;
    let holder: { readonly by: string; readonly untilMs: number } | undefined;
    let nowMs = 0;
    const operations = steps.map(({ kind, by, pauseMs, beforeMs, afterMs, isLost }) => {
      nowMs += pauseMs;
      if (holder !== undefined && holder.untilMs <= nowMs) holder = undefined;
      const isTheirs = owner === by || (owner === undefined && holder?.by === by);
      const isFree = owner === undefined && (holder === undefined || holder.by === by);
      const isGranted = { book: isFree, hold: isFree, confirm: isTheirs, cancel: isTheirs }[kind];
      if (isGranted && kind === 'hold') holder = { by, untilMs: nowMs + leaseMs };
      if (isGranted && (kind === 'book' || kind === 'confirm')) owner = by;
      if (isGranted && kind === 'cancel') owner = undefined;
      if (isGranted && kind !== 'hold') holder = undefined;
      const operation = make(kind, isGranted || isLost)(by, nowMs - beforeMs, nowMs + afterMs);
      return isLost ? maybe(operation) : operation;
    });
    const server = owner;
    return {
      lease: { leaseMs, toleranceMs: 0 },
      operations: [...operations, read(server !== undefined, server === undefined ? [] : [server], nowMs + 20)],
    };
  });

describe('the search', () => {
  it('agrees with brute force on any history', () => {
    fc.assert(
      fc.property(anyHistory, anyLease, (operations, lease) => {
        expect(explained(operations, lease) === 'explained').toBe(isExplicable(operations, lease));
      }),
      { numRuns: 1500 },
    );
  });

  it('never accuses a right server', () => {
    fc.assert(
      fc.property(rightHistory, ({ operations, lease }) => {
        expect(explained(operations, lease)).toBe('explained');
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same result in whatever order the operations are recorded', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        anyLease,
        ([operations, shuffled], lease) => {
          expect(explained(shuffled, lease)).toBe(explained(operations, lease));
        },
      ),
    );
  });

  it('explains no less if an answer is taken away', () => {
    fc.assert(
      fc.property(anyHistory, anyLease, fc.nat(), (operations, lease, at) => {
        const taken = operations[at % operations.length];
        const weaker = operations.flatMap((operation) =>
          operation !== taken ? operation : operation.isChange ? maybe(operation) : [],
        );
        if (explained(operations, lease) === 'explained') expect(explained(weaker, lease)).toBe('explained');
      }),
    );
  });

  it('has a witness that contradicts itself whatever else happened, and that is as small as possible', () => {
    const loose = (operation: SeatOp): SeatOp => ({
      ...operation,
      fromMs: -Infinity,
      toMs: Infinity,
      isOptional: true,
    });
    fc.assert(
      fc.property(anyHistory, anyLease, (operations, lease) => {
        const explanation = explain(seatModel(lease), operations);
        fc.pre(explanation.kind === 'unexplained');
        if (explanation.kind !== 'unexplained') return;
        const { operations: kept, culprit } = shrink(seatModel(lease), operations, explanation);
        expect(kept).toContain(culprit);
        expect(operations).toEqual(expect.arrayContaining([...kept]));
        expect(isExplicable(kept, lease)).toBe(false);
        // Only operations that began before the culprit ended can play a part.
        const others = operations.filter(
          (operation) => !kept.includes(operation) && operation.isChange && operation.fromMs <= culprit.toMs,
        );
        expect(isExplicable([...kept, ...others.map(loose)], lease)).toBe(false);
        const atTheEnd = (operation: SeatOp): SeatOp =>
          operation.toMs <= culprit.toMs ? operation : { ...operation, isOptional: true };
        // If another operation ends at the same instant, either may be the culprit, and the first one stays even if not needed.
        if (operations.some((operation) => operation !== culprit && operation.toMs === culprit.toMs)) return;
        for (const one of kept) {
          const left = kept.filter((operation) => operation !== one).map(atTheEnd);
          const freed = [...others, ...(one.isChange ? [one] : [])].map(loose);
          expect(isExplicable([...left, ...freed], lease)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
