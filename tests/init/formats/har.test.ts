import { describe, expect, test } from 'vitest';
import { har } from '../../../plugin/src/init/formats/har.ts';

interface Shape {
  readonly request: Readonly<Record<string, unknown>>;
  readonly response?: unknown;
  readonly startedDateTime?: string;
}

/** As browsers save it: with much beside what is of use. */
const archive = (...entries: readonly Shape[]) =>
  JSON.stringify({
    log: {
      version: '1.2',
      creator: { name: 'WebInspector', version: '537.36' },
      pages: [],
      entries: entries.map(({ request, ...entry }, index) => ({
        _initiator: { type: 'script' },
        startedDateTime: `2026-05-04T10:00:0${index}.500Z`,
        time: 12,
        timings: {},
        cache: {},
        ...entry,
        request: {
          httpVersion: 'http/2.0',
          queryString: [],
          headersSize: -1,
          bodySize: 10,
          cookies: [],
          headers: [],
          ...request,
        },
      })),
    },
  });

const read = async (...entries: readonly Shape[]) => (await har.read(archive(...entries), {})).requests;

const ORDER = {
  method: 'POST',
  url: 'https://shop.test/api/orders?lang=en',
  headers: [
    { name: ':authority', value: 'shop.test' },
    { name: ':method', value: 'POST' },
    { name: 'content-type', value: 'application/json' },
  ],
  postData: { mimeType: 'application/json', text: '{"seat":"C-14","price":12345678901234567890}' },
};

describe('a recording of a page', () => {
  test('keeps the order, and how much later each request was sent', async () => {
    const requests = await read(
      { request: { method: 'get', url: 'https://shop.test/' } },
      { request: ORDER },
      { request: { method: 'GET', url: 'https://shop.test/api/orders/7' } },
    );
    expect(requests.map(({ name, atMs }) => [name, atMs])).toEqual([
      ['GET /', 0],
      ['POST /api/orders', 1000],
      ['GET /api/orders/7', 2000],
    ]);
  });

  test('has no pseudo headers of HTTP/2, and exact numbers', async () => {
    const [order] = await read({ request: ORDER });
    expect(order).toMatchObject({
      method: 'POST',
      url: 'https://shop.test/api/orders?lang=en',
      headers: [['content-type', 'application/json']],
      body: { kind: 'json', value: { seat: 'C-14', price: '12345678901234567890' }, text: ORDER.postData.text },
    });
  });

  test('leaves out what the page did not load over HTTP', async () => {
    const requests = await read(
      { request: { method: 'GET', url: 'data:image/png;base64,AAAA' } },
      { request: { method: 'GET', url: 'blob:https://shop.test/1' } },
      { request: { method: 'GET', url: 'chrome-extension://abc/inject.js' } },
      { request: { method: 'GET', url: 'wss://shop.test/live' } },
      { request: ORDER },
    );
    expect(requests.map(({ name }) => name)).toEqual(['POST /api/orders']);
  });

  test('makes a header of cookies that only the list has', async () => {
    const cookies = [
      { name: 'sid', value: 'abc' },
      { name: 'theme', value: 'dark' },
    ];
    const [order] = await read({ request: { ...ORDER, headers: [], cookies } });
    expect(order?.headers).toEqual([['Cookie', 'sid=abc; theme=dark']]);
  });

  test('takes a user and password out of the URL', async () => {
    const [order] = await read({ request: { ...ORDER, url: 'https://eve:p%40ss@shop.test/orders' } });
    expect(order).toMatchObject({
      url: 'https://shop.test/orders',
      auth: { scheme: 'basic', username: 'eve', password: 'p@ss' },
    });
  });
});

describe('bodies', () => {
  const bodyOf = async (postData: unknown) => (await read({ request: { ...ORDER, headers: [], postData } }))[0]?.body;

  test('of a form have its fields, from the text or from the list of parameters', async () => {
    const mimeType = 'application/x-www-form-urlencoded';
    const fields = [
      ['seat', 'C 14'],
      ['event', '7'],
    ];
    expect(await bodyOf({ mimeType, text: 'seat=C+14&event=7' })).toEqual({ kind: 'form', fields });
    const params = [
      { name: 'seat', value: 'C%2014' },
      { name: 'event', value: '7' },
    ];
    expect(await bodyOf({ mimeType, params })).toEqual({ kind: 'form', fields });
  });

  test('of several parts have fields, with the text and without it, and name the files', async () => {
    const mimeType = 'multipart/form-data; boundary=----WebKitFormBoundaryX';
    const text = [
      '------WebKitFormBoundaryX',
      'Content-Disposition: form-data; name="seat"',
      '',
      'C-14',
      '------WebKitFormBoundaryX',
      'Content-Disposition: form-data; name="photo"; filename="me.png"',
      'Content-Type: image/png',
      '',
      'PNG',
      '------WebKitFormBoundaryX--',
      '',
    ].join('\r\n');
    const expected = { kind: 'multipart', fields: [['seat', 'C-14']], files: ['photo'] };
    expect(await bodyOf({ mimeType, text })).toEqual(expected);
    expect(
      await bodyOf({
        mimeType,
        params: [
          { name: 'seat', value: 'C-14' },
          { name: 'photo', fileName: 'me.png' },
        ],
      }),
    ).toEqual(expected);
  });

  test('in Base64 are decoded', async () => {
    const text = Buffer.from('{"seat":"Ä-1"}').toString('base64');
    expect(await bodyOf({ mimeType: 'application/json', text, encoding: 'base64' })).toMatchObject({
      value: { seat: 'Ä-1' },
    });
  });

  test('that break their own type are text', async () => {
    expect(await bodyOf({ mimeType: 'application/json', text: '{"seat":' })).toEqual({
      kind: 'text',
      text: '{"seat":',
      type: 'application/json',
    });
  });
});

describe('answers', () => {
  const answerOf = async (response: unknown) => (await read({ request: ORDER, response }))[0]?.answer;

  test('in Base64 are decoded, and pictures left out', async () => {
    const text = Buffer.from('{"id":"o-1"}').toString('base64');
    const headers = [{ name: 'Location', value: '/orders/1' }];
    expect(
      await answerOf({ status: 201, headers, content: { mimeType: 'application/json', text, encoding: 'base64' } }),
    ).toEqual({ status: 201, headers: [['Location', '/orders/1']], body: '{"id":"o-1"}' });
    expect(await answerOf({ status: 200, headers: [], content: { mimeType: 'image/png', text } })).toEqual({
      status: 200,
      headers: [],
    });
  });

  test('of a blocked request are absent', async () => {
    expect(await answerOf({ status: 0, headers: [], content: {} })).toBeUndefined();
    expect(await answerOf(undefined)).toBeUndefined();
  });
});

describe('what is no HAR', () => {
  test.each([
    ['broken JSON', '{"log": {"entries": [,]}}', /this HAR is no JSON/],
    ['no entries', '{"log": {"entries": []}}', /log\.entries: .*no requests/],
    [
      'an entry without a URL',
      '{"log": {"entries": [{"request": {"method": "GET"}}]}}',
      /log\.entries\.0\.request\.url/,
    ],
    ['a list of entries elsewhere', '{"log": 1, "entries": []}', /^log: /],
  ])('says where it breaks: %s', async (_, text, message) => {
    expect(har.recognises(text)).toBe(true);
    await expect(har.read(text, {})).rejects.toThrow(message);
  });

  test('never quotes the text, which may hold a secret', async () => {
    const text = '{"log": {"entries": [{"token": "hunter22-very-secret" oops}]}}';
    const failed: unknown = await har.read(text, {}).catch((error: unknown) => error);
    expect(String(failed)).toMatch(/HAR is no JSON/);
    expect(String(failed)).not.toContain('hunter22');
  });
});
