import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, resolveRun, withSharedEnvironment } from '../../plugin/src/config/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environments-'));
});
afterEach(() => rm(folder, { recursive: true }));

const script = {
  target: 'https://environment.invalid',
  phases: [{ duration: 1, arrivalCount: 10 }],
  plugins: {
    race: { orderVariables: true, environments: 'environments.yml', inventories: '$seats', readBack: '$seatReadBack' },
  },
};

const STAGING = `
base: &base
  variables: { signIn: { grant: password, username: ann } }
staging:
  <<: *base
  target: https://staging.test/orders
  variables: { seats: [a, b, c], eventId: e, seatReadBack: "/seats/{seatId}" }
  tls: { ca: ca.pem }
  plugins: { race: { confirm: true, limits: { p95Ms: 9000, spreadMs: 7 } } }
empty:
`;

const write = (text: string) => writeFile(join(folder, 'environments.yml'), text);
const merged = (config: object = script, environment: string | undefined = 'staging', env: object = {}) =>
  withSharedEnvironment({ config: { ...config }, environment, folder, env: { ...env } });
const settings = (config: object = script, env: Record<string, string> = {}, environment = 'staging') =>
  resolveRun({ config: merged(config, environment, env), environment, env });

describe('an environment that all scenarios share', () => {
  it('gives a scenario a target, variables, TLS and options of the plugin', async () => {
    await write(STAGING);
    expect(merged()).toMatchObject({
      target: 'https://staging.test/orders',
      variables: { eventId: 'e', seats: ['a', 'b', 'c'] },
      tls: { ca: 'ca.pem' },
    });
    expect(settings()).toMatchObject({
      target: 'https://staging.test/orders',
      confirm: true,
      plan: { inventories: [{ key: 'a' }, { key: 'b' }, { key: 'c' }], limits: { p95Ms: 9000, spreadMs: 7 } },
      readBack: [{ path: '/seats/{seatId}' }],
    });
  });

  it('loses against what the scenario says, and the scenario’s lists replace the others', async () => {
    await write(STAGING);
    const own = {
      ...script,
      target: 'https://mine.test',
      variables: { eventId: 'mine', seats: ['x'] },
      plugins: { race: { ...script.plugins.race, limits: { spreadMs: 3 } } },
    };
    expect(settings(own)).toMatchObject({
      target: 'https://mine.test',
      plan: { inventories: [{ key: 'x' }], limits: { p95Ms: 9000, spreadMs: 3 } },
    });
    expect(merged(own).variables).toEqual({ eventId: 'mine', seats: ['x'], seatReadBack: '/seats/{seatId}' });
  });

  it('may be empty, or only in the scenario', async () => {
    await write(STAGING);
    const own = { ...script, target: 'https://mine.test', variables: { seats: ['x'] }, environments: { mine: {} } };
    for (const name of ['empty', 'mine']) expect(settings(own, {}, name).target).toBe('https://mine.test');
  });

  it('is not needed if the scenario names no file', () => {
    expect(merged({ target: 'https://mine.test' })).toEqual({ target: 'https://mine.test' });
  });

  it('may hold environment variables and its own name; all other templates are left to Artillery', async () => {
    await write(
      'staging: { target: "{{ $env.URL }}", variables: { a: "{{ $env.GONE }}", b: "x{{ $env.B }}{{ c }}", e: "{{$environment}}" } }',
    );
    const config = merged(script, 'staging', { URL: 'https://from.env', B: 'b' });
    expect(config).toMatchObject({ target: 'https://from.env', variables: { b: 'xb{{ c }}', e: 'staging' } });
    expect(config.variables).toMatchObject({ a: undefined });
    expect(() => settings(script, { ORDER_SEAT_IDS: 'a' })).toThrow(
      'environments.yml: staging.target: missing; set it, or ORDER_BASE_URL',
    );
  });

  it('is not found under a name that every JavaScript object has', async () => {
    await write(STAGING);
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(merged(script, name).target).toBe(script.target);
      expect(() => settings(script, {}, name)).toThrow(`environment "${name}": not under config.environments`);
    }
  });

  it('is suggested if the name is misspelt', async () => {
    await write(STAGING);
    expect(() => settings(script, {}, 'stagin')).toThrow(
      'environment "stagin": not under config.environments, nor in environments.yml; did you mean "staging"?',
    );
  });

  it.each([
    ['staging: { targte: x }', 'environments.yml: staging.targte: unknown key; did you mean "target"?'],
    ['staging: { phases: [] }', 'environments.yml: staging.phases: unknown key; known: target, variables, tls'],
    ['staging: { plugins: { expect: {} } }', 'environments.yml: staging.plugins.expect: unknown key; known: race'],
    ['staging: 7', 'environments.yml: staging: '],
    ['- staging', 'environments.yml: '],
    ['staging: [', 'environments.yml: '],
  ])('is refused in one line where it is wrong: %j', async (text, problem) => {
    await write(text);
    expect(() => merged()).toThrow(ConfigError);
    expect(() => merged()).toThrow(problem);
    expect(() => merged()).not.toThrow('\n');
  });

  it('is refused in one line if the file is missing', () => {
    expect(() => merged()).toThrow(
      /^config\.plugins\.race\.environments: cannot read environments\.yml: there is no such file in .*relative to the script$/,
    );
  });
});

describe('a variable that the block names', () => {
  it('is required for inventories; a missing one leaves the read-back off', async () => {
    await write('staging: { target: "https://staging.test" }');
    expect(() => settings()).toThrow(
      'config.variables.seats: missing; list what the contenders race for under environments.yml: staging.variables',
    );
    expect(settings(script, { ORDER_SEAT_IDS: 'a,b' }).readBack).toBeUndefined();
  });

  it('may hold pools as well as seats, and ORDER_SEAT_IDS leaves those alone', async () => {
    await write(
      'staging: { target: "https://staging.test", variables: { pools: [{ key: floor, capacity: 4 }], seats: [a] } }',
    );
    const quota = {
      ...script,
      plugins: { race: { orderVariables: true, environments: 'environments.yml', inventories: '$pools' } },
    };
    expect(settings(quota).plan.inventories).toEqual([{ key: 'floor', capacity: 4 }]);
    // ORDER_SEAT_IDS sets the seats, and nobody fights over them here.
    const resolved = settings(quota, { ORDER_SEAT_IDS: 'x,y' });
    expect(resolved.plan.inventories).toEqual([{ key: 'floor', capacity: 4 }]);
    expect(resolved.variables).toMatchObject({ seats: ['x', 'y'] });
  });

  it('may hold a read-back that is not about seats: ORDER_READ_BACK only switches that off', async () => {
    await write(
      'staging: { target: "https://staging.test", variables: { pools: [floor], poolReadBack: "/pools/{pool}" } }',
    );
    const race = {
      orderVariables: true,
      environments: 'environments.yml',
      inventories: '$pools',
      readBack: '$poolReadBack',
    };
    const quota = { ...script, plugins: { race } };
    expect(settings(quota, { ORDER_READ_BACK: '/seats/{seat}' }).readBack).toMatchObject([{ path: '/pools/{pool}' }]);
    expect(settings(quota, { ORDER_READ_BACK: 'off' }).readBack).toBeUndefined();
    expect(settings(script, { ORDER_READ_BACK: '/seats/{seat}', ORDER_SEAT_IDS: 'a' }).readBack).toMatchObject([
      { path: '/seats/{seat}' },
    ]);
  });
});
