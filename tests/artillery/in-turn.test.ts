import { expect, test } from 'vitest';
import { inTurn } from '../../plugin/src/artillery/worker/in-turn.ts';

test('each virtual user gets the next entry of a list, and behind the last one the first', () => {
  const entriesFor = inTurn(['user', 'size'], { user: ['ann', 'bob'], size: [1, 2, 3], other: ['x'] });
  expect([1, 2, 3, 4].map(entriesFor)).toEqual([
    { user: 'ann', size: 1 },
    { user: 'bob', size: 2 },
    { user: 'ann', size: 3 },
    { user: 'bob', size: 1 },
  ]);
});

test('without names, nothing is dealt out', () => {
  expect(inTurn([], { user: ['ann'] })(1)).toEqual({});
});
