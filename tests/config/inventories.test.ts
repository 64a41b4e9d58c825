import { describe, expect, it } from 'vitest';
import { resolveRun } from '../../plugin/src/config/index.ts';
import { errorOf, resolve } from './resolve.ts';

const at = 'config.plugins.race.inventories';

describe('inventories', () => {
  it('have fields of their own', () => {
    const { plan, keys, source } = resolve({ inventories: [7, { key: 'B', capacity: 5, quota: 17, hall: 'east' }] });
    expect([keys, source]).toEqual([[7, 'B'], undefined]);
    expect(plan.inventories).toEqual([
      { key: '7', capacity: 1 },
      { key: 'B', capacity: 5, fields: { quota: 17, hall: 'east' } },
    ]);
  });

  it.each([
    [{ key: 'B', capcity: 5 }, '0.capcity: is no name for a field; did you mean "capacity"?'],
    [{ key: 'B', Capacity: 5 }, '0.Capacity: is no name for a field; did you mean "capacity"?'],
    [{ key: 'B', part: 'A1' }, '0.part: is no name for a field; did you mean "parts"?'],
    [{ key: 'B', keys: 'A1' }, '0.keys: is no name for a field; did you mean "key"?'],
    [{ key: 'B', quota: [1] }, '0.quota: must be text or a number'],
  ])('may not be %j', (inventory, problem) => {
    expect(errorOf(() => resolve({ inventories: [inventory] })).message).toContain(`${at}.${problem}`);
  });

  it.each(['day', 'price', 'city', 'row', 'id', 'post', 'host'])('may have the field %s', (name) => {
    expect(resolve({ inventories: [{ key: 'B', [name]: 1 }] }).plan.inventories[0]?.fields).toEqual({ [name]: 1 });
  });
});

describe('where inventories come from', () => {
  it.each([
    [{ get: '/seats', key: '$.id' }],
    [{ post: 'https://other.test/search', json: { free: true }, headers: { accept: 'x' }, key: '$.id', quota: '$.q' }],
    [{ csv: 'seats.csv', key: 'id', capacity: 'stock', first: 3 }],
  ])('may be %j, and then they are not known yet', (source) => {
    expect(resolve({ inventories: source })).toMatchObject({ source, keys: [], plan: { inventories: [] } });
  });

  it.each([
    [{ get: '/seats' }, `${at}.key: missing`],
    [{ key: '$.id' }, `${at}: must have get or post, and not both`],
    [{ get: '/a', post: '/b', key: '$.id' }, `${at}: must have get or post, and not both`],
    [{ get: 'seats', key: '$.id' }, `${at}.get: must begin with / or be a URL`],
    [{ get: '/seats', key: 'id' }, `${at}.key: is not a JSONPath`],
    [{ get: '/seats', key: '$.id', quota: 17 }, `${at}.quota: must be text`],
    [{ get: '/seats', key: '$.id', capcity: '$.n' }, `${at}.capcity: is no name for a field; did you mean "capacity"?`],
    [{ get: '/seats', key: '$.id', header: '$.n' }, `${at}.header: is no name for a field; did you mean "headers"?`],
    [{ get: '/seats', key: '$.id', first: 0 }, `${at}.first: must be at least 1`],
    [{ csv: 'a.csv', key: 'id', capcity: 'n' }, `${at}.capcity: unknown key; did you mean "capacity"?`],
    [{ csv: 'a.csv' }, `${at}.key: missing`],
  ])('may not be %j', (source, problem) => {
    expect(errorOf(() => resolve({ inventories: source })).message).toContain(problem);
  });

  it('gives them once they are known, as if they were listed', () => {
    const config = {
      target: 'http://127.0.0.1:3000',
      phases: [{ arrivalCount: 9 }],
      plugins: { race: { inventories: { get: '/seats', key: '$.id' } } },
    };
    const resolved = (key: string) =>
      resolveRun({
        config,
        environment: undefined,
        env: {},
        sourced: [
          { key: 7, capacity: 2, fields: { quota: 70 } },
          { key, fields: {} },
        ],
      });
    expect(resolved('B').keys).toEqual([7, 'B']);
    expect(resolved('B').plan.inventories).toEqual([
      { key: '7', capacity: 2, fields: { quota: 70 } },
      { key: 'B', capacity: 1 },
    ]);
    expect(errorOf(() => resolved('7')).message).toContain(`${at}: names seat "7" twice`);
  });
});

describe('contenders', () => {
  it('may be all, or each go for anything', () => {
    expect(resolve({ inventories: ['A'], contenders: 'all' }).plan).toMatchObject({ contenders: 100 });
    expect(resolve({ inventories: ['A'], contenders: 'all' }).plan).not.toHaveProperty('anyItem');
    const { plan, contenders } = resolve({ inventories: ['A'], contenders: { each: 'any' } });
    expect([plan.contenders, plan.anyItem, contenders.areAll]).toEqual([100, true, true]);
  });

  it.each([
    ['some', 'config.plugins.race.contenders: must be a whole number, all, or { each: any } (received "some")'],
    [{ each: 'all' }, 'config.plugins.race.contenders.each: must be any (received "all")'],
    [{ eech: 'any' }, 'config.plugins.race.contenders.eech: unknown key; did you mean "each"?'],
    [1, 'config.plugins.race.contenders: must be at least 2: a race needs two (received 1)'],
  ])('may not be %j', (contenders, problem) => {
    expect(errorOf(() => resolve({ inventories: ['A'], contenders })).message).toContain(problem);
  });
});
