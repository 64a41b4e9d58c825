import { describe, expect, it } from 'vitest';
import type { Conclusion } from '../../model/index.ts';
import { type OutcomeRules, settledConclusion, settledReader } from '../../plugin/src/recording/index.ts';
import { cutOff, ok, pending, refused, serverError, unanswered, unrecognised } from '../support/histories.ts';
import { byStatus, reply } from './replies.ts';

const decide = (rules: Partial<OutcomeRules>, status: number, body: unknown = {}, operation?: string) =>
  settledReader({ ...byStatus, ...rules }, 1 << 20)(reply(status, body), { headers: {} }, operation)?.outcome;

describe('the answer to a request that decides an earlier attempt', () => {
  const page: Partial<OutcomeRules> = {
    settled: { success: { body: { '$.state': 'sold' } }, refusal: { body: { '$.state': 'gone' } } },
  };

  it.each([
    [200, { state: 'sold' }, 'ok'],
    [200, { state: 'gone' }, 'fail'],
    [404, { state: 'gone' }, 'fail'],
    [200, { state: 'waiting' }, undefined],
    [202, { state: 'sold' }, undefined],
    [404, {}, undefined],
    [500, {}, undefined],
    [429, {}, undefined],
  ])('%i %j decides %s', (status, body, outcome) => {
    expect(decide(page, status, body)).toBe(outcome);
  });

  it.each([
    [200, { refusal: { status: [409] } }, 'ok'],
    [409, { refusal: { status: [409] } }, 'fail'],
    [404, { refusal: { status: ['400-499'] } }, undefined],
    [404, { refusal: { status: [404] } }, 'fail'],
    [503, { refusal: { status: ['400-599'] } }, undefined],
    [409, {}, undefined],
    [401, { refusal: { status: ['400-499'] } }, undefined],
  ])('%i decides, where `settled` is %j, %s', (status, settled, outcome) => {
    expect(decide({ settled }, status)).toBe(outcome);
  });

  it('is read by the rules of its operation', () => {
    const operations = { hold: { settled: { success: { status: [204] } } } };
    expect(decide({ operations }, 204, '', 'hold')).toBe('ok');
    expect(decide({ operations }, 204, '')).toBeUndefined();
  });

  it('decides nothing where it is none', () => {
    const broken = { kind: 'broken', failure: 'timeout', error: 'too late' } as const;
    expect(settledReader(byStatus, 1024)(broken, { headers: {} })).toBeUndefined();
  });
});

describe('an attempt that a later answer was to decide', () => {
  const won = { ...ok(200, 'o-9'), granted: 2 } as Conclusion;

  it('is won, with the status of its own answer and the order of the deciding one', () => {
    expect(settledConclusion(pending('o-1'), won)).toMatchObject({
      outcome: 'ok',
      orderId: 'o-9',
      granted: 2,
      answer: { status: 202 },
    });
    expect(settledConclusion(unanswered(), won)).toMatchObject({ outcome: 'ok', answer: { status: 200 } });
  });

  it('keeps what only its own answer says', () => {
    const { orderId: _, ...nameless } = ok(200) as Conclusion & { outcome: 'ok' };
    expect(settledConclusion(pending('o-1'), nameless)).toMatchObject({ outcome: 'ok', orderId: 'o-1' });
  });

  it('is lost, and says why', () => {
    expect(settledConclusion(pending(), refused(200, 'sold out'))).toMatchObject({
      outcome: 'fail',
      reason: 'lost',
      message: 'sold out',
      answer: { status: 202 },
    });
  });

  it.each<[string, Conclusion, string]>([
    ['a 202', pending(), 'pending'],
    ['a success that was only the beginning', ok(201, 'o-1'), 'pending'],
    ['a page that nobody understood', unrecognised(), 'pending'],
    ['a server that broke', serverError(), 'server-error'],
    ['no answer', unanswered('reset', 'gone'), 'reset'],
    ['half an answer', cutOff(), 'unreadable'],
  ])('stays open without a decision: %s', (_what, first, cause) => {
    expect(settledConclusion(first, undefined)).toMatchObject({ outcome: 'info', cause, answer: first.answer });
  });
});
