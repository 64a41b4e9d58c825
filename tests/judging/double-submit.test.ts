import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conclusion, type History, type ReadBack, verdictOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { asking, history, ok, refused, round, ruled, times, unanswered } from '../support/histories.ts';

/** The same order several times under one idempotency key. */

type Sent = readonly [key: string, conclusion: Conclusion, fingerprint?: string];
const no = (status = 409) => refused(status, 'no');
const nameless = (({ orderId: _, ...its }: Conclusion & { orderId?: string }) => its as Conclusion)(ok() as never);

function submitted(
  sent: readonly Sent[],
  orders?: readonly string[],
  inProgress: number[] = [409],
  units = orders?.length ?? 0,
): History {
  const readBacks: ReadBack[] =
    orders === undefined ? [] : [{ inventory: 'A', when: 'after', kind: 'read', units, orderIds: [...orders] }];
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
const said = (its: History) =>
  judge(its).map(({ id, severity, message, witness }) => [`${severity} ${id}`, message, witness.map(({ vu }) => vu)]);
const same = (count: number): Sent[] => times(count, () => ok(201, 'a')).map((its) => ['k', its]);

describe('an order that is sent several times', () => {
  it.each<[string, History]>([
    ['is one, and all are told its id', submitted(same(4))],
    ['is one, by the word of the server too', submitted(same(4), ['a'])],
    ['may be said to be under way', submitted([...same(2), ['k', no()]], ['a'])],
    ['may be said to be under way by a status of its own', submitted([...same(2), ['k', no(425)]], undefined, [425])],
    ['is refused with another body', submitted([...same(3), ['k', no(422), 'f2']])],
    ['is two under two keys', submitted([...same(2), ['l', ok(201, 'b')], ['l', ok(201, 'b')]], ['a', 'b'])],
    [
      'may be answered without its id, if the server says how many there are',
      submitted(
        [
          ['k', nameless],
          ['k', nameless],
        ],
        [],
        [],
        1,
      ),
    ],
  ])('passes where it %s', (_what, its) => {
    expect(said(its)).toEqual([]);
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
      'becomes two that nobody is told of',
      submitted(same(3), ['a', 'x']),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1]]],
    ],
    [
      'becomes two, by their number',
      submitted(
        [
          ['k', nameless],
          ['k', nameless],
        ],
        [],
        [409],
        2,
      ),
      [['violation duplicate-order', 'A: the server holds 2 orders for 1 idempotency key', [1]]],
    ],
    [
      'is granted with another body too',
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
      'is taken for that of another key',
      submitted([...same(2), ['l', ok(201, 'a')]]),
      [['violation keys-merged', 'the idempotency keys k, l got one order: a', [1, 3]]],
    ],
    [
      'is refused where it was granted before',
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
      'may not be said to be under way where it has to be waited for',
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
      'is refused with a status that says something else',
      submitted([...same(2), ['k', no(404), 'f2']]),
      [['violation wrong-rejection', 'seat A: 1 loser got 404 (1×); a refusal is 400, 409, 422, 423', [3]]],
    ],
    [
      'is never made',
      submitted([...same(2), ['l', no()], ['l', no()]]),
      [['violation no-winner', 'idempotency key l got no order: each of 2 attempts was refused', [3]]],
    ],
    [
      'is acknowledged, and not there',
      submitted([...same(2), ['l', ok(201, 'b')]], ['a']),
      [['violation lost-booking', 'A: the order b was acknowledged, but the server does not have it', [3]]],
    ],
    [
      'is acknowledged, and not there, by the number of orders',
      submitted(
        [
          ['k', nameless],
          ['k', nameless],
        ],
        [],
        [409],
        0,
      ),
      [['violation lost-booking', 'A: the order of VU 1 was acknowledged, but the server does not have it', [1]]],
    ],
    [
      'is refused each time, and there all the same',
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
      'is answered without its id, and nobody can say how many there are',
      submitted([
        ['k', nameless],
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
  ])('is found out where it %s', (_what, its, findings) => {
    expect(said(its)).toEqual(findings);
  });

  it('may have been made, or sent under another key, by an attempt that the history lacks', () => {
    const lacking = (its: History) => ({
      ...its,
      run: { ...its.run, plan: { ...its.run.plan, contenders: its.run.plan.contenders + 1 } },
    });
    const idsOf = (its: History) =>
      judge(its).flatMap(({ id }) => (['weak-contention', 'incomplete'].includes(id) ? [] : id));
    expect(idsOf(lacking(submitted(same(3), ['a', 'x'])))).toEqual([]);
    expect(idsOf(lacking(submitted(same(3), ['a', 'x', 'y'])))).toEqual(['duplicate-order']);
    const refusedEach = [
      ['k', no()],
      ['k', no()],
    ] as const;
    expect(idsOf(lacking(submitted(refusedEach)))).toEqual([]);
    expect(idsOf(lacking(submitted(refusedEach, ['x'])))).toEqual([]);
    expect(idsOf(submitted(refusedEach, []))).toEqual(['no-winner']);
  });

  it('is not looked for in a list that names fewer orders than there are units', () => {
    expect(judge(submitted([...same(2), ['l', ok(201, 'b')]], ['a'], [409], 2))).toEqual([]);
    expect(
      judge(submitted([...same(2), ['l', ok(201, 'b')]], [], [409], 1)).map(({ id, witness }) => [
        id,
        witness.map(({ vu }) => vu),
      ]),
    ).toEqual([['lost-booking', [3]]]);
  });

  it('is no duplicate of what may have been there before the race, nor of what was', () => {
    const its = submitted(same(2), ['a', 'x']);
    const readBefore = (before: ReadBack) =>
      judge({ ...its, readBacks: [before, ...its.readBacks] }).map(({ id }) => id);
    expect(readBefore({ inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' })).toEqual([
      'read-back-failed',
    ]);
    expect(readBefore({ inventory: 'A', when: 'before', kind: 'read', units: 1, orderIds: ['x'] })).toEqual([]);
  });

  it('may have been made by an attempt that was not answered', () => {
    expect(
      judge(
        submitted(
          [
            ['k', unanswered()],
            ['k', no()],
          ],
          ['x'],
        ),
      ).map(({ id }) => id),
    ).toEqual([]);
    expect(
      judge(
        submitted([
          ['k', unanswered()],
          ['k', no()],
        ]),
      ).map(({ id }) => id),
    ).toEqual(['indeterminate']);
  });

  it('is not blamed for who was not let in, nor for an answer to a request that was still held back', () => {
    const out = submitted([...same(2), ['k', refused(401, 'no', 'not-authorised')]]);
    expect(judge(out).map(({ id }) => id)).toEqual(['not-authorised']);
    const early = submitted([...same(2), ['k', no(408)]]);
    const heldBack = {
      ...early,
      attempts: early.attempts.map((its) => (its.vu === 3 ? { ...its, releasedAtMs: undefined } : its)),
    };
    expect(judge(heldBack as History).map(({ id }) => id)).toEqual(['weak-contention']);
  });

  it('passes, however often it is sent under however many keys, and never with one order more or another id', () => {
    const submissions = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
      .filter((counts) => counts.some((its) => its > 1));
    fc.assert(
      fc.property(submissions, fc.nat(), (counts, at) => {
        const sent = counts.flatMap((count, key) =>
          times(count, () => ok(201, `o${key}`)).map((its): Sent => [`k${key}`, its]),
        );
        fc.pre(sent.length > 1);
        const orders = counts.map((_, key) => `o${key}`);
        expect(judge(submitted(sent, orders))).toEqual([]);
        expect(verdictOf(judge(submitted(sent, [...orders, 'one more'])))).toBe('fail');
        const repeated = sent.flatMap(([key], place) =>
          sent.filter(([its]) => its === key).length > 1 ? [place] : [],
        );
        const changed = repeated[at % repeated.length];
        const other = sent.map(([key, its], place): Sent => [key, place === changed ? ok(201, 'another') : its]);
        expect(judge(submitted(other)).map(({ id }) => id)).toEqual(['duplicate-order']);
      }),
    );
  });
});
