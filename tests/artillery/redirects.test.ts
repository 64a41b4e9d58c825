import { expect, it } from 'vitest';
import type { RequestParams } from '../../plugin/src/artillery/shared/artillery.ts';
import { limitRedirects } from '../../plugin/src/artillery/worker/redirects.ts';
import type { Reply } from '../../plugin/src/gate/index.ts';
import { completeReply } from '../support/complete-reply.ts';

type Asked = (response: { statusCode: number; headers: { location?: string } }) => boolean;

/** Whether the HTTP client follows each of these answers, in turn, and what the request says about it then. */
function follow(
  request: RequestParams,
  ...answers: readonly (readonly [status: number, location?: string | undefined])[]
) {
  const passing = limitRedirects(request);
  return answers.map(([status, location]) => {
    const headers = location === undefined ? {} : { location };
    passing({ ...(completeReply(status) as Reply & { kind: 'complete' }), headers });
    const asked = request.followRedirect;
    return typeof asked === 'function' ? (asked as Asked)({ statusCode: status, headers }) : asked;
  });
}

it.each([301, 302, 303])('after %i, a raced request is followed to the page', (status) => {
  const request: RequestParams = {};
  expect(follow(request, [status, '/thanks'], [200])).toEqual([true, false]);
});

it.each<[number, string?]>([
  [307, '/orders'],
  [308, '/orders'],
  [300, '/list'],
  [304],
  [302],
  [302, 'javascript:alert(1)'],
  [302, 'http://['],
])('after %i to %s it is not, and Artillery does not wait for what follows', (status, location) => {
  expect(follow({}, [status, location])).toEqual([false]);
});

it('a page behind the first redirect is followed as Artillery follows it', () => {
  expect(follow({}, [302, '/a'], [307, '/b'], [200])).toEqual([true, true, false]);
});

it('nothing is followed where the request says so', () => {
  expect(follow({ followRedirect: false }, [302, '/thanks'])).toEqual([false]);
});
