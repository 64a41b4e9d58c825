import { describe, expect, test } from 'vitest';
import type { Capture, CapturedRequest } from '../../plugin/src/init/capture.ts';
import { draftOf } from '../../plugin/src/init/draft.ts';
import { recordedReadBack } from '../../plugin/src/init/recorded/read-back.ts';
import { recordedSignIn, signedInAsRecorded } from '../../plugin/src/init/recorded/sign-in.ts';
import { recordedStatusPage } from '../../plugin/src/init/recorded/status-page.ts';

interface Rest {
  readonly headers?: CapturedRequest['headers'];
  readonly json?: unknown;
  readonly status?: number;
  readonly answer?: unknown;
  readonly answerHeaders?: CapturedRequest['headers'];
}

function sent(
  line: string,
  { headers = [], json, status = 200, answer, answerHeaders = [] }: Rest = {},
): CapturedRequest {
  const [method = '', path = ''] = line.split(' ');
  return {
    name: line,
    method,
    url: `https://shop.test${path}`,
    headers,
    ...(json !== undefined && { body: { kind: 'json', value: json, text: JSON.stringify(json) } }),
    answer: { status, headers: answerHeaders, ...(answer !== undefined && { body: JSON.stringify(answer) }) },
  };
}

const har = (...requests: CapturedRequest[]): Capture => ({ format: 'har', requests });

describe('the sign-in before the booking', () => {
  const login = { user: 'eve', password: 'hunter22' };

  test('gives the token that the booking sends', () => {
    const booking = sent('POST /orders', { headers: [['Authorization', 'Bearer tok-12345']], json: { seat: 'C-14' } });
    const signIn = sent('POST /session', { json: login, answer: { user: { id: 1 }, auth: { token: 'tok-12345' } } });
    const recorded = recordedSignIn(har(sent('GET /'), signIn, sent('POST /track'), booking), booking);
    expect(recorded).toEqual({ request: signIn, token: { path: '$.auth.token', value: 'tok-12345' } });
    if (recorded === undefined) return;
    const users = { login: { user: '{{ user.name }}', pass: '{{ user.password }}' }, variables: {} };
    const { request, before } = signedInAsRecorded(draftOf(booking), recorded, users);
    expect(request.headers).toEqual([['Authorization', 'Bearer {{ token }}']]);
    expect(before).toMatchObject([
      {
        capture: { json: '$.auth.token', as: 'token' },
        request: { body: { value: { user: '{{ user.name }}', password: '{{ user.password }}' } } },
      },
    ]);
  });

  test('gives the variable that a script sets, which the booking sends', () => {
    const template = '{{ $env.TOKEN }}';
    const booking: CapturedRequest = { ...sent('POST /orders'), auth: { scheme: 'bearer', token: template } };
    const signIn = { ...sent('POST /session', { json: login }), sets: [{ template, json: '$.access_token' }] };
    const recorded = recordedSignIn(har(signIn, booking), booking);
    expect(recorded?.token).toEqual({ path: '$.access_token', value: template });
    if (recorded === undefined) return;
    const { request, before } = signedInAsRecorded(draftOf(booking), recorded, undefined);
    expect(request.headers).toEqual([['authorization', 'Bearer {{ token }}']]);
    expect(before).toMatchObject([{ capture: { json: '$.access_token', as: 'token' } }]);
  });

  test('sets the cookie that the booking sends', () => {
    const booking = sent('POST /orders', { headers: [['cookie', 'theme=dark; sid=abc']] });
    const signIn = sent('POST /login', { json: login, answerHeaders: [['Set-Cookie', 'sid=abc; HttpOnly']] });
    const recorded = recordedSignIn(har(signIn, booking), booking);
    expect(recorded).toEqual({ request: signIn });
    if (recorded !== undefined)
      expect(signedInAsRecorded(draftOf(booking), recorded, undefined).request.headers).toEqual([]);
  });

  test.each([
    ['a token that the booking does not send', sent('POST /login', { json: login, answer: { token: 'other-12345' } })],
    ['a value that is sent, and no token', sent('POST /settings', { answer: { greeting: 'tok-12345' } })],
  ])('is not %s', (_, other) => {
    const booking = sent('POST /orders', { headers: [['authorization', 'Bearer tok-12345']] });
    expect(recordedSignIn(har(other, booking), booking)).toBeUndefined();
  });
});

describe('a page that was asked after a 202', () => {
  const pending = { status: 'pending' };
  const confirmed = { status: 'confirmed' };

  test('in a header', () => {
    const booking = sent('POST /orders', { status: 202, answerHeaders: [['Location', '/jobs/9']] });
    const polls = [
      sent('GET /jobs/9', { answer: pending }),
      sent('GET /seats'),
      sent('GET /jobs/9', { answer: confirmed }),
    ];
    expect(recordedStatusPage(har(booking, ...polls), booking)).toEqual({
      capture: { header: 'location', as: 'statusPage' },
      url: '{{ statusPage }}',
      success: { body: { '$.status': 'confirmed' } },
    });
  });

  test('in the body, as a URL or as an id', () => {
    const polls = [sent('GET /jobs/9', { answer: pending }), sent('GET /jobs/9', { answer: confirmed })];
    const byUrl = sent('POST /orders', { status: 202, answer: { links: { self: 'https://shop.test/jobs/9' } } });
    expect(recordedStatusPage(har(byUrl, ...polls), byUrl)).toMatchObject({ capture: { json: '$.links.self' } });
    const id = sent('POST /orders', { status: 202, answer: { jobId: 'j-9' } });
    const byId = [sent('GET /jobs/j-9', { status: 404 }), sent('GET /jobs/j-9', { answer: {} })];
    expect(recordedStatusPage(har(id, ...byId), id)).toEqual({
      capture: { json: '$.jobId', as: 'orderId' },
      url: '/jobs/{{ orderId }}',
      success: { status: [200] },
    });
  });

  test('says no where a recorded booking was refused, and never takes that for a yes', () => {
    const asked = (id: string, state: string) => [
      sent('POST /orders', { status: 202, answer: { jobId: id } }),
      sent(`GET /jobs/${id}`, { answer: pending }),
      sent(`GET /jobs/${id}`, { answer: { status: state } }),
    ];
    const [refused, granted] = [asked('j-1', 'REJECTED'), asked('j-2', 'confirmed')];
    const [booking] = refused;
    if (booking === undefined) throw new Error('no booking');
    expect(recordedStatusPage(har(...refused), booking)).toBeUndefined();
    expect(recordedStatusPage(har(...refused, ...granted), booking)).toMatchObject({
      success: { body: { '$.status': 'confirmed' } },
      refusal: { body: { '$.status': 'REJECTED' } },
    });
  });

  test('says nothing where its last answer is still open, or the booking was no 202', () => {
    const booking = sent('POST /orders', { status: 202, answerHeaders: [['Location', '/jobs/9']] });
    expect(recordedStatusPage(har(booking, sent('GET /jobs/9', { answer: pending })), booking)).toBeUndefined();
    const done = sent('POST /orders', { status: 201, answerHeaders: [['Location', '/orders/9']] });
    expect(recordedStatusPage(har(done, sent('GET /orders/9', { answer: confirmed })), done)).toBeUndefined();
  });
});

describe('a page that shows the seat', () => {
  const booking = sent('POST /orders', { json: { seat: 'C 14' }, status: 201, answer: { orderId: 'o-77' } });

  test('before and after the booking: what changed says that it is taken', () => {
    const page = (state: string, at: string) =>
      sent('GET /seats/C%2014?full=1', { answer: { seat: { state, checkedAt: at, price: 3 } } });
    expect(recordedReadBack(har(page('FREE', '1'), booking, page('SOLD', '2')), booking, 'C 14')).toEqual({
      get: '/seats/{key}?full=1',
      taken: { body: { '$.seat.state': 'SOLD' } },
    });
  });

  test('after the booking, with its order', () => {
    const page = sent('GET /seats/C%2014/orders', { answer: { orders: [{ id: 'o-77' }] } });
    expect(recordedReadBack(har(booking, page), booking, 'C 14')).toEqual({
      get: '/seats/{key}/orders',
      orderIds: '$.orders[*].id',
    });
  });

  test('as an entry of a list', () => {
    const list = (state: string) =>
      sent('GET /events/7/seats', {
        answer: {
          seats: [
            { id: 'A', state: 'FREE' },
            { id: 'C 14', state },
          ],
        },
      });
    expect(recordedReadBack(har(list('FREE'), booking, list('SOLD')), booking, 'C 14')).toEqual({
      get: '/events/7/seats',
      each: "$.seats[?@.id == '{key}']",
      taken: { body: { '$.state': 'SOLD' } },
    });
  });

  test('is nothing where no answer shows a difference, or the page belongs to another host', () => {
    const page = sent('GET /seats/C%2014', { answer: { row: 3 } });
    expect(recordedReadBack(har(page, booking, page), booking, 'C 14')).toBeUndefined();
    const other = { ...sent('GET /', { answer: { id: 'o-77' } }), url: 'https://ads.test/seats/C%2014' };
    expect(recordedReadBack(har(booking, other), booking, 'C 14')).toBeUndefined();
  });
});
