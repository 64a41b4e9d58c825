import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt, Conclusion, ControlName, History, Plan, ReadBack, Rule } from '../../model/index.ts';
import { verdictOf } from '../../model/index.ts';
import { blindSuite } from '../../plugin/src/judging/blind-suite.ts';
import { controlsOf } from '../../plugin/src/judging/controls/index.ts';
import { evidenceOf } from '../../plugin/src/judging/evidence.ts';
import { judgementOf, remarksOf } from '../../plugin/src/judging/index.ts';
import {
  asking,
  granting,
  history,
  ok,
  operation,
  plan,
  refused,
  round,
  ruled,
  says,
  stored,
  times,
  unanswered,
  unrecognised,
} from '../support/histories.ts';
import { rightOrders, rightSales, rightSubmissions, rightTurns } from '../support/right-systems.ts';

const pool = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });
const free = stored(0, [], 'before');
const won = (count: number): Conclusion[] => Array.from({ length: count }, (_, index) => ok(201, `o${index}`));

/** A race for seat A by as many as there are answers. */
const race = (
  conclusions: readonly Conclusion[],
  { readBacks = [], ...overrides }: Partial<Plan> & { readonly readBacks?: readonly ReadBack[] } = {},
): History =>
  history(
    plan({ contenders: conclusions.length, readBack: readBacks.length > 0, ...overrides } as Partial<Plan>),
    round(1, 'A', conclusions),
    readBacks,
  );

/** What became of each control: the finding that proves it, or that it does not apply. */
const controls = (of: History) =>
  judgementOf(of).controls.map(({ name, applies, failed, message }) => [
    name,
    applies ? (failed ? message.split(': ').at(-1) : 'BLIND') : 'no',
  ]);
const said = (winner: string, refusal: string, read: string) => [
  ['refusal-as-winner', winner],
  ['winner-as-refusal', refusal],
  ['sold-as-free', read],
];
const idsOf = (of: History) => judgementOf(of).findings.map(({ id }) => id);

describe('the controls of a run that is no fail', () => {
  const asked = { readBacks: [free, stored(1, ['order-1'])] };
  test.each<[string, History, unknown]>([
    ['one seat', race([ok(), ...times(3, refused)]), said('double-booking', 'request-refused', 'no')],
    [
      'one seat, and the server is asked',
      race([ok(), ...times(3, refused)], asked),
      said('double-booking', 'ghost-booking', 'lost-booking'),
    ],
    [
      'one seat, and the server says "taken"',
      race([ok(), refused()], { readBacks: [says('free', 'before'), says('taken')] }),
      said('double-booking', 'ghost-booking', 'lost-booking'),
    ],
    [
      'a pool, and the server only says that some is sold',
      race([...won(2), ...times(2, refused)], { ...pool(2), readBacks: [says('free', 'before'), says('taken')] }),
      said('double-booking', 'no', 'no'),
    ],
    ['a pool', race([...won(2), ...times(2, refused)], pool(2)), said('double-booking', 'unsold', 'no')],
    [
      'a pool whose losers are locked out',
      race([...won(2), ...times(2, () => refused(423))], pool(2)),
      said('double-booking', 'no', 'no'),
    ],
    ['nobody was refused', race(won(2), pool(2)), said('no', 'no', 'no')],
  ])('%s', (_, of, expected) => {
    expect(controls(of)).toEqual(expected);
    expect(idsOf(of)).not.toContain('blind-suite');
  });

  const byRule = (rule: Rule, answers: readonly Conclusion[], more: Partial<Plan> = {}) =>
    race(answers, { rule, ...more });
  test.each<[string, History, unknown]>([
    [
      'an allowance that is used up',
      byRule({ name: 'per-user-limit' }, [ok(), refused()]),
      said('limit-overrun', 'no', 'no'),
    ],
    ['an unused allowance', byRule({ name: 'per-user-limit' }, [ok(), refused()], pool(3)), said('no', 'no', 'no')],
    ['a coupon', byRule({ name: 'coupon' }, [ok(), refused()]), said('coupon-overused', 'request-refused', 'no')],
    ['values', byRule({ name: 'unique' }, [granting(['1']), granting(['2']), refused()]), said('no', 'no', 'no')],
    [
      'units that the server chooses',
      byRule({ name: 'allocation' }, [granting(['s1']), refused()]),
      said('double-booking', 'request-refused', 'no'),
    ],
    [
      'the repetition of an order',
      history(
        ruled({ name: 'double-submit', inProgress: [409] }, 2),
        asking(
          round(1, 'A', [ok(), refused(409)]),
          times(2, refused).map(() => ({ idempotencyKey: 'k', fingerprint: 'f' })),
        ),
      ),
      said('no', 'no', 'no'),
    ],
    [
      'operations that exclude each other',
      history(
        ruled({ name: 'exclusive', operations: ['pay', 'cancel'] }, 2),
        asking(round(1, 'A', [ok(), refused()]), [{ operation: 'pay' }, { operation: 'cancel' }]),
      ),
      said('exclusive-broken', 'request-refused', 'no'),
    ],
    [
      'hours of a room',
      history(
        ruled({ name: 'intervals' }, 2),
        asking(round(1, 'A', [ok(), refused()]), [
          { from: 9, to: 11 },
          { from: 10, to: 12 },
        ]),
      ),
      said('double-booking', 'no', 'no'),
    ],
    [
      'holds of one seat',
      history(ruled({ name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] }, 2), [
        operation(1, 'hold', ok(), [100, 120]),
        operation(2, 'hold', refused(), [100, 120]),
      ]),
      said('hold-broken', 'request-refused', 'no'),
    ],
    [
      'a hold that may have ended in between',
      history(ruled({ name: 'hold-confirm', leaseMs: 15, toleranceMs: 0, busy: [423] }, 2), [
        operation(1, 'hold', ok(), [100, 120]),
        operation(2, 'hold', refused(), [100, 120]),
      ]),
      said('no', 'request-refused', 'no'),
    ],
  ])('%s', (_, of, expected) => {
    expect(controls(of)).toEqual(expected);
    expect(idsOf(of)).not.toContain('blind-suite');
  });

  test('are not judged where the run is a fail', () => {
    expect(judgementOf(race([ok(), ok(201, 'b'), refused()])).controls).toEqual([]);
  });

  test('say whom they changed', () => {
    expect(judgementOf(race([refused(), ok(), refused()])).controls.map(({ message }) => message)).toEqual([
      'Had VU 1 been answered as VU 2 was, this run would have failed: double-booking',
      'Had VU 2 been refused as VU 1 was, this run would not have passed: request-refused',
      'no read-back can prove that a booking was lost',
    ]);
  });

  test('take the winner of another seat as the proof that the request is right', () => {
    const two = history(
      plan({ contenders: 2, inventories: ['A', 'B'].map((key) => ({ key, capacity: 1 })) }),
      ['A', 'B'].flatMap((key, index) => round(index + 1, key, [ok(201, key), refused()])),
    );
    expect(controls(two)).toEqual(said('double-booking', 'no-winner', 'no'));
  });
});

const right: fc.Arbitrary<History> = fc.oneof(rightSales, rightSubmissions, rightOrders, rightTurns);

test('a suite that sees everything is never called blind, and every control that applies fails', () => {
  fc.assert(
    fc.property(right, (of) => {
      const { findings, controls: judged } = judgementOf(of);
      expect(judged.filter(({ applies, failed }) => applies && !failed)).toEqual([]);
      const blind = findings.filter(({ id }) => id === 'blind-suite');
      // Of answers that nobody understands, the settings are to blame.
      const isUnderstood = of.attempts.some(({ outcome }) => outcome === 'ok');
      expect(isUnderstood ? blind : []).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

describe('a blind suite', () => {
  const blindness = (of: History) =>
    judgementOf(of).findings.flatMap(({ id, message }) => (id === 'blind-suite' ? [message] : []));
  const both = unrecognised(201, 'ambiguous');

  test('has refusals that accept everything', () => {
    expect(blindness(race([both, ...times(3, refused)]))).toEqual([expect.stringContaining('`outcome.refusal`')]);
    // One success shows that the conditions can tell.
    expect(blindness(race([ok(), both, refused()]))).toEqual([]);
  });

  test('has a success condition that nothing meets', () => {
    const sold = { readBacks: [free, stored(1)] };
    expect(blindness(race([unrecognised(201), ...times(3, refused)], sold))).toEqual([
      expect.stringContaining('`outcome.success`'),
    ]);
    // Without the server, nobody knows whether something was sold.
    expect(blindness(race([unrecognised(201), ...times(3, refused)]))).toEqual([]);
    expect(blindness(race([unrecognised(201), refused()], { readBacks: [free, stored(0)] }))).toEqual([]);
    // Somebody else may have bought it.
    expect(blindness(race([unrecognised(201), unanswered(), refused()], sold))).toEqual([]);
  });

  test('has a read-back that never changes, under a rule that is content with less', () => {
    const state = (exactly: boolean | undefined, after: number) =>
      race(times(3, ok), {
        ...pool(2),
        rule: { name: 'state', ...(exactly !== undefined && { exactly }) },
        readBacks: [free, stored(after)],
      });
    expect(blindness(state(false, 0))).toEqual([expect.stringContaining('`readBack`')]);
    expect(blindness(state(false, 2))).toEqual([]);
    expect(verdictOf(judgementOf(state(undefined, 0)).findings)).toBe('fail');
    expect(controls(state(undefined, 2))).toEqual(said('no', 'no', 'lost-booking'));
  });

  test('has a control that does not fail, and the setting is named', () => {
    const of = race([ok(), refused()]);
    const evidence = [evidenceOf(of)];
    const blind = controlsOf(of, evidence, () => []);
    expect(blind.map(({ name, applies, failed }) => [name, applies, failed])).toEqual([
      ['refusal-as-winner', true, false],
      ['winner-as-refusal', true, false],
      ['sold-as-free', false, false],
    ] satisfies [ControlName, boolean, boolean][]);
    expect(blindSuite(evidence, blind).map(({ message }) => message)).toEqual([
      'Had VU 2 been answered as VU 1 was, this run would not have failed: check the capacity in `inventories`, and `outcome.units`',
      'Had VU 1 been refused as VU 2 was, this run would not have failed: check `outcome.refusal`',
    ]);
  });

  test('is nothing that an old history is called', () => {
    const of = race([both, refused()]);
    expect(blindness({ ...of, run: { ...of.run, version: 2 } })).toEqual([]);
  });
});

describe('how close the rivals came', () => {
  const released = (times: readonly number[], conclusions: readonly Conclusion[]): Attempt[] =>
    round(1, 'A', conclusions).map((attempt, index) => ({ ...attempt, releasedAtMs: times[index] ?? 0 }));
  const rivals = (times: readonly number[], conclusions: readonly Conclusion[]) =>
    remarksOf(history(plan({ contenders: times.length, ...pool(2) }), released(times, conclusions))).closeness?.rivals;

  test('is counted from the winner, before and after it, and adds up', () => {
    const four = [refused(), ok(), refused(), refused(), refused()];
    expect(rivals([99.95, 100, 100.1, 100.9, 109], four)).toEqual({ '0.1': 2, '1': 3, '10': 4 });
  });

  test('is counted from the nearest of several winners, which are rivals too', () => {
    expect(rivals([100, 105, 105.05], [ok(), refused(), ok(201, 'b')])).toEqual({ '0.1': 1, '1': 1, '10': 3 });
  });

  test('is nothing where nobody won, and in a weak round', () => {
    expect(rivals([100, 100], [refused(), refused(409)])).toEqual({ '0.1': 0, '1': 0, '10': 0 });
    expect(rivals([100, 190], [ok(), refused()])).toEqual({ '0.1': 0, '1': 0, '10': 0 });
  });
});

describe('what a pass does not exclude', () => {
  const limits = (change: (attempt: Attempt) => Attempt, readBacks: readonly ReadBack[] = []) => {
    const of = race([ok(), refused(), refused()], { readBacks });
    return remarksOf({ ...of, attempts: of.attempts.map(change) }).closeness?.limits;
  };
  const same = (attempt: Attempt) => attempt;

  test.each<[string, readonly string[] | undefined, string[]]>([
    ['nothing is known', limits(same), ['one-identity', 'one-instance', 'answers-only']],
    ['the server was asked', limits(same, [stored(1)]), ['one-identity', 'one-instance']],
    [
      'the server could not say it',
      limits(same, [{ inventory: 'A', when: 'after', kind: 'unreadable', error: 'x' }]),
      ['one-identity', 'one-instance', 'answers-only'],
    ],
    ['several people', limits((one) => ({ ...one, user: `u${one.vu}` })), ['one-instance', 'answers-only']],
    ['several tokens', limits((one) => ({ ...one, identity: one.vu })), ['one-instance', 'answers-only']],
    [
      'the first token of each thread',
      limits((one) => ({ ...one, identity: 1, thread: one.vu })),
      ['one-identity', 'one-instance', 'answers-only'],
    ],
    [
      'several servers',
      limits((one) => ({ ...one, instance: `http://10.0.0.${one.vu}` })),
      ['one-identity', 'answers-only'],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
