import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../plugin/src/recording/answer.ts';
import { allTexts, type Extractor, extractor, firstText, sumOf } from '../../plugin/src/recording/extractor.ts';
import { reply } from './replies.ts';

const found = (where: Extractor, body: Parameters<typeof reply>[1], headers = {}): readonly unknown[] => {
  const answer = reply(200, body, headers);
  return answer.kind === 'complete' ? extractor(where)(readAnswer(answer, 1 << 20)) : expect.unreachable();
};

describe('a text', () => {
  const headers = { location: 'https://shop.example/orders/4711?new', link: ['</a>; rel=x', '</b>; rel=next'] };
  const page = '<p>Order no. <b>17</b></p><p>Order no. <b>18</b></p>';

  it.each<[string, Extractor, string | undefined]>([
    ['a path', '$.order.id', 'o-1'],
    ['a whole header', { header: 'Location' }, 'https://shop.example/orders/4711?new'],
    ['a group of a header', { header: 'location', match: '/orders/(\\d+)' }, '4711'],
    ['a group in slashes', { header: 'location', match: '/orders\\/(\\d+)/' }, '4711'],
    ['a match without a group', { header: 'location', match: '\\d+' }, '4711'],
    ['the line that matches', { header: 'link', match: '<(.*)>; rel=next' }, '/b'],
    ['a header that does not match', { header: 'location', match: 'carts' }, undefined],
    ['a header that is not there', { header: 'etag' }, undefined],
    ['the first match of the text', { text: '/Order no\\. <b>(\\d+)/' }, '17'],
    ['a bare pattern', { text: 'Order no\\. <b>(\\d+)' }, '17'],
    ['flags', { text: '/ORDER NO\\. <b>(\\d+)/i' }, '17'],
    ['no match', { text: '/cart (\\d+)/' }, undefined],
  ])('%s', (_what, where, text) => {
    const body = typeof where === 'string' ? { order: { id: 'o-1' } } : page;
    expect(firstText(found(where, body, headers))).toBe(text);
  });

  it('is every match with the flag g, each time', () => {
    const everywhere = extractor({ text: '/no\\. <b>(\\d+)/g' });
    const answer = reply(200, page);
    const read = answer.kind === 'complete' ? readAnswer(answer, 1000) : expect.unreachable();
    expect([everywhere(read), everywhere(read)]).toEqual([
      ['17', '18'],
      ['17', '18'],
    ]);
  });

  it.each([
    ['20 digits', '{"id":12345678901234567890}', '12345678901234567890'],
    ['a huge number', '{"id":1e400}', '1e400'],
    ['a decimal', '{"id":1.50}', '1.50'],
    ['a number', '{"id":17}', '17'],
    ['minus nothing', '{"id":-0}', '-0'],
  ])('is a number as it is written: %s', (_what, body, text) => {
    expect(firstText(found('$.id', body))).toBe(text);
  });

  it('may be several, in lists too', () => {
    expect(allTexts(found('$.seats[*].id', { seats: [{ id: 'A1' }, { id: 2 }, { id: null }] }))).toEqual(['A1', '2']);
    expect(allTexts(found('$.ids', '{"ids":["A1",1.50]}'))).toEqual(['A1', '1.50']);
  });
});

it('a long page gives the first match, or every match', () => {
  const page = `${' '.repeat(5000)}no. 17, no. 18`;
  expect(found({ text: 'no\\. (\\d+)' }, page)).toEqual(['17']);
  expect(found({ text: '/no\\. (\\d+)/g' }, page)).toEqual(['17', '18']);
  expect(found({ text: '/(\\s+)+$/g' }, page)).toEqual([]);
});

describe('units', () => {
  it.each<[string, Extractor, unknown, number | string | undefined]>([
    ['one number', '$.n', { n: 3 }, 3],
    ['several are added', '$.lines[*].n', { lines: [{ n: 1 }, { n: 2 }] }, 3],
    ['decimals exactly', '$.lines[*].n', '{"lines":[{"n":0.1},{"n":0.2}]}', '0.3'],
    ['a list of numbers', '$.n', { n: [1, 2] }, 3],
    ['a number as text', '$.n', { n: '12' }, 12],
    ['an exponent', '$.n', '{"n":1e3}', 1000],
    ['large numbers', '$.n[*]', '{"n":[9007199254740993,1]}', '9007199254740994'],
    ['a number that no history can hold', '$.n', `{"n":1${'0'.repeat(60)}}`, Number.NaN],
    ['a sum that no history can hold', '$.n[*]', `{"n":[${'9'.repeat(60)},1]}`, Number.NaN],
    ['a number that JavaScript cannot hold', '$.n', '{"n":1e400}', Number.NaN],
    ['something else', '$.n', { n: 'many' }, undefined],
    ['something else among numbers', '$.n[*]', { n: [1, 'many'] }, undefined],
    ['a group of the text', { text: 'left: (\\d+)' }, 'left: 7', 7],
    ['nothing', '$.n', {}, undefined],
  ])('%s', (_what, where, body, sum) => {
    expect(sumOf(found(where, body as string))).toBe(sum);
  });
});

describe('lists that are nested without end', () => {
  it('hold no text', () => {
    expect(firstText(found('$.id', `{"id":${'['.repeat(100_000)}1${']'.repeat(100_000)}}`))).toBeUndefined();
  });
});
