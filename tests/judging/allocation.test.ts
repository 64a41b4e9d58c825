import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Intent, Inventory, ReadBack } from '../../model/index.ts';
import { asking, granting, history, nameless, refused, round, ruled, unanswered } from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

/** The server chooses the units: the best seats that are left. */

const pool = (capacity: number): Inventory => ({ key: 'A', capacity });
const row: Inventory = { key: 'A', capacity: 3, parts: ['s1', 's2', 's3'] };
const part = (inventory: string, units: number, orderIds: readonly string[] = []): ReadBack => ({
  inventory,
  when: 'after',
  kind: 'read',
  units,
  orderIds,
});

function race(
  inventory: Inventory,
  conclusions: readonly Conclusion[],
  readBacks: readonly ReadBack[] = [],
  intents: readonly Intent[] = [],
): History {
  const plan = ruled({ name: 'allocation' }, conclusions.length, {
    inventories: [inventory],
    readBack: readBacks.length > 0,
  });
  return history(plan, asking(round(1, 'A', conclusions), intents), readBacks);
}

describe('allocation', () => {
  it.each<[string, History, string[]]>([
    ['each gets another seat', race(pool(2), [granting(['s1']), granting(['s2']), refused()]), []],
    [
      'two get the same seat',
      race(pool(2), [granting(['s1']), granting(['s1']), refused()]),
      ['violation double-booking'],
    ],
    [
      'more seats than there are',
      race(pool(2), [granting(['s1']), granting(['s2']), granting(['s3'])]),
      ['violation double-booking'],
    ],
    [
      'refused while a seat was left',
      race(pool(3), [granting(['s1']), granting(['s2']), refused(), refused()]),
      ['violation unsold'],
    ],
    [
      'an order for two is refused, and one is left: it wanted more than that',
      race(
        pool(3),
        [granting(['s1', 's2']), refused(), refused()],
        [],
        Array.from({ length: 3 }, () => ({ units: 2 })),
      ),
      [],
    ],
    ['all parts are sold once', race(row, ['s1', 's2', 's3'].map((id) => granting([id])).concat(refused())), []],
    [
      'a seat outside of the parts',
      race(row, ['s1', 's2', 's9'].map((id) => granting([id])).concat(refused())),
      ['violation double-booking'],
    ],
    [
      'the server holds what it granted',
      race(row, ['s1', 's2', 's3'].map((id) => granting([id])).concat(refused()), [
        part('s1', 1),
        part('s2', 1),
        part('s3', 1),
      ]),
      [],
    ],
    [
      'the server holds a seat twice',
      race(row, ['s1', 's2', 's3'].map((id) => granting([id])).concat(refused()), [
        part('s1', 2),
        part('s2', 1),
        part('s3', 1),
      ]),
      ['violation double-booking', 'violation double-booking'],
    ],
    [
      'the server holds another seat than it granted',
      race(
        row,
        [granting(['s1']), granting(['s2']), granting(['s3']), refused()],
        [part('s1', 1), part('s2', 1), part('s3', 0)],
      ),
      ['violation lost-booking'],
    ],
    ['a success that names no seat', race(pool(2), [granting(['s1']), nameless(), refused()]), ['doubt indeterminate']],
    [
      'nobody knows who got the last seat',
      race(pool(2), [granting(['s1']), unanswered(), refused()]),
      ['doubt indeterminate'],
    ],
    [
      'everybody wants more than there is',
      race(
        pool(2),
        [refused(409), refused(400), refused(409)],
        [],
        Array.from({ length: 3 }, () => ({ units: 3 })),
      ),
      [],
    ],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('names the seat and both people, and these two answers are the proof', () => {
    expect(said(race(pool(3), [granting(['s1', 's2']), granting(['s2']), granting(['s2']), refused()]))).toEqual([
      ['violation double-booking', 'seat A: s2 was granted to VU 1, VU 2 and VU 3', [1, 2]],
      [
        'violation double-booking',
        'seat A (capacity 3) was sold more than 3 times: 3 contenders were told that they booked it, 4 units in all',
        [1, 2, 3],
      ],
    ]);
    expect(said(race(pool(4), [granting(['s1', 's1']), refused(), refused()]))[0]).toEqual([
      'violation double-booking',
      'seat A: s1 was granted to VU 1 twice',
      [1],
    ]);
  });

  it('is no race where nobody had to lose', () => {
    expect(idsOf(race(pool(2), [granting(['s1']), granting(['s2'])]))).toEqual(['weak-contention']);
  });
});
