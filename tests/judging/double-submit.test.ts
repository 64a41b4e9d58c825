import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conclusion, type History, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  asking,
  history,
  nameless,
  ok,
  refused,
  round,
  ruled,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** The same order, sent several times under one idempotency key. */

type Sent = readonly [key: string, conclusion: Conclusion, fingerprint?: string];
const no = (status = 409) => refused(status, 'no');

function submitted(
  sent: readonly Sent[],
  orders?: readonly string[],
  inProgress: number[] = [409],
  units = orders?.length ?? 0,
): History {
  const readBacks = orders === undefined ? [] : [stored(units, orders)];
  const plan = ruled({ name: 'double-submit', inProgress }, sent.length, { readBack: orders !== undefined });
  return history(
    { ...plan, limits: { ...plan.limits, rejections: [400, 409, 422, 423] } },
    asking(
      round(
        1,
        'A',
        sent.map(([, conclusion]) => conclusion),
      ),
      sent.map(([idempotencyKey, , fingerprint = 'f1']) => ({ idempotencyKey, fingerprint })),
    ),
    readBacks,
  );
}
const same = (count: number): Sent[] => times(count, () => ok(201, 'a')).map((answer) => ['k', answer]);

describe('an order that is sent several times', () => {
  it.each<[string, History]>([
    ['is one, and every answer has the same id', submitted(same(4))],
    ['is one, and the server agrees', submitted(same(4), ['a'])],
    ['may be answered as still under way', submitted([...same(2), ['k', no()]], ['a'])],
    [
      'may be answered as still under way with another status',
      submitted([...same(2), ['k', no(425)]], undefined, [425]),
    ],
    ['is refused if the body differs', submitted([...same(3), ['k', no(422), 'f2']])],
    ['is two under two keys', submitted([...same(2), ['l', ok(201, 'b')], ['l', ok(201, 'b')]], ['a', 'b'])],
    [
      'may be answered without an id, if the server says how many there are',
      submitted(
        [
          ['k', nameless()],
          ['k', nameless()],
        ],
        [],
        [],
        1,
      ),
    ],
  ])('passes: it %s', (_what, race) => {
    expect(said(race)).toEqual([]);
  });

  it.each<[string, History, (string | number[])[][]]>([
    [
      'becomes two',
      submitted([
        ['k', ok(201, 'a')],
        ['k', ok(201, 'b')],
        ['k', ok(201, 'a')],
        ['k', ok(201, 'c')],
      ]),
      [['violation duplicate-order', 'idempotency key k: one order, sent several times, became 3: a, b, c', [1, 2]]],
    ],
    [
      'becomes two, but the answers hide it',
      submitted(same(3), ['a', 'x']),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1]]],
    ],
    [
      'becomes two, by the number of units',
      submitted(
        [
          ['k', nameless()],
          ['k', nameless()],
        ],
        [],
        [409],
        2,
      ),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1]]],
    ],
    [
      'is granted although the body differs',
      submitted([...same(2), ['k', ok(201, 'a'), 'f2']]),
      [
        [
          'violation key-reused',
          'idempotency key k: 2 different requests under it were granted; all but one had to be refused',
          [1, 3],
        ],
      ],
    ],
    [
      'is merged with the order of another key',
      submitted([...same(2), ['l', ok(201, 'a')]]),
      [['violation keys-merged', 'the idempotency keys k, l got one order: a', [1, 3]]],
    ],
    [
      'is refused although it was granted before',
      submitted([...same(2), ['k', no(400)], ['k', no(409)], ['k', no(423)]]),
      [
        [
          'violation unequal-answers',
          'idempotency key k: the order was granted, but 2 repetitions of it refused (400, 423)',
          [1, 3],
        ],
      ],
    ],
    [
      'is answered as under way although the rule says to wait',
      submitted([...same(2), ['k', no(409)]], undefined, []),
      [
        [
          'violation unequal-answers',
          'idempotency key k: the order was granted, but 1 repetition of it refused (409)',
          [1, 3],
        ],
      ],
    ],
    [
      'is refused with a status that means something else',
      submitted([...same(2), ['k', no(404), 'f2']]),
      [['violation wrong-rejection', 'seat A: 1 loser got 404 (1×); a refusal is 400, 409, 422, 423', [3]]],
    ],
    [
      'is never made',
      submitted([...same(2), ['l', no()], ['l', no()]]),
      [['violation no-winner', 'idempotency key l got no order: each of 2 attempts was refused', [3]]],
    ],
    [
      'is acknowledged but not stored',
      submitted([...same(2), ['l', ok(201, 'b')]], ['a']),
      [['violation lost-booking', 'A: the order b was acknowledged, but the server does not have it', [3]]],
    ],
    [
      'is acknowledged, but the server holds other orders',
      submitted([...same(2), ['l', ok(201, 'b')]], ['x', 'y']),
      [['violation lost-booking', 'A: the order a, b was acknowledged, but the server does not have it', [1, 3]]],
    ],
    [
      'becomes two, beside a key that got no order',
      submitted([...same(2), ['l', no()], ['l', no()]], ['a', 'x']),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1, 3]]],
    ],
    [
      'becomes two, and one repetition is told to wait',
      submitted([...same(1), ['k', no()]], ['a', 'x']),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1]]],
    ],
    [
      'is acknowledged but not stored, by the number of units',
      submitted(
        [
          ['k', nameless()],
          ['k', nameless()],
        ],
        [],
        [409],
        0,
      ),
      [['violation lost-booking', 'A: 1 booking was acknowledged, but the server does not have it', [1]]],
    ],
    [
      'is refused every time but stored',
      submitted(
        [
          ['k', no()],
          ['k', no()],
        ],
        ['x'],
      ),
      [['violation ghost-booking', 'A: the server holds 1 order, although every attempt was refused', [1]]],
    ],
    [
      'is answered without an id, so nobody knows how many there are',
      submitted([
        ['k', nameless()],
        ['k', ok(201, 'a')],
      ]),
      [
        [
          'doubt indeterminate',
          'idempotency key k: 1 answer of 2 name no order, so nobody can say how many there are',
          [1],
        ],
      ],
    ],
  ])('fails or is doubted: it %s', (_what, race, findings) => {
    expect(said(race)).toEqual(findings);
  });

  it('may have been made, or sent under another key, by an attempt that the history lacks', () => {
    const lacking = ({ run, ...rest }: History) => ({
      ...rest,
      run: { ...run, plan: { ...run.plan, contenders: run.plan.contenders + 1 } },
    });
    const blamed = (race: History) => idsOf(race).filter((id) => !['weak-contention', 'incomplete'].includes(id));
    expect(blamed(lacking(submitted(same(3), ['a', 'x'])))).toEqual([]);
    expect(blamed(lacking(submitted(same(3), ['a', 'x', 'y'])))).toEqual(['duplicate-order']);
    const refusedEach = [
      ['k', no()],
      ['k', no()],
    ] as const;
    expect(blamed(lacking(submitted(refusedEach)))).toEqual([]);
    expect(blamed(lacking(submitted(refusedEach, ['x'])))).toEqual([]);
    expect(blamed(submitted(refusedEach, []))).toEqual(['request-refused']);
    expect(blamed(submitted([...refusedEach, ['k', no(423)]], []))).toEqual(['no-winner']);
  });

  it('is not looked for in a list that names fewer orders than there are units', () => {
    expect(judge(submitted([...same(2), ['l', ok(201, 'b')]], ['a'], [409], 2))).toEqual([]);
    expect(
      judge(submitted([...same(2), ['l', ok(201, 'b')]], [], [409], 1)).map(({ id, witness }) => [
        id,
        witness.map(({ vu }) => vu),
      ]),
    ).toEqual([['lost-booking', [1, 3]]]);
  });

  it('is no duplicate of an order that was, or may have been, there before the race', () => {
    const race = submitted(same(2), ['a', 'x']);
    const readBefore = (before: ReadBack) => idsOf({ ...race, readBacks: [before, ...race.readBacks] });
    expect(readBefore({ inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' })).toEqual([
      'read-back-failed',
    ]);
    expect(readBefore(stored(1, ['x'], 'before'))).toEqual([]);
  });

  it('is lost if the server holds no more than before the race', () => {
    const race = submitted(
      [
        ['k', nameless()],
        ['k', nameless()],
      ],
      [],
      [409],
      1,
    );
    expect(idsOf(race)).toEqual([]);
    expect(idsOf({ ...race, readBacks: [stored(1, [], 'before'), ...race.readBacks] })).toEqual(['lost-booking']);
  });

  it('is not missed if nobody was let in', () => {
    const out = () => refused(401, 'no', 'not-authorised');
    expect(
      idsOf(
        submitted([
          ['k', out()],
          ['k', out()],
        ]),
      ),
    ).toEqual(['not-authorised']);
  });

  it('may have been made by an attempt that was not answered', () => {
    expect(
      idsOf(
        submitted(
          [
            ['k', unanswered()],
            ['k', no()],
          ],
          ['x'],
        ),
      ),
    ).toEqual(['untold-booking']);
    expect(
      idsOf(
        submitted([
          ['k', unanswered()],
          ['k', no()],
        ]),
      ),
    ).toEqual(['indeterminate']);
  });

  it('is not blamed for contenders that were not let in, nor for an answer before the release', () => {
    const out = submitted([...same(2), ['k', refused(401, 'no', 'not-authorised')]]);
    expect(idsOf(out)).toEqual(['not-authorised']);
    const early = submitted([...same(2), ['k', no(408)]]);
    const heldBack = {
      ...early,
      attempts: early.attempts.map((attempt) => (attempt.vu === 3 ? { ...attempt, releasedAtMs: undefined } : attempt)),
    };
    expect(idsOf(heldBack as History)).toEqual(['weak-contention']);
  });

  describe('where requests under one key may differ: people who join one booking', () => {
    const joined = (sent: readonly Sent[], orders?: readonly string[]): History => {
      const race = submitted(sent, orders);
      const rule = { name: 'double-submit', inProgress: [409], mayDiffer: true } as const;
      return { ...race, run: { ...race.run, plan: { ...race.run.plan, rule } } };
    };

    it.each<[string, History, string[]]>([
      [
        'all get the same booking',
        joined(
          [
            ['k', ok(201, 'a'), 'ann'],
            ['k', ok(201, 'a'), 'bob'],
          ],
          ['a'],
        ),
        [],
      ],
      [
        'somebody gets another booking',
        joined([
          ['k', ok(201, 'a'), 'ann'],
          ['k', ok(201, 'b'), 'bob'],
        ]),
        ['violation duplicate-order'],
      ],
      [
        'somebody is refused',
        joined([
          ['k', ok(201, 'a'), 'ann'],
          ['k', no(400), 'bob'],
        ]),
        ['violation unequal-answers'],
      ],
      [
        'the server holds two bookings',
        joined(
          [
            ['k', ok(201, 'a'), 'ann'],
            ['k', ok(201, 'a'), 'bob'],
          ],
          ['a', 'b'],
        ),
        ['violation duplicate-order'],
      ],
    ])('%s', (_what, race, findings) => {
      expect(said(race).map(([kind]) => kind)).toEqual(findings);
    });

    it('which the rule forbids otherwise', () => {
      expect(
        idsOf(
          submitted([
            ['k', ok(201, 'a'), 'ann'],
            ['k', ok(201, 'a'), 'bob'],
          ]),
        ),
      ).toEqual(['key-reused']);
    });
  });

  it('passes however often it is sent, under any number of keys; never with one order more or another id', () => {
    const submissions = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
      .filter((counts) => counts.some((count) => count > 1));
    fc.assert(
      fc.property(submissions, fc.nat(), (counts, at) => {
        const sent = counts.flatMap((count, key) =>
          times(count, () => ok(201, `o${key}`)).map((answer): Sent => [`k${key}`, answer]),
        );
        fc.pre(sent.length > 1);
        const orders = counts.map((_, key) => `o${key}`);
        expect(judge(submitted(sent, orders))).toEqual([]);
        expect(verdictOf(judge(submitted(sent, [...orders, 'one more'])))).toBe('fail');
        const repeated = sent.flatMap(([key], index) =>
          sent.filter(([other]) => other === key).length > 1 ? [index] : [],
        );
        const changed = repeated[at % repeated.length];
        const other = sent.map(([key, answer], index): Sent => [key, index === changed ? ok(201, 'another') : answer]);
        expect(idsOf(submitted(other))).toEqual(['duplicate-order']);
      }),
    );
  });
});
