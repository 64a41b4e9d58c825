import { expect, it } from 'vitest';
import { outcomeReader, type WireReply } from '../../plugin/src/recording/index.ts';
import { byStatus, reply } from './replies.ts';

const messageOf = (wireReply: WireReply, path = '$.message') =>
  (outcomeReader({ ...byStatus, message: path })(wireReply, { headers: {} }) as { message?: string }).message;

it.each<[string, unknown, string | undefined]>([
  ['the text at the path', { message: 'taken' }, 'taken'],
  [
    'a list at the path',
    { message: ['seat must be an integer', 'seat is required'] },
    'seat must be an integer; seat is required',
  ],
  [
    'a summary, and the errors beside it',
    { message: 'Invalid', errors: [{ field: 'seat', message: 'not a number' }] },
    'Invalid; not a number',
  ],
  [
    'errors by the name of the field',
    { errors: { seat: ['is taken', 'is old'], row: 'is gone' } },
    'seat: is taken, is old; row: is gone',
  ],
  ['nested errors', { error: { code: 7, message: 'sold out' } }, 'sold out'],
  ['errors of a GraphQL API', { errors: [{ message: 'no such seat', locations: [] }], data: null }, 'no such seat'],
  ['the detail of a problem', { title: 'Conflict', status: 409, detail: 'Seat 7 is taken' }, 'Seat 7 is taken'],
  ['the title of a problem without a detail', { title: 'Conflict', status: 409 }, 'Conflict'],
  ['what a framework says where the message is empty', { status: 409, error: 'Conflict', message: '' }, 'Conflict'],
  ['a list of errors', ['gone', 'sold'], 'gone; sold'],
  ['JSON that is usual for no error', { state: 'SOLD', price: 1 }, '{"state":"SOLD","price":1}'],
  ['a text in JSON', '"gone"', 'gone'],
  ['a number as it is written', '{"message":1.50}', '1.50'],
  ['a field that holds a secret', { errors: { password: 'hunter2 is wrong', seat: 'is taken' } }, 'seat: is taken'],
  ['an empty object', {}, undefined],
  ['nothing', '', undefined],
  [
    'the first line of a text',
    '\n  FATAL: sorry, too many clients already\r\nCONTEXT: pool',
    'FATAL: sorry, too many clients already',
  ],
  [
    'the title of a page',
    '<!doctype html><html><head><title lang="en">Sold\n out &amp; gone</title></head><body>x',
    'Sold out & gone',
  ],
  [
    'the first words of a page without a title',
    '<html><style>p{}</style><script>1<2</script><p>You did not <b>select</b> any products.</p>',
    'You did not select any products.',
  ],
  ['the words of XML', '<?xml version="1.0"?><fault><text>no such seat</text></fault>', 'no such seat'],
  ['nothing that a terminal obeys', { message: 'a\u001b[31mb\u2028::error::' }, 'a [31mb ::error::'],
])('a message is %s', (_what, body, message) => {
  expect(messageOf(reply(409, body))).toBe(message);
});

it('a message is what the path selects, although there is something usual', () => {
  const body = { message: 'usual', why: [{ text: 'one' }, { text: 'two' }] };
  expect(messageOf(reply(409, body), '$.why[*].text')).toBe('one; two');
  expect(messageOf(reply(409, body), '$.nothing')).toBe('usual');
});

it('a message of an answer that was cut off is its beginning', () => {
  const lost = { kind: 'partial', headers: {}, failure: 'reset', error: 'aborted' } as const;
  expect(messageOf({ ...lost, status: 409, body: Buffer.from('{"message":"tak') })).toBe('{"message":"tak');
});

it('a message of a page that is hard to search comes at once', () => {
  for (const hard of ['<title'.repeat(200_000), '<script>'.repeat(200_000), '<'.repeat(1_000_000)]) {
    const before = performance.now();
    messageOf(reply(409, `<html>${hard}`));
    // Seconds where a search goes back and forth through the whole text.
    expect(performance.now() - before).toBeLessThan(1000);
  }
});
