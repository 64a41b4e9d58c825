import { describe, expect, it } from 'vitest';
import type { ReadBack } from '../../model/index.ts';
import { racedAgain } from '../../plugin/src/artillery/launcher/next-pass.ts';
import { canPassAgain, createPassTable, PASS } from '../../plugin/src/artillery/shared/passes.ts';
import { createNextPass } from '../../plugin/src/artillery/worker/next-pass.ts';
import { history, ok, plan, refused, round, serverError, times } from '../support/histories.ts';

const keys = ['A', 'B', 'C'];
const seats = plan({ inventories: keys.map((key) => ({ key, capacity: 1 })), readBack: true });
const says = (inventory: string, units: number): ReadBack => ({
  inventory,
  when: 'after',
  kind: 'read',
  units,
  orderIds: [],
});

describe('what is raced again', () => {
  const weak = times(4, serverError);
  const strong = [ok(), ...times(3, refused)];
  const raced = [...round(1, 'A', weak), ...round(2, 'B', strong), ...round(3, 'C', weak)];

  it.each<[string, ReadBack[], string[]]>([
    ['the seats of weak rounds that are still free', [says('A', 0), says('C', 0)], ['A', 'C']],
    ['no seat that is sold', [says('A', 1), says('C', 0)], ['C']],
    [
      'no seat of which nobody can say',
      [says('A', 0), { inventory: 'C', when: 'after', kind: 'unreadable', error: 'x' }],
      ['A'],
    ],
    ['no seat of a strong round', [says('B', 0)], []],
    ['nothing where nobody was asked', [], []],
  ])('is %s', (_what, answers, expected) => {
    expect(racedAgain(history(seats, raced, answers), answers)).toEqual(expected);
  });
});

describe('a flow that can be restarted', () => {
  const post = { post: { url: '/book', race: '{{ $loopElement }}' } };
  const get = { get: { url: '/seats' } };
  const loop = (...steps: object[]) => ({ loop: steps, over: '$inventories' });

  it.each<[string, object[][], boolean]>([
    ['one loop over $inventories with one raced request', [[get, loop(get, post), get]], true],
    ['the same in every scenario that races', [[loop(post)], [get], [loop(get, post)]], true],
    ['two raced requests', [[loop(post, post)]], false],
    ['a loop in the loop', [[loop({ loop: [post], count: 2 })]], false],
    ['a loop over something else', [[{ loop: [post], over: 'seats' }]], false],
    ['no loop', [[post]], false],
    ['no race', [[get]], false],
    ['a scenario that cannot', [[loop(post)], [post]], false],
  ])('has %s', (_what, flows, expected) => {
    expect(canPassAgain({ scenarios: flows.map((flow) => ({ flow })) })).toBe(expected);
  });
});

describe('contenders at the end of their pass', () => {
  /** Two contenders in two workers, with lists of their own. */
  function twoWorkers() {
    const table = createPassTable(3);
    const waiting: (() => void)[] = [];
    const meet = (point: string, _vu: number, letGo: () => void) => {
      expect(point).toBe('end of pass 1');
      waiting.push(letGo);
    };
    const workers = [1, 2].map((vu) => {
      const { after } = createNextPass(table, keys, meet);
      const list = ['A', 'B', 'C'];
      return { list, through: (key: string) => after(vu, key, list) };
    });
    return { table, waiting, workers: workers as [(typeof workers)[0], (typeof workers)[0]] };
  }

  it('wait for each other and for the decision, and then go for the same once more', async () => {
    const { table, waiting, workers } = twoWorkers();
    for (const { through } of workers) await through('B');
    const ends = workers.map(({ through }) => through('C'));
    expect(waiting).toHaveLength(2);
    expect(Atomics.load(table.passes, PASS.over)).toBe(0);
    for (const letGo of waiting) letGo();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(Atomics.load(table.passes, PASS.over)).toBe(1);
    Atomics.store(table.next, 1, 1);
    Atomics.store(table.passes, PASS.decided, 1);
    Atomics.notify(table.passes, PASS.decided);
    await Promise.all(ends);
    expect(workers.map(({ list }) => list)).toEqual([
      ['A', 'B', 'C', 'B'],
      ['A', 'B', 'C', 'B'],
    ]);
    // Once more, and not for ever.
    for (const { through } of workers) await through('B');
    expect(waiting).toHaveLength(2);
  });
});
