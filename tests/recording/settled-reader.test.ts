import { describe, expect, it } from 'vitest';
import type { Conclusion } from '../../model/index.ts';
import {
  createBlotter,
  gainedReader,
  type OutcomeRules,
  outcomeReader,
  settledConclusion,
  settledReader,
} from '../../plugin/src/recording/index.ts';
import { byStatus, reply } from './replies.ts';

const request = { headers: {} };
const decision = (rules: Partial<OutcomeRules>, poll: ReturnType<typeof reply>, operation?: string) =>
  settledReader({ ...byStatus, ...rules }, 1 << 20)(poll, request, operation);

describe('an answer to `settles`', () => {
  const settled = {
    success: { body: { '$.state': 'DONE' } },
    refusal: { body: { '$.state': { in: ['REJECTED', 'EXPIRED'] } } },
    orderId: '$.order',
  };

  it.each<[string, ReturnType<typeof reply>, object | undefined]>([
    ['decides by a success', reply(200, { state: 'DONE', order: 'o-1' }), { outcome: 'ok', orderId: 'o-1' }],
    ['decides by a refusal', reply(200, { state: 'EXPIRED' }), { outcome: 'fail', reason: 'lost' }],
    ['decides by a refusal with another status', reply(404, { state: 'REJECTED' }), { outcome: 'fail' }],
    ['waits', reply(200, { state: 'PENDING' }), undefined],
    ['waits where it is not found', reply(404, {}), undefined],
    ['waits where the server fails', reply(503, 'busy'), undefined],
    ['waits where it may not ask', reply(401, {}), undefined],
    ['waits with a 202, which no condition names', reply(202, { state: 'DONE' }), undefined],
  ])('%s', (_what, poll, conclusion) => {
    const found = decision({ settled }, poll);
    if (conclusion === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(conclusion);
  });

  it('is read by the operation where that says how', () => {
    const operations = { hold: { settled: { success: { status: [204] } } } };
    expect(decision({ settled, operations }, reply(204, ''), 'hold')).toMatchObject({ outcome: 'ok' });
    expect(decision({ settled, operations }, reply(204, ''))).toBeUndefined();
  });
});

describe('an attempt that another answer decided', () => {
  const first = outcomeReader({ ...byStatus, units: '$.n' })(reply(202, { order_id: 'o-1', n: 3 }), request);
  const refused: Conclusion = {
    outcome: 'fail',
    reason: 'lost',
    answer: { kind: 'answered', status: 200, body: '', bodyBytes: 0 },
  };

  it('keeps its status, and its refusal is the suite’s own word', () => {
    expect(settledConclusion(first, refused)).toMatchObject({
      outcome: 'fail',
      declared: true,
      answer: { status: 202 },
    });
  });

  it('takes from the first answer what the deciding one does not say', () => {
    const gained = gainedReader({ ...byStatus, units: '$.n', granted: '$.ids' }, 1 << 20, createBlotter());
    expect(gained(reply(202, { order_id: 'o-1', n: 3, ids: ['A', 'B'] }))).toEqual({
      orderId: 'o-1',
      granted: 3,
      grantedIds: ['A', 'B'],
    });
    expect(gained({ kind: 'broken', failure: 'reset', error: 'gone' })).toEqual({});
  });
});
