import { describe, expect, it } from 'vitest';
import { withoutTemplateLevels } from '../../plugin/src/config/template-levels.ts';

/** What Artillery's templates make of a block. */
async function templated(block: object): Promise<unknown> {
  const file = '../../node_modules/artillery/dist/lib/commons/engine_util.js';
  const { template } = (await import(file)) as { template(input: object, context: object): { block: unknown } };
  return template({ block }, { vars: { $env: { MIN: '5' } }, funcs: {} }).block;
}

describe('what Artillery doubles', () => {
  it.each<[string, object]>([
    ['a bound', { success: { body: { '$.left': { above: 0 } } } }],
    ['in a list', { refusal: [{ status: [409] }, { body: { '$.left': { below: 1 } } }] }],
    ['of an operation', { operations: { hold: { success: { body: { '$.a.b.c': { not: null } } } } } }],
    ['several with common levels', { body: { '$.n': { above: 0 }, '$.n.m': { below: 3 }, '$.n.k': { in: ['a'] } } }],
    ['indices and filters', { body: { '$.items[0].left': { above: 0 }, "$[?@.id == 'x'].left": { above: 0 } } }],
    ['wildcards and descendants', { body: { '$.seats[*].left': { above: 0 }, '$..left': { below: 9 } } }],
    ['quoted names', { body: { "$['a.b'].c": { above: 0 } } }],
    ['double quotes', { body: { '$["a.b"].c': { above: 0 } } }],
    ['nested tests', { body: { '$.state': { not: { in: ['SOLD', 'HELD'] } } } }],
    ['beside plain values', { body: { '$.ok': true, '$.left': { above: 0 }, '$.e': null } }],
    ['the root itself', { body: { $: { above: 3 }, '$.left': { above: 0 } } }],
  ])('%s', async (_what, block) => {
    expect(await templated(block)).not.toEqual(block);
    expect(withoutTemplateLevels(await templated(block))).toEqual(block);
  });

  it('keeps the template that was filled in', async () => {
    const block = { body: { '$.left': { above: '{{ $env.MIN }}' } } };
    expect(withoutTemplateLevels(await templated(block))).toEqual({ body: { '$.left': { above: '5' } } });
  });

  it('leaves everything else alone', () => {
    const block = { body: { '$.left': { above: 0 } }, json: { a: { b: { c: 1 } } }, list: [1, null, 'x.y'] };
    expect(withoutTemplateLevels(block)).toEqual(block);
  });
});
