import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario, mergeEnvironment, parseScript } from '../../cli/load-scenario.ts';
import { ConfigError } from '../../plugin/src/config/index.ts';
import { temporaryFolder } from '../support/fixtures.ts';

const config = {
  target: 'http://default.test',
  phases: [{ duration: 1, arrivalCount: 100 }],
  plugins: { race: { label: 'seat', inventories: ['a', 'b', 'c'] } },
  environments: {
    dev: { target: 'http://dev.test', plugins: { race: { inventories: ['x'] } } },
    empty: null,
  },
};

describe('the environment', () => {
  it('is merged as Artillery merges it: deep, and arrays by index', () => {
    expect(mergeEnvironment(config, 'dev')).toEqual({
      ...config,
      target: 'http://dev.test',
      plugins: { race: { label: 'seat', inventories: ['x', 'b', 'c'] } },
    });
  });

  it.each(['unknown', 'empty', 'constructor', '__proto__'])(
    'changes nothing if the scenario has none of that name: %s',
    (name) => {
      expect(mergeEnvironment(config, name)).toEqual(config);
    },
  );

  it('does not change the config that it is merged into', () => {
    const before = structuredClone(config);
    mergeEnvironment(config, 'dev');
    expect(config).toEqual(before);
  });
});

describe('a scenario', () => {
  it('may not have its plugins at the top level, where Artillery ignores them', async () => {
    const file = join(temporaryFolder(), 'suite.yml');
    writeFileSync(file, 'config: { target: "http://a.test" }\nplugins: { race: {} }\n');
    await expect(loadScenario({ file, environment: 'dev', env: {} })).rejects.toThrow(
      'plugins: Artillery ignores plugins at the top level; move the block into config, as config.plugins',
    );
  });

  it('may use merge keys, as with Artillery’s own parser', () => {
    const text = 'config:\n  base: &base { a: 1 }\n  merged: { <<: *base, b: 2 }\n';
    expect(parseScript(text, 's.yml').config.merged).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['config: [', 's.yml: '],
    ['scenarios: []', 's.yml: has no config block'],
    ['', 's.yml: has no config block'],
    ['config: 7', 's.yml: has no config block'],
  ])('is refused in one line if its text is wrong: %j', (text, problem) => {
    expect(() => parseScript(text, 's.yml')).toThrow(ConfigError);
    expect(() => parseScript(text, 's.yml')).toThrow(problem);
    expect(() => parseScript(text, 's.yml')).not.toThrow('\n');
  });

  it('may name the environment in its target, as Artillery renders it', async () => {
    const file = join(temporaryFolder(), 'suite.yml');
    writeFileSync(file, 'config: { target: "https://{{ $environment }}.{{ $env.DOMAIN }}/{{ $testId }}" }\n');
    const { config } = await loadScenario({ file, environment: 'staging', env: { DOMAIN: 'shop.test' } });
    expect(config.target).toBe('https://staging.shop.test/{{ $testId }}');
  });

  it('is refused if the file is missing', async () => {
    await expect(loadScenario({ file: '/nowhere/s.yml', environment: 'dev', env: {} })).rejects.toThrow(
      /cannot read the scenario: .*\/nowhere\/s\.yml/,
    );
  });
});
