import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Intent, ReadBack, Rule } from '../../model/index.ts';
import { asking, history, ok, plan, refused, round, stored, unanswered } from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** Several people are told of one order: they share it, or one of them has none. */

const pool = (
  conclusions: readonly Conclusion[],
  readBacks: readonly ReadBack[],
  { rule, intents = [], capacity = 2 }: { rule?: Rule; intents?: readonly Intent[]; capacity?: number } = {},
): History =>
  history(
    plan({
      contenders: conclusions.length,
      inventories: [{ key: 'A', capacity }],
      readBack: readBacks.length > 0,
      ...(rule && { rule }),
    }),
    asking(round(1, 'A', conclusions), intents),
    readBacks,
  );
const twice = [ok(201, 'x'), ok(201, 'x'), refused()];

describe('one order id for two winners of a pool', () => {
  it.each<[string, History, string[]]>([
    ['nobody was asked: they may share it', pool(twice, []), []],
    ['the server holds one order of two units', pool(twice, [stored(2, ['x'])]), []],
    ['the server names the order once for each unit', pool(twice, [stored(2, ['x', 'x'])]), []],
    ['the server holds that order and another one', pool(twice, [stored(2, ['x', 'y'])]), ['violation lost-booking']],
    ['the server holds that order alone', pool(twice, [stored(1, ['x'])]), ['violation lost-booking']],
    [
      'it is one person, who asked twice',
      pool(twice, [stored(2, ['x', 'y'])], { intents: [{ user: 'ann' }, { user: 'ann' }, { user: 'bob' }] }),
      [],
    ],
    [
      'the other order may be of somebody without an answer',
      pool([ok(201, 'x'), ok(201, 'x'), unanswered()], [stored(2, ['x', 'y'])]),
      ['violation lost-booking'],
    ],
    [
      'the same under a quota',
      pool(twice, [stored(2, ['x', 'y'])], { rule: { name: 'quota' } }),
      ['violation lost-booking'],
    ],
    ['each has an order', pool([ok(201, 'x'), ok(201, 'y'), refused()], [stored(2, ['x', 'y'])]), []],
  ])('%s', (_what, race, findings) => {
    expect(said(race).map(([kind]) => kind)).toEqual(findings);
  });

  it('names the order that nobody was told of', () => {
    expect(said(pool(twice, [stored(2, ['x', 'y'])]))).toEqual([
      [
        'violation lost-booking',
        'seat A: 2 contenders were told of the order x, but the server holds it once, and y, of which nobody was told',
        [1, 2],
      ],
    ]);
  });
});
