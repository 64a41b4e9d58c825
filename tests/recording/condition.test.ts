import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../plugin/src/recording/answer.ts';
import { type Condition, type Conditions, compileCondition } from '../../plugin/src/recording/condition.ts';
import { MAX_MATCHED } from '../../plugin/src/recording/match.ts';
import { reply } from './replies.ts';

type Body = Parameters<typeof reply>[1];

const meets = (conditions: Conditions, body: Body = {}, headers = {}, status = 200): boolean => {
  const answer = reply(status, body, headers);
  if (answer.kind === 'broken') throw new Error('no answer');
  return compileCondition(conditions)(readAnswer(answer, 1 << 20));
};

describe('a header', () => {
  const location = { location: '/orders/17' };

  it.each<[string, Condition, object, boolean]>([
    ['equals', { header: { location: '/orders/17' } }, location, true],
    ['does not equal', { header: { location: '/orders/1' } }, location, false],
    ['is not there', { header: { location: '/.*/' } }, {}, false],
    ['matches', { header: { location: '/^\\/orders\\/\\d+/' } }, location, true],
    ['does not match', { header: { location: '/^\\/gone/' } }, location, false],
    ['is named in another case', { header: { Location: '/orders/17' } }, location, true],
    ['is a number', { header: { 'x-left': 0 } }, { 'x-left': '0' }, true],
    ['has a path that is no pattern', { header: { location: '/gone' } }, { location: '/gone' }, true],
    [
      'has several lines, one of which is enough',
      { header: { 'set-cookie': '/^b=/' } },
      { 'set-cookie': ['a=1', 'b=2'] },
      true,
    ],
    ['is one of two', { header: { location: '/orders/17', etag: 'x' } }, location, false],
  ])('%s', (_what, condition, headers, holds) => {
    expect(meets(condition, {}, headers)).toBe(holds);
  });

  it('is looked for in the lines as they came', () => {
    const headers = { 'x-result': 'sold, late' };
    const rawHeaders = ['X-Result', 'sold', 'X-Result', 'late'];
    const read = readAnswer({ kind: 'complete', status: 200, headers, rawHeaders, body: Buffer.from('') }, 100);
    expect(compileCondition({ header: { 'x-result': 'late' } })(read)).toBe(true);
    expect(compileCondition({ header: { 'x-result': 'sold, late' } })(read)).toBe(false);
  });
});

describe('the body', () => {
  it.each<[string, NonNullable<Condition['body']>, unknown, boolean]>([
    ['is above', { '$.left': { above: 0 } }, { left: 1 }, true],
    ['is not above what it equals', { '$.left': { above: 0 } }, { left: 0 }, false],
    ['is below', { '$.left': { below: 1 } }, { left: 0 }, true],
    ['is not below what it equals', { '$.left': { below: 1 } }, { left: 1 }, false],
    ['is between', { '$.left': { above: 0, below: 2 } }, { left: 1 }, true],
    ['is outside of two bounds', { '$.left': { above: 0, below: 2 } }, { left: 2 }, false],
    ['is a decimal', { '$.left': { above: 0.1 } }, { left: '0.11' }, true],
    ['is a number too large for JavaScript', { '$.left': { above: 1 } }, '{"left":1e400}', true],
    ['is no number', { '$.left': { above: 0 } }, { left: 'many' }, false],
    ['is empty', { '$.left': { below: 1 } }, { left: '' }, false],
    ['is null, and not below', { '$.left': { below: 1 } }, { left: null }, false],
    [
      'is above by the last of many digits',
      { '$.id': { above: '12345678901234567889' } },
      '{"id":12345678901234567890}',
      true,
    ],
    [
      'equals a bound of many digits',
      { '$.id': { below: '12345678901234567890' } },
      '{"id":12345678901234567890}',
      false,
    ],
    ['has a bound that is text', { '$.left': { above: '5' } }, { left: 6 }, true],
    ['is not null', { '$.id': { not: null } }, { id: 1 }, true],
    ['is null', { '$.id': { not: null } }, { id: null }, false],
    ['is missing, so that not does not hold', { '$.id': { not: null } }, {}, false],
    ['is missing, so that not a value does not hold', { '$.id': { not: 'SOLD' } }, {}, false],
    ['is in a list', { '$.state': { in: ['SOLD', 'HELD'] } }, { state: 'HELD' }, true],
    ['is not in a list', { '$.state': { in: ['SOLD', 'HELD'] } }, { state: 'FREE' }, false],
    ['is neither of two', { '$.state': { not: { in: ['SOLD', 'HELD'] } } }, { state: 'FREE' }, true],
    ['is one of two', { '$.state': { not: { in: ['SOLD', 'HELD'] } } }, { state: 'SOLD' }, false],
    ['matches', { '$.url': '/checkout/' }, { url: 'https://shop/checkout/7' }, true],
    ['matches with flags', { '$.m': '/sold OUT/i' }, { m: 'Sold out' }, true],
    ['does not match', { '$.url': '/^checkout/' }, { url: '/checkout' }, false],
    ['matches a number', { '$.id': '/^\\d+$/' }, { id: 17 }, true],
    ['is the text of what would be a pattern', { '$.url': { in: ['/checkout/'] } }, { url: '/checkout/' }, true],
    ['is not that text', { '$.url': { in: ['/checkout/'] } }, { url: '/checkout/7' }, false],
    ['does not match what is not allowed', { '$.m': { not: '/sold/' } }, { m: 'free' }, true],
    ['is a path, and no pattern', { '$.url': '/gone' }, { url: '/gone' }, true],
    ['ends with no valid flag', { '$.url': '/events/7/seats' }, { url: '/events/7/seats' }, true],
    ['has one node of several', { '$.seats[*].left': { above: 0 } }, { seats: [{ left: 0 }, { left: 3 }] }, true],
    ['has no node that holds', { '$.seats[*].left': { above: 0 } }, { seats: [{ left: 0 }, { left: 0 }] }, false],
    ['has no nodes', { '$.seats[*].left': { below: 5 } }, { seats: [] }, false],
    ['equals a number, not its text', { '$.left': 5 }, { left: '5' }, false],
    ['is not JSON', { '$.left': { not: 5 } }, 'left: 6', false],
  ])('%s', (_what, body, answer, holds) => {
    expect(meets({ body }, answer)).toBe(holds);
  });
});

describe('the raw text', () => {
  const page = '<html><body><p class="error">Sorry, this seat is Sold out.</p></body></html>';

  it.each<[string, string, Body, boolean]>([
    ['contains a text', 'Sold out', page, true],
    ['does not contain it in another case', 'sold out', page, false],
    ['matches', '/sold out/i', page, true],
    ['does not match', '/sold out$/i', page, false],
    ['is JSON as it was sent', '"ok":true', '{"ok":true}', true],
    ['contains a path, which is no pattern', '/thanks', '<a href="/thanks">', true],
  ])('%s', (_what, text, body, holds) => {
    expect(meets({ text }, body)).toBe(holds);
  });

  it.each(['/sold/g', '/sold/y', '/sold/gi'])('matches %s every time', (text) => {
    const answer = reply(200, 'sold');
    const read = answer.kind === 'complete' ? readAnswer(answer, 100) : expect.unreachable();
    const isMet = compileCondition({ text });
    expect([isMet(read), isMet(read), isMet(read)]).toEqual([true, true, true]);
  });

  it('is matched anywhere in a page, every time', () => {
    const page = `<html>${'<style>p{}</style>'.repeat(5000)}<p>Sold out</p>`;
    const answer = reply(200, page);
    const read = answer.kind === 'complete' ? readAnswer(answer, 1 << 20) : expect.unreachable();
    const isMet = compileCondition({ text: '/sold out/gi' });
    expect([isMet(read), isMet(read)]).toEqual([true, true]);
  });

  it('is not matched by a pattern that would take forever', () => {
    expect(meets({ text: '/(a+)+b/' }, 'a'.repeat(5000))).toBe(false);
    expect(meets({ body: { '$.m': '/^(a|a)+b$/' } }, { m: 'a'.repeat(5000) })).toBe(false);
    expect(meets({ text: '/(a+)+b/' }, 'a'.repeat(50))).toBe(false);
    expect(meets({ text: '/(?:a?){40}a{40}b/' }, 'a'.repeat(40))).toBe(false);
    expect(meets({ text: '/a*a*a*a*b/' }, 'a'.repeat(4000))).toBe(false);
  });

  it('is matched in the beginning of a long answer, and a text is found anywhere', () => {
    const long = `${' '.repeat(MAX_MATCHED)}sold out`;
    expect(meets({ text: '/sold/' }, long)).toBe(false);
    expect(meets({ text: 'sold' }, long)).toBe(true);
  });
});

describe('several conditions', () => {
  const either: Conditions = [{ status: [409] }, { text: '/sold/' }];

  it('are met by an answer that meets one', () => {
    expect(meets(either, 'sold')).toBe(true);
    expect(meets(either, 'gone', {}, 409)).toBe(true);
    expect(meets(either, 'gone')).toBe(false);
  });
});
