import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../plugin/src/config/index.ts';
import { errorOf, resolve } from './resolve.ts';

/** The message about a value where a mapping or a list of names belongs. */
const toldOf = (inventories: unknown): string => errorOf(() => resolve({ inventories })).message;

describe('a value that JSON cannot write is told as a mistake like any other', () => {
  it.each([
    ['a tag of YAML', parseYaml('!!merge <<', 'suite.yml'), 'Symbol(<<)'],
    ['a function of a script in JavaScript', () => 1, '() => 1'],
    ['a number without bounds', 12345678901234567890n, '12345678901234567890'],
  ])('%s', (_name, value, shown) => {
    expect(toldOf(value)).toContain(shown);
    expect(toldOf([{ from: value }])).toContain(shown);
  });
});
