import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, History, Operation, Plan, ReadBack } from '../../model/index.ts';
import {
  asking,
  cutOff,
  history,
  ok,
  operation,
  plan,
  refused,
  round,
  ruled,
  serverError,
  stored,
  times,
  unanswered,
  unrecognised,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** The server holds something, and its buyer was not told. 5xx are allowed here: they are another finding. */

const allowed = { limits: { ...plan().limits, serverErrors: 1000 } };

const one = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[], overrides: Partial<Plan> = {}) =>
  history(
    plan({ contenders: conclusions.length, readBack: true, ...allowed, ...overrides }),
    round(1, 'A', conclusions),
    readBacks,
  );
const pool = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });
const losers = times(2, refused);
const held = stored(1, ['x']);

const severityOf = (race: History) =>
  said(race)
    .filter(([kind]) => kind.endsWith('untold-booking'))
    .map(([kind]) => kind.split(' ')[0]);

describe('a seat that the server holds, and whose buyer was not told', () => {
  it.each<[string, Conclusion]>([
    ['no answer in time', unanswered()],
    ['a reset connection', unanswered('reset')],
    ['a success without the rest of its body', cutOff(201)],
    ['an answer that nobody recognises', unrecognised()],
    ['an answer that fits both conditions', unrecognised(200, 'ambiguous')],
  ])('is a doubt after %s', (_what, ending) => {
    expect(severityOf(one([ending, ...losers], [held]))).toEqual(['doubt']);
    expect(idsOf(one([ok(201, 'x'), ...losers], [held]))).toEqual([]);
  });

  it.each<[string, Conclusion]>([
    ['a 5xx', serverError(500)],
    ['a 5xx without the rest of its body', { ...cutOff(502), cause: 'server-error' } as Conclusion],
  ])('is a violation after %s: the buyer was told of an error', (_what, ending) => {
    expect(severityOf(one([ending, ...losers], [held]))).toEqual(['violation']);
    expect(severityOf(one([ending, ...losers], [stored(0)]))).toEqual([]);
  });

  it('is a doubt if an attempt without an answer may have bought it as well', () => {
    expect(severityOf(one([serverError(), unanswered(), refused()], [held]))).toEqual(['doubt']);
    expect(severityOf(one([serverError(), serverError(), refused()], [held]))).toEqual(['violation']);
  });

  it('is a doubt if an attempt is missing that may have bought it', () => {
    const race = one([serverError(), ...losers], [held]);
    expect(severityOf({ ...race, attempts: race.attempts.slice(0, 2) })).toEqual(['doubt']);
  });

  it('is found beside winners of other units', () => {
    const race = (units: number) =>
      one(
        [ok(201, 'a'), serverError(), serverError(), refused()],
        [stored(units, ['a', 'b', 'c'].slice(0, units))],
        pool(3),
      );
    expect(said(race(3)).slice(0, 1)).toEqual([
      [
        'violation untold-booking',
        'seat A: the server holds 2 bookings that no buyer was told of; the attempts that may have bought them ended with 500 (2×)',
        [2],
      ],
    ]);
    expect(severityOf(race(1))).toEqual([]);
  });

  it('needs at least as many definite errors as the others cannot explain', () => {
    const race = (...unclear: Conclusion[]) => one([...unclear, refused()], [stored(2, ['a', 'b'])], pool(2));
    expect(severityOf(race(unanswered(), serverError()))).toEqual(['violation']);
    expect(severityOf(race(unanswered(), unanswered(), serverError()))).toEqual(['doubt']);
    expect(said(race(unanswered(), serverError())).map(([, , vus]) => vus)).toContainEqual([2]);
  });

  it('is not the one that was there before', () => {
    const before = stored(1, [], 'before');
    expect(severityOf(one([unanswered(), ...losers], [before, stored(1)], pool(2)))).toEqual([]);
    expect(severityOf(one([unanswered(), ...losers], [before, stored(2)], pool(2)))).toEqual(['doubt']);
  });

  it('is another finding if everybody was refused, or if more is stored than there is', () => {
    expect(idsOf(one(times(3, refused), [held]))).toEqual(['ghost-booking']);
    expect(idsOf(one([serverError(), serverError(), refused()], [stored(2, ['x', 'y'])]))).toEqual(['double-booking']);
    expect(idsOf(one([serverError(), refused(), refused()], [stored(2, ['x', 'y'])], pool(2)))).toEqual([
      'ghost-booking',
    ]);
  });

  it('counts units: an order of three is more than one that was told of two', () => {
    const race = (units: number) =>
      history(
        ruled({ name: 'quota' }, 3, { readBack: true, ...allowed, ...pool(5) }),
        asking(round(1, 'A', [ok(201, 'a'), serverError(), refused()]), [{ units: 2 }, { units: 3 }, { units: 4 }]),
        [stored(units)],
      );
    expect(severityOf(race(5))).toEqual(['violation']);
    expect(severityOf(race(2))).toEqual([]);
    expect(idsOf(race(5))).not.toContain('ghost-booking');
  });

  it('is not looked for in a history that was written before this question was asked', () => {
    const race = one([unanswered(), ...losers], [held]);
    const old = (version: 1 | 2) => idsOf({ ...race, run: { ...race.run, version } });
    expect([old(1), old(2), idsOf(race)]).toEqual([[], [], ['untold-booking']]);
  });
});

describe.each(['coupon', 'per-user-limit'] as const)('under %s', (name) => {
  it('too, a use that nobody was told of is found', () => {
    const race = (winner: Conclusion) =>
      history(ruled({ name }, 3, { readBack: true, ...allowed }), round(1, 'A', [winner, ...losers]), [held]);
    expect(severityOf(race(serverError()))).toEqual(['violation']);
    expect(severityOf(race(unanswered()))).toEqual(['doubt']);
    expect(severityOf(race(ok(201, 'x')))).toEqual([]);
  });
});

describe.each([
  ['cancel-rebook', { name: 'cancel-rebook', busy: [423] }],
  ['hold-confirm', { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] }],
] as const)('under %s', (_name, rule) => {
  const seat = (...attempts: readonly Attempt[]) =>
    history(ruled(rule, attempts.length, { readBack: true, ...allowed }), attempts, [held]);
  const at = (vu: number, kind: Operation, conclusion: Conclusion) => operation(vu, kind, conclusion, [100, 110 + vu]);

  it('a seat that nobody was told of is found', () => {
    expect(severityOf(seat(at(1, 'book', serverError()), at(2, 'book', refused())))).toEqual(['violation']);
    expect(severityOf(seat(at(1, 'book', unanswered()), at(2, 'book', refused())))).toEqual(['doubt']);
    expect(severityOf(seat(at(1, 'book', ok(201, 'x')), at(2, 'book', serverError())))).toEqual([]);
  });

  it('a cancellation without an answer bought nothing', () => {
    const race = seat(at(1, 'cancel', unanswered()), at(2, 'book', serverError()), at(3, 'book', refused()));
    expect(severityOf(race)).toEqual(['violation']);
  });
});

describe('under cancel-rebook', () => {
  const cancelled = (cancelledAtMs: number, ...more: readonly Attempt[]) =>
    severityOf(
      history(
        ruled({ name: 'cancel-rebook', busy: [423] }, 3, { readBack: true, ...allowed }),
        [
          operation(1, 'book', ok(201, 'a'), [0, 10]),
          operation(2, 'book', refused(), [0, 11]),
          operation(3, 'book', refused(), [0, 12]),
          operation(1, 'cancel', ok(200), [cancelledAtMs, cancelledAtMs + 10], 2),
          operation(2, 'book', unanswered(), [100, 120], 2),
          ...more,
        ],
        [stored(1)],
      ),
    );

  it('who gave the seat up owns it no more, so its new owner is the one to be told', () => {
    expect(cancelled(10, operation(3, 'book', refused(), [100, 121], 2))).toEqual(['doubt']);
    expect(cancelled(10, operation(3, 'book', ok(201, 'c'), [100, 121], 2))).toEqual([]);
    expect(cancelled(10, operation(1, 'book', ok(201, 'c'), [100, 121], 3))).toEqual([]);
    // The cancellation may have come before the booking.
    expect(cancelled(9.9, operation(3, 'book', refused(), [100, 121], 2))).toEqual([]);
  });
});

describe('under hold-confirm', () => {
  const confirmed = (confirmation: Conclusion, readBack: ReadBack) =>
    severityOf(
      history(
        ruled({ name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] }, 2, { readBack: true, ...allowed }),
        [
          operation(1, 'hold', ok(201, 'h'), [0, 10]),
          operation(2, 'hold', refused(), [0, 11]),
          operation(1, 'confirm', confirmation, [20, 30], 2),
          operation(2, 'confirm', refused(), [20, 31], 2),
        ],
        [readBack],
      ),
    );

  it('a hold tells its holder, although the confirmation got no answer', () => {
    expect(confirmed(serverError(), stored(1))).toEqual([]);
    expect(confirmed(serverError(), stored(1, ['h']))).toEqual([]);
  });

  it('a hold tells nothing about an order that only its failed confirmation can have made', () => {
    expect(confirmed(ok(201, 'order'), stored(1, ['order']))).toEqual([]);
    expect(confirmed(serverError(), stored(1, ['order']))).toEqual(['violation']);
    expect(confirmed(unanswered(), stored(1, ['order']))).toEqual(['doubt']);
  });
});

describe('under overlapping-orders', () => {
  const parts = ['A1', 'A2', 'A3'];
  const row = (
    orders: readonly (readonly [string[], Conclusion])[],
    sold: readonly string[],
    overrides: Partial<Plan> = {},
  ) =>
    history(
      ruled({ name: 'overlapping-orders' }, orders.length, {
        readBack: true,
        ...allowed,
        inventories: [{ key: 'A', capacity: 3, parts }],
        ...overrides,
      }),
      asking(
        round(
          1,
          'A',
          orders.map(([, conclusion]) => conclusion),
        ),
        orders.map(([wanted]) => ({ parts: wanted })),
      ),
      parts.map((part) => ({
        ...stored(sold.includes(part) ? 1 : 0, sold.includes(part) ? ['x'] : []),
        inventory: part,
      })),
    );
  const first = ['A1', 'A2'];
  const second = ['A2', 'A3'];

  it('the parts are named, and each is judged by those who wanted it', () => {
    expect(
      said(
        row(
          [
            [first, serverError()],
            [second, refused()],
          ],
          first,
        ),
      ).at(-1),
    ).toEqual([
      'violation untold-booking',
      'seat A: the server holds 2 bookings (A1, A2) that no buyer was told of; the attempts that may have bought them ended with 500 (1×)',
      [1],
    ]);
    expect(
      severityOf(
        row(
          [
            [first, unanswered()],
            [second, refused()],
          ],
          first,
        ),
      ),
    ).toEqual(['doubt']);
    expect(
      severityOf(
        row(
          [
            [first, serverError()],
            [second, unanswered()],
          ],
          first,
        ),
      ),
    ).toEqual(['violation']);
    expect(
      severityOf(
        row(
          [
            [first, serverError()],
            [first, unanswered()],
          ],
          first,
        ),
      ),
    ).toEqual(['doubt']);
    expect(
      severityOf(
        row(
          [
            [first, ok(201, 'x')],
            [second, serverError()],
          ],
          first,
        ),
      ),
    ).toEqual([]);
    expect(
      severityOf(
        row(
          [
            [first, serverError()],
            [second, refused()],
          ],
          [],
        ),
      ),
    ).toEqual([]);
  });

  it('a part that was there before, or may have been, is nobody’s', () => {
    const race = row(
      [
        [first, serverError()],
        [second, refused()],
      ],
      first,
    );
    const soldBefore = (units: number): ReadBack => ({ ...stored(units, [], 'before'), inventory: 'A1' });
    const unread: ReadBack = { inventory: 'A1', when: 'before', kind: 'unreadable', error: 'status 500' };
    expect(severityOf({ ...race, readBacks: [soldBefore(0), ...race.readBacks] })).toEqual(['violation']);
    expect(severityOf({ ...race, readBacks: [soldBefore(1), ...race.readBacks] })).toEqual([]);
    expect(severityOf({ ...race, readBacks: [unread, ...race.readBacks] })).toEqual([]);
  });
});

describe('under double-submit', () => {
  const submitted = (answers: readonly (readonly [key: string, Conclusion])[], readBack: ReadBack) =>
    history(
      ruled({ name: 'double-submit', inProgress: [409] }, answers.length, { readBack: true, ...allowed }),
      asking(
        round(
          1,
          'A',
          answers.map(([, conclusion]) => conclusion),
        ),
        answers.map(([idempotencyKey]) => ({ idempotencyKey, fingerprint: 'f' })),
      ),
      [readBack],
    );

  it('an order under a key that was never granted is found', () => {
    expect(
      severityOf(
        submitted(
          [
            ['k', serverError()],
            ['k', serverError()],
          ],
          held,
        ),
      ),
    ).toEqual(['violation']);
    expect(
      severityOf(
        submitted(
          [
            ['k', unanswered()],
            ['k', serverError()],
          ],
          held,
        ),
      ),
    ).toEqual(['doubt']);
    expect(
      severityOf(
        submitted(
          [
            ['k', ok(201, 'x')],
            ['k', serverError()],
          ],
          held,
        ),
      ),
    ).toEqual([]);
    expect(
      severityOf(
        submitted(
          [
            ['k', serverError()],
            ['k', serverError()],
          ],
          stored(0),
        ),
      ),
    ).toEqual([]);
  });

  it('each key counts by itself', () => {
    const two = (readBack: ReadBack, other: Conclusion) =>
      submitted(
        [
          ['k', ok(201, 'x')],
          ['k', ok(201, 'x')],
          ['l', other],
        ],
        readBack,
      );
    expect(severityOf(two(stored(2, ['x', 'y']), serverError()))).toEqual(['violation']);
    expect(severityOf(two(stored(2, ['x', 'y']), unanswered()))).toEqual(['doubt']);
    expect(severityOf(two(stored(1, ['x']), serverError()))).toEqual([]);
    // More orders than keys is a duplicate.
    expect(severityOf(two(stored(3, ['x', 'y', 'z']), serverError()))).toEqual([]);
  });
});

describe('a success whose body is lost', () => {
  it('may promise an order that the server does not hold', () => {
    expect(said(one([ok(201, 'x'), cutOff(), refused()], [stored(2, ['x', 'y'])], pool(2)))).toMatchObject([
      ['doubt untold-booking', expect.any(String), [2]],
    ]);
    expect(said(one([cutOff(), ...losers], [stored(0)], pool(2)))).toContainEqual([
      'doubt indeterminate',
      'seat A: 1 answer began as a success (201 (1×)) and the rest is lost: it may promise an order that the server does not hold',
      [1],
    ]);
    expect(idsOf(one([cutOff(), cutOff(), ...losers], [stored(1, ['x'])], pool(2)))).toEqual([
      'untold-booking',
      'indeterminate',
    ]);
  });

  it('counts as promised beside the winner', () => {
    expect(idsOf(one([ok(201, 'x'), cutOff(), refused()], [held]))).toEqual(['indeterminate']);
    expect(idsOf(one([ok(201, 'x'), refused(), refused()], [held]))).toEqual([]);
  });

  it('is settled by nothing but an order of its own, also under the other rules', () => {
    const key = { idempotencyKey: 'k', fingerprint: 'f' };
    const repeated = history(
      ruled({ name: 'double-submit', inProgress: [409] }, 3, { readBack: true }),
      asking(round(1, 'A', [ok(201, 'x'), cutOff(), ok(201, 'x')]), [key, key, key]),
      [held],
    );
    expect(idsOf(repeated)).toEqual(['indeterminate']);
    const seat = (second: Conclusion) =>
      idsOf(
        history(
          ruled({ name: 'cancel-rebook', busy: [423] }, 3, { readBack: true }),
          [ok(201, 'x'), second, refused()].map((ending, index) =>
            operation(index + 1, 'book', ending, [0, 20 + index]),
          ),
          [held],
        ),
      );
    expect(seat(cutOff())).toContain('indeterminate');
    expect(seat(unanswered())).not.toContain('indeterminate');
  });

  it('is no promise if it was a refusal or an error', () => {
    expect(idsOf(one([ok(201, 'x'), cutOff(502), refused()], [held]))).toEqual([]);
  });
});
