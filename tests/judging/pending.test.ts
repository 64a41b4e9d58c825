import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import { judge, settled } from '../../plugin/src/judging/index.ts';
import {
  asking,
  history,
  ok,
  operation,
  pending,
  plan,
  refused,
  round,
  ruled,
  says,
  stored,
  times,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** Attempts that were accepted with 202, and what a read-back decides about them. */

const SETTLING: Partial<Plan> = { readBack: true, settleMs: 6000 };

const one = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[], overrides: Partial<Plan> = SETTLING) =>
  history(plan({ contenders: conclusions.length, ...overrides }), round(1, 'A', conclusions), readBacks);
const pool = (capacity: number): Partial<Plan> => ({ ...SETTLING, inventories: [{ key: 'A', capacity }] });
const outcomes = (race: History) =>
  settled(race)
    .attempts.map(({ outcome }) => outcome)
    .join(' ');
const queue = times(3, pending);
const named = [pending('x'), pending('y'), pending('z')];

describe('attempts that were accepted (202)', () => {
  it('are undecided where the suite does not say how long the target needs', () => {
    const race = one(queue, [stored(1, ['x'])], { readBack: true });
    expect(said(race)).toEqual([
      [
        'doubt undecided',
        'seat A: 3 attempts were accepted (202), and the target may still be deciding: say in readBack.settleMs how long it needs, and the read-back decides',
        [1],
      ],
    ]);
    expect(settled(race)).toBe(race);
    expect(idsOf(one([ok(201, 'x'), pending(), refused()], [stored(1, ['x'])], { readBack: true }))).toEqual([
      'undecided',
    ]);
  });

  it('are undecided where nobody asks the server', () => {
    expect(said(one([pending(), ...times(2, refused)], [], {}))).toEqual([
      [
        'doubt undecided',
        'seat A: 1 attempt was accepted (202), and nothing said what became of it: let settles ask longer (withinMs), or switch on the read-back, and say in readBack.settleMs how long the target needs to decide',
        [1],
      ],
    ]);
  });

  it('are named by their status, where a later answer was to decide a success', () => {
    const first = pending();
    const answer = { kind: 'answered', status: 201, body: '', bodyBytes: 0 } as const;
    expect(said(one([{ ...first, answer }, refused()], [], {})).flat()).toContainEqual(
      expect.stringMatching(/^seat A: 1 attempt was accepted \(201\), and nothing said/),
    );
  });

  it('prove a double booking all the same, once more is stored than there is', () => {
    const two = [stored(2, ['x', 'y'])];
    expect(idsOf(one(queue, two))).toEqual(['double-booking']);
    expect(idsOf(one(queue, two, { readBack: true }))).toEqual(['double-booking', 'undecided']);
  });

  it('are booked where the read-back names their order, and lost where it names others', () => {
    const race = one(named, [stored(1, ['y'])]);
    expect(outcomes(race)).toBe('fail ok fail');
    expect(judge(race)).toEqual([]);
    expect(settled(race).attempts).toMatchObject([
      { reason: 'lost', settledBy: 'read-back' },
      { orderId: 'y', settledBy: 'read-back' },
      { reason: 'lost' },
    ]);
    expect(settled(settled(race))).toEqual(settled(race));
  });

  it('are never refused in a wrong way', () => {
    expect(idsOf(one(named, [stored(1, ['y'])]))).not.toContain('wrong-rejection');
    expect(idsOf(one([ok(201, 'y'), refused(202), refused()], [stored(1, ['y'])]))).toEqual(['wrong-rejection']);
  });

  it('are lost where every stored order is somebody else’s', () => {
    const race = one([ok(201, 'x'), pending(), pending()], [stored(1, ['x'])]);
    expect(outcomes(race)).toBe('ok fail fail');
    expect(judge(race)).toEqual([]);
    const before = stored(1, ['old'], 'before');
    expect(outcomes(one([ok(201, 'x'), pending(), refused()], [before, stored(2, ['old', 'x'])], pool(3)))).toBe(
      'ok fail fail',
    );
  });

  it('are lost where the units that are stored are all told', () => {
    expect(outcomes(one([ok(201, 'x'), pending(), refused()], [stored(1)]))).toBe('ok fail fail');
    expect(outcomes(one([ok(201, 'x'), pending(), refused()], [stored(2)], pool(2)))).toBe('ok info fail');
  });

  it('stay open where a stored order is nobody’s: the answer may name a job, and not an order', () => {
    const race = one([pending('job-1'), pending('job-2'), refused()], [stored(1, ['x'])]);
    expect(outcomes(race)).toBe('info info fail');
    expect(said(race)).toEqual([
      [
        'doubt untold-booking',
        'seat A: the server holds 1 booking that no buyer was told of; the attempts that may have bought it ended with 202 (2×)',
        [1],
      ],
    ]);
    expect(outcomes(one([pending('x'), pending('y'), pending()], [stored(2, ['x', 'old'])], pool(2)))).toBe(
      'ok fail info',
    );
  });

  it('stay open where the list does not name every order', () => {
    expect(outcomes(one([pending('x'), pending('y'), refused()], [stored(2, ['x'])], pool(3)))).toBe('ok info fail');
    expect(outcomes(one([ok(201, 'x'), pending(), refused()], [stored(2, ['x'])], pool(3)))).toBe('ok info fail');
  });

  it('may take what is left of a pool, after the read-back', () => {
    const left = (second: Conclusion, overrides: Partial<Plan>) =>
      idsOf(one([ok(201, 'x'), second, refused()], [stored(1, ['x'])], { ...pool(2), ...overrides }));
    const { settleMs: _, ...unsettled } = plan({ ...pool(2), contenders: 3 });
    expect(idsOf(history(unsettled, round(1, 'A', [ok(201, 'x'), pending(), refused()]), [stored(1, ['x'])]))).toEqual([
      'undecided',
    ]);
    expect(left(pending(), {})).toEqual(['unsold']);
    expect(left(refused(), {})).toEqual(['unsold']);
  });

  it('are not lost where nobody knows what was there before', () => {
    const unread: ReadBack = { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' };
    expect(outcomes(one([ok(201), pending(), refused()], [unread, stored(1)]))).toBe('ok info fail');
  });

  it('are a doubt where nobody is told, although the units fit', () => {
    expect(idsOf(one(queue, [stored(1)]))).toEqual(['untold-booking']);
    expect(idsOf(one(queue, [stored(1, ['x'])]))).toEqual(['untold-booking']);
  });

  it('are undecided where nothing is stored, or the read-back proves nothing', () => {
    const open = 'seat A: 3 attempts were accepted (202), and the read-back does not tell which of them booked';
    expect(said(one(queue, [stored(0)])).at(-1)).toEqual(['doubt undecided', open, [1]]);
    expect(idsOf(one([...queue, refused()], [says('taken')], pool(3)))).toEqual(['undecided']);
    const unread: ReadBack = { inventory: 'A', when: 'after', kind: 'unreadable', error: 'status 500' };
    expect(idsOf(one(queue, [unread]))).toEqual(['undecided', 'read-back-failed']);
  });

  it('are a doubt where the answers of the server still changed at the end', () => {
    const race = one(named, [{ ...stored(1, ['y']), unsettled: true } as ReadBack]);
    expect(outcomes(race)).toBe('fail ok fail');
    expect(said(race)).toEqual([
      [
        'doubt undecided',
        'seat A: the read-back still changed after readBack.settleMs (6000 ms) and as long again: the target needs more time to decide',
        [],
      ],
    ]);
  });
});

describe('attempts that were accepted, by the rule', () => {
  it('double-submit: a repetition of one order that lost is no unequal answer', () => {
    const submitted = (conclusions: readonly Conclusion[], readBack: ReadBack) =>
      history(
        ruled({ name: 'double-submit', inProgress: [409] }, conclusions.length, SETTLING),
        asking(
          round(1, 'A', conclusions),
          conclusions.map(() => ({ idempotencyKey: 'k', fingerprint: 'f' })),
        ),
        [readBack],
      );
    expect(idsOf(submitted([pending('x'), pending('x'), pending('y')], stored(1, ['x'])))).toEqual([]);
    expect(idsOf(submitted([pending('x'), pending('x'), pending('y')], stored(2, ['x', 'y'])))).toEqual([
      'duplicate-order',
    ]);
    expect(idsOf(submitted([pending(), pending(), pending()], stored(1, ['x'])))).toEqual(['untold-booking']);
  });

  it('overlapping-orders: each part names its orders', () => {
    const parts = ['A1', 'A2', 'A3'];
    const race = history(
      ruled({ name: 'overlapping-orders' }, 3, { ...SETTLING, inventories: [{ key: 'A', capacity: 3, parts }] }),
      asking(round(1, 'A', named), [{ parts: ['A1', 'A2'] }, { parts: ['A2', 'A3'] }, { parts: ['A1', 'A3'] }]),
      parts.map((part) => ({ ...stored(part === 'A3' ? 0 : 1, part === 'A3' ? [] : ['x']), inventory: part })),
    );
    expect(outcomes(race)).toBe('ok fail fail');
    expect(judge(race)).toEqual([]);
    const unsettled = {
      ...race,
      readBacks: race.readBacks.map((answer) => ({ ...answer, unsettled: true }) as ReadBack),
    };
    expect(idsOf(unsettled)).toEqual(['undecided']);
  });

  it('cancel-rebook: it takes effect at any time after its release, and who cancels may have booked', () => {
    const seat = (...attempts: Parameters<typeof operation>[]) =>
      history(
        ruled({ name: 'cancel-rebook', busy: [423] }, 3, SETTLING),
        attempts.map((attempt) => operation(...attempt)),
        [stored(1, ['y'])],
      );
    // The second booking is accepted before the first one is cancelled, and booked after it.
    const rebooked = seat(
      [1, 'book', ok(201, 'x'), [0, 10], 1],
      [2, 'book', refused(), [0, 11], 1],
      [3, 'book', refused(), [0, 12], 1],
      [1, 'cancel', ok(200), [100, 130], 2],
      [2, 'book', pending('y'), [100, 105], 2],
      [3, 'book', pending('z'), [100, 106], 2],
    );
    expect(outcomes(rebooked)).toBe('ok fail fail ok ok fail');
    expect(idsOf(rebooked)).toEqual([]);
    const cancelled = seat(
      [1, 'book', ok(201, 'y'), [0, 10], 1],
      [2, 'book', pending('z'), [0, 11], 1],
      [2, 'cancel', pending(), [0, 12], 1],
    );
    expect(outcomes(cancelled)).toBe('ok info info');
  });
});
