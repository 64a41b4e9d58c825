import type { IncomingHttpHeaders } from 'node:http2';
import { expect, it } from 'vitest';
import { replyHead } from '../../plugin/src/gate/http2-message.ts';

it('the head of an answer has each line of a header by itself, as HTTP/1.1 gives it', () => {
  const raw = [':status', '201', 'x-seat', 'A', 'x-seat', 'B', 'set-cookie', 'a=1'];
  const named: IncomingHttpHeaders = { 'x-seat': 'A, B', 'set-cookie': ['a=1'] };
  expect(replyHead(Object.assign(named, { ':status': 201 }), raw)).toEqual({
    statusCode: 201,
    headers: { 'x-seat': 'A, B', 'set-cookie': ['a=1'] },
    rawHeaders: ['x-seat', 'A', 'x-seat', 'B', 'set-cookie', 'a=1'],
  });
});
