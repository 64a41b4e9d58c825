import { expect, it } from 'vitest';
import { errorOf, resolve } from './resolve.ts';

const asked = (header: string, inventories: unknown = ['A', 'B']) => ({
  inventories,
  readBack: { get: '/seats', headers: { [header]: '1' } },
});

it.each([asked('x-seat-{key}'), asked('{key}'), asked('x-{hall}', [{ key: 'A', hall: 'blue' }])])(
  'the name of a header may name the inventory: %j',
  (race) => {
    expect(resolve(race).readBack).toHaveLength(1);
  },
);

it.each([asked('x-{key}-{saet}'), asked('x-{key}', ['A', 'row 1'])])(
  'a placeholder that makes no name is refused before the run: %j',
  (race) => {
    expect(errorOf(() => resolve(race)).message).toMatch(
      /^config\.plugins\.race\.readBack: x-\{key\}\S* is not the name of a header for (A|row 1)/,
    );
  },
);

it('only a read-back fills placeholders in', () => {
  const race = { inventories: { get: '/seats', key: '$.id', headers: { 'x-{key}': '1' } } };
  expect(errorOf(() => resolve(race)).message).toContain('headers.x-{key}: is not the name of a header');
});
