import { describe, expect, it } from 'vitest';
import { leavesIn } from '../../plugin/src/init/json-leaves.ts';
import { readable } from '../../plugin/src/init/probe/evidence.ts';
import { reply } from '../recording/replies.ts';

/** JSON with that many levels, and an id. */
const nested = (levels: number) => `{"id":7,"x":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`;

describe('an answer that is nested without end', () => {
  it('says nothing below 100 levels of a capture', () => {
    const id = { path: '$.id', name: 'id', value: 7 };
    expect(leavesIn(JSON.parse(nested(100)))).toHaveLength(2);
    expect(leavesIn(JSON.parse(nested(20_000)))).toEqual([id]);
  });

  it('is no JSON for the probe', () => {
    expect(readable(reply(200, nested(48)))?.json).toMatchObject({ id: 7 });
    expect(readable(reply(200, nested(20_000)))).toMatchObject({ json: undefined, lost: expect.any(String) });
  });
});
