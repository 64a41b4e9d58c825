import { expect, test } from 'vitest';
import type { CapturedAuth } from '../../plugin/src/init/capture.ts';
import { draftOf } from '../../plugin/src/init/draft.ts';

const KEY: CapturedAuth = { scheme: 'api-key', in: 'cookie', name: 'key', value: 'k' };

test('cookies of several headers are one header, and that of the sign-in is among them', () => {
  const headers = [
    ['Cookie', 'sid=1;'],
    ['x-tenant', 't'],
    ['cookie', 'theme=dark'],
  ] as const;
  const request = { name: 'book', method: 'POST', url: 'https://shop.example/orders', headers };
  expect(draftOf(request).headers).toEqual([
    ['x-tenant', 't'],
    ['cookie', 'sid=1; theme=dark'],
  ]);
  expect(draftOf({ ...request, auth: KEY }).headers).toEqual([
    ['x-tenant', 't'],
    ['cookie', 'sid=1; theme=dark; key=k'],
  ]);
});
