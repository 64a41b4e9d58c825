import { describe, expect, it } from 'vitest';
import { inventoryList } from '../../plugin/src/recording/index.ts';
import { reply } from './replies.ts';

const list = (body: unknown, paths: object = {}, status = 200) =>
  inventoryList({ key: '$.id', fields: [], ...paths }, reply(status, body)).listed;

describe('a list of inventories', () => {
  it('has keys, capacities, parts and fields, numbers as numbers, at any size', () => {
    const body = '{"rows":[{"id":12345678901234567890,"left":"3","seats":["A1",2],"quota":{"id":7}},{"id":"B"}]}';
    const paths = {
      each: '$.rows[*]',
      capacity: '$.left',
      parts: '$.seats[*]',
      fields: [['quota', '$.quota.id']],
    };
    expect(list(body, paths)).toMatchObject([
      { key: '12345678901234567890', capacity: '3', parts: ['A1', '2'], fields: { quota: 7 } },
      { key: 'B', capacity: undefined, parts: [], fields: {} },
    ]);
  });

  it('may be bare ids', () => {
    expect(list([7, 'B'], { key: '$' })).toMatchObject([{ key: 7 }, { key: 'B' }]);
  });

  it('may be empty', () => {
    expect(list({ rows: [] }, { each: '$.rows[*]' })).toEqual([]);
  });

  it.each([
    [{ error: 'gone' }, 404],
    ['<html>Please sign in</html>', 200],
    ['', 204],
  ])('is none, and the answer is shown: %j %i', (body, status) => {
    const { listed, said } = inventoryList({ key: '$.id', fields: [] }, reply(status, body));
    expect(listed).toBe('was answered otherwise than with 2xx and JSON');
    expect(said).toBe(`${status} ${typeof body === 'string' ? body : JSON.stringify(body)}`);
  });

  it('cannot be read where an entry is nested too deep', () => {
    const entry = (levels: number) => `[{"id":"A1","x":${'['.repeat(levels)}${']'.repeat(levels)}}]`;
    expect(list(entry(46))).toMatchObject([{ key: 'A1' }]);
    for (const levels of [47, 20_000])
      expect(list(entry(levels))).toBe('cannot be read: it is nested more than 48 levels deep');
  });

  it('is none without an answer', () => {
    const broken = { kind: 'broken', failure: 'unreachable', error: 'ECONNREFUSED' } as const;
    expect(inventoryList({ key: '$.id', fields: [] }, broken).listed).toBe('got no answer: ECONNREFUSED');
  });
});
