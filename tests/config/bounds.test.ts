import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkDepth, checkValue, parseYaml } from '../../plugin/src/config/index.ts';
import { errorOf, resolve } from './resolve.ts';

const nested = (levels: number): unknown => {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level++) value = { loop: [value] };
  return value;
};

it('YAML that is odd but right is read without a warning, which would quote it as it is', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
  onTestFinished(() => warned.mockRestore());
  expect(parseYaml('a: &a: 1\nb: *a:\nc: !x \u009b2J', 'suite.yml')).toMatchObject({ a: 1, b: 1 });
  expect(warned).not.toHaveBeenCalled();
});

// Some of these take seconds on a busy machine.
describe('input without measure is one clear error', { timeout: 60_000 }, () => {
  it('as a million inventories', () => {
    const inventories = Array.from({ length: 1_000_000 }, (_, index) => `seat-${index}`);
    expect(errorOf(() => resolve({ inventories })).message).toBe(
      'config.plugins.race.inventories: names 1,000,000; name at most 10,000: each is a round',
    );
    expect(
      errorOf(() => resolve({ inventories: '$seats' }, {}, { variables: { seats: inventories } })).message,
    ).toMatch(/^config\.plugins\.race\.inventories: names 1,000,000/);
    expect(errorOf(() => resolve({}, { ORDER_SEAT_IDS: inventories.join() })).message).toMatch(
      /^ORDER_SEAT_IDS: names 1,000,000/,
    );
  });

  it('but ten thousand inventories are read', () => {
    const inventories = Array.from({ length: 10_000 }, (_, index) => index + 1);
    expect(resolve({ inventories }).plan.inventories).toHaveLength(10_000);
  });

  it('as ten thousand mistakes', () => {
    const { message, problems } = errorOf(() => resolve({ inventories: Array.from({ length: 10_000 }, () => null) }));
    expect(problems).toHaveLength(10_000);
    expect(message.split('\n')).toHaveLength(21);
    expect(message).toMatch(/\nand 9980 more$/);
  });

  it('as aliases of YAML that repeat one another', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    }
    expect(() => parseYaml(lines.join('\n'), 'suite.yml')).toThrow(
      'suite.yml: its aliases repeat one another too often',
    );
  });

  it.each([200, 200_000])('as YAML that is nested %i levels deep', (levels) => {
    expect(() => parseYaml('['.repeat(levels) + ']'.repeat(levels), 'suite.yml')).toThrow(
      /^suite\.yml: is nested (too deeply|more than 100 levels deep)$/,
    );
  });

  it('as a script that is nested deeply', () => {
    expect(() => checkDepth(nested(5_000), 'the script')).toThrow('the script: is nested more than 100 levels deep');
    expect(() => checkDepth(nested(20), 'the script')).not.toThrow();
  });

  it.each([
    ['a mapping', 'race: &a\n  attempt: *a'],
    ['a list', 'seats: &a [1, [*a]]'],
    ['its parent', 'race: &a\n  attempt: &b\n    ok: [*a, *b]'],
  ])('as YAML with %s that contains itself', (_what, text) => {
    expect(() => parseYaml(text, 'suite.yml')).toThrow(
      'suite.yml: has a value that contains itself; in YAML, an alias (*name) must not stand below its own anchor (&name)',
    );
  });

  it('as aliases that nest one another deeply, and each stands on the first level', () => {
    const lines = Array.from(
      { length: 200 },
      (_, level) => `a${level}: &a${level} [${level > 0 ? `*a${level - 1}` : ''}]`,
    );
    expect(() => parseYaml(lines.join('\n'), 'suite.yml')).toThrow('suite.yml: is nested more than 100 levels deep');
    expect(() => parseYaml(lines.slice(0, 50).join('\n'), 'suite.yml')).not.toThrow();
  });

  it('as a bigint of a script in JavaScript, also in two places of it', () => {
    const line = { race: 5n };
    const told = 'suite.js: scenarios.1.race: is a bigint, which JSON cannot write; write it as text, such as "5"';
    expect(() => checkValue({ scenarios: [{}, line], after: line }, 'suite.js')).toThrow(told);
    expect(() => checkValue({ scenarios: [{ race: 5 }] }, 'suite.js')).not.toThrow();
  });

  it('as a YAML text of six million characters', () => {
    expect(() => parseYaml(`a: ${'x'.repeat(6_000_000)}`, 'suite.yml')).toThrow(
      'suite.yml: is too long: 6.0 million characters; at most 5 million',
    );
  });

  it('but aliases and merge keys are welcome', () => {
    const text = 'base: &base { a: &list [1, 2] }\nother: { <<: *base, b: *list }';
    expect(parseYaml(text, 'suite.yml')).toMatchObject({ other: { a: [1, 2], b: [1, 2] } });
  });
});
