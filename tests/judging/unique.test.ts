import { describe, expect, it } from 'vitest';
import type { Conclusion, History, ReadBack } from '../../model/index.ts';
import { granting, history, nameless, refused, round, ruled, stored, unanswered } from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** The server hands out values: invoice numbers, places in a queue, codes. */

function race(conclusions: readonly Conclusion[], gapless = false, readBacks: readonly ReadBack[] = []): History {
  const plan = ruled({ name: 'unique', gapless }, conclusions.length, { readBack: readBacks.length > 0 });
  return history(plan, round(1, 'A', conclusions), readBacks);
}
const numbers = (...values: (number | string)[]) => values.map((value) => granting([String(value)]));

describe('unique', () => {
  it.each<[string, History, string[]]>([
    ['everybody gets another value', race(numbers('x', 'y', 'z')), []],
    ['a value is given twice', race(numbers('x', 'y', 'x')), ['violation not-unique']],
    ['one answer names a value twice', race([granting(['x', 'x']), granting(['y'])]), ['violation not-unique']],
    ['somebody is refused', race([...numbers('x', 'y'), refused()]), []],
    ['values may be skipped', race(numbers(1, 2, 9)), []],
    ['gapless: they follow each other, in any order', race(numbers(3, 1, 2), true), []],
    ['gapless: one is skipped', race(numbers(1, 2, 4), true), ['violation gap']],
    ['gapless: over a refusal', race([...numbers(1, 3), refused()], true), ['violation gap']],
    [
      'gapless: somebody without an answer may have it',
      race([...numbers(1, 3), unanswered()], true),
      ['doubt indeterminate'],
    ],
    [
      'gapless: two are skipped, and one attempt got no answer',
      race([...numbers(1, 4), unanswered()], true),
      ['violation gap', 'doubt indeterminate'],
    ],
    [
      'gapless: the server holds no more than it told',
      race([...numbers(1, 3), unanswered()], true, [stored(0, [], 'before'), stored(2)]),
      ['violation gap'],
    ],
    [
      'gapless: the server holds one that nobody was told of',
      race([...numbers(1, 3), unanswered()], true, [stored(0, [], 'before'), stored(3)]),
      ['doubt untold-booking'],
    ],
    [
      'gapless: larger than a computer number',
      race(numbers('9007199254740993', '9007199254740995'), true),
      ['violation gap'],
    ],
    ['gapless: a value that is no number', race(numbers(1, 'R-2'), true), ['doubt gap']],
    ['a value and a number that look alike', race(numbers('7', '07')), []],
    ['a success without a value', race([...numbers(1, 2), nameless()]), ['doubt indeterminate']],
    [
      'a value that the server does not have',
      race(numbers(1, 2), false, [stored(0, [], 'before'), stored(1)]),
      ['violation lost-booking'],
    ],
    ['only one gets a value', race([...numbers(1), refused(), refused()]), ['doubt weak-contention']],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('names the value, the people and the gap', () => {
    expect(said(race(numbers(17, 18, 17, 17, 18)))).toEqual([
      ['violation not-unique', 'seat A: 17 was given to VU 1, VU 3 and VU 4; 1 other value too', [1, 3]],
    ]);
    expect(said(race([granting(['17', '17']), ...numbers(18)]))[0]?.[1]).toBe('seat A: 17 was given to VU 1 twice');
    expect(said(race(numbers(9, 1, 2, 5), true))).toEqual([
      ['violation gap', 'seat A: 5 values were skipped: there is none between 2 (VU 3) and 5 (VU 4)', [3, 4]],
    ]);
  });
});
