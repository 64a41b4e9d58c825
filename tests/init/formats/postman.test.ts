import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CapturedRequest } from '../../../plugin/src/init/capture.ts';
import { postman } from '../../../plugin/src/init/formats/postman/index.ts';

const BOX_OFFICE = fs.readFileSync(new URL('inputs/box-office.postman.json', import.meta.url), 'utf8');

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
/** A collection with one item. */
const collection = (request: unknown, rest: object = {}) =>
  JSON.stringify({ info: { name: 'x', schema: SCHEMA }, ...rest, item: [{ name: 'Book', request }] });
const one = async (...args: Parameters<typeof collection>): Promise<CapturedRequest | undefined> =>
  (await postman.read(collection(...args), {})).requests[0];

test('a file in a form, and a file as body, are said to be left out', async () => {
  const formdata = [
    { key: 'seat', value: 'C-14', type: 'text' },
    { key: 'id', type: 'file', src: '/home/eve/id.png' },
  ];
  const form = await one({ method: 'POST', url: 'https://x.test', body: { mode: 'formdata', formdata } });
  expect(form?.body).toEqual({ kind: 'multipart', fields: [['seat', 'C-14']], files: ['id'] });
  const file = await one({ method: 'POST', url: 'https://x.test', body: { mode: 'file', file: { src: '/x' } } });
  expect(file?.remarks).toEqual(['the file that is its body is left out']);
});

test('a parameter of the path that has no value has the name of its variable', async () => {
  const request = await one({ method: 'POST', url: 'https://x.test/events/:event/seats/:seatId' });
  expect(request?.parameters).toContainEqual({ name: 'seatId', in: 'path', value: '{{ $env.SEAT_ID }}' });
});

test.each([
  'pm.environment.set("token", pm.response.json().auth.access_token);',
  "const data = pm.response.json(); pm.collectionVariables.set('token', data.auth.access_token)",
  'postman.setEnvironmentVariable("token", JSON.parse(responseBody).auth.access_token)',
])('a script sets a variable from the answer: %s', async (exec) => {
  const item = {
    name: 'Sign in',
    request: { method: 'POST', url: 'https://x.test/login' },
    event: [{ listen: 'test', script: { exec: [exec] } }],
  };
  const text = JSON.stringify({ info: { name: 'x', schema: SCHEMA }, item: [item] });
  const [request] = (await postman.read(text, {})).requests;
  expect(request?.sets).toEqual([{ template: '{{ $env.TOKEN }}', json: '$.auth.access_token' }]);
});

describe('a collection with folders in folders', () => {
  const read = async () =>
    Object.fromEntries((await postman.read(BOX_OFFICE, {})).requests.map((one) => [one.alsoCalled?.[0], one]));

  test('has its items by their name, with their folders, and by method and path', async () => {
    const requests = (await postman.read(BOX_OFFICE, {})).requests;
    expect(requests.map(({ name, alsoCalled }) => [name, ...(alsoCalled ?? [])])).toEqual([
      ['Sign in', 'POST /api/login'],
      ['Book', 'Events/Seats/Book', 'Seats/Book', 'POST /api/events/7/orders'],
      ['Look', 'Events/Seats/Look', 'Seats/Look', 'GET /api/events/7/seats/C-14'],
      ['Book', 'Admin/Book', 'POST /api/admin/orders/{{ $env.API_ORDER_ID }}/book'],
    ]);
  });

  test('takes the closest variable, and one of the environment for what nobody knows', async () => {
    const { 'Events/Seats/Book': book } = await read();
    expect(book).toMatchObject({
      method: 'POST',
      url: 'https://staging.box-office.test/api/events/7/orders?source=web',
      headers: [
        ['Idempotency-Key', '{{ $uuid }}'],
        ['X-Tenant', '{{ $env.TENANT_ID }}'],
      ],
      parameters: [
        { name: 'eventId', in: 'path', value: '7' },
        { name: 'source', in: 'query', value: 'web' },
        { name: 'baseUrl', in: 'variable', value: 'https://staging.box-office.test/api' },
        { name: 'seat', in: 'variable', value: 'C-14' },
      ],
      body: { kind: 'json', value: { seat: 'C-14', price: '{{ $env.PRICE }}', old: '{{ $env.OLD }}' } },
      answer: { status: 201, headers: [['Content-Type', 'application/json']], body: '{"orderId":"o-1"}' },
    });
  });

  test('inherits how to sign in, unless an item says otherwise', async () => {
    const { 'Events/Seats/Book': book, 'Admin/Book': admin, 'POST /api/login': login } = await read();
    expect(book?.auth).toEqual({ scheme: 'bearer', token: '{{ $env.ACCESS_TOKEN }}' });
    expect(admin?.auth).toEqual({ scheme: 'basic', username: 'admin', password: 'hunter22' });
    expect(login?.auth).toBeUndefined();
    expect(login?.body).toEqual({
      kind: 'form',
      fields: [
        ['user', '{{ $env.API_USER }}'],
        ['password', '{{ $env.PASSWORD }}'],
      ],
    });
  });

  test('hands secrets over beside the requests, never in them', async () => {
    const { secrets, requests } = await postman.read(BOX_OFFICE, {});
    expect(secrets).toEqual({ ACCESS_TOKEN: 'tok-5f81-very-secret' });
    expect(JSON.stringify(requests)).not.toContain('very-secret');
  });
});

describe('URLs', () => {
  test.each([
    ['a text', 'https://api.test/seats/:seatId?x=a b', 'https://api.test/seats/{{ $env.SEAT_ID }}?x=a%20b'],
    [
      'only the whole',
      { raw: 'https://api.test:8443/a/:id', variable: [{ key: 'id', value: '7' }] },
      'https://api.test:8443/a/7',
    ],
    ['no scheme', 'localhost:3000/orders', 'http://localhost:3000/orders'],
    ['an unknown base', '{{base-url}}/orders', '{{ $env.BASE_URL }}/orders'],
    [
      'parts',
      { protocol: 'https', host: ['api', 'test'], port: '8443', path: ['a', 'b'], query: [{ key: 'c', value: 'd' }] },
      'https://api.test:8443/a/b?c=d',
    ],
  ])('%s', async (_, url, expected) => {
    expect((await one({ method: 'POST', url }))?.url).toBe(expected);
  });
});

describe('bodies', () => {
  const bodyOf = async (body: unknown, header: unknown[] = []) =>
    (await one({ method: 'POST', url: 'https://api.test/a', header, body }))?.body;

  test.each([
    [
      'JSON by its language',
      { mode: 'raw', raw: '{"a":1}', options: { raw: { language: 'json' } } },
      { kind: 'json', value: { a: 1 } },
    ],
    ['JSON by its looks', { mode: 'raw', raw: '{"a":1}' }, { kind: 'json', value: { a: 1 } }],
    [
      'text',
      { mode: 'raw', raw: 'a=1', options: { raw: { language: 'text' } } },
      { kind: 'text', text: 'a=1', type: 'text/plain' },
    ],
    [
      'a form, without what is switched off',
      {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'a', value: '{{b}}' },
          { key: 'c', value: 'd', disabled: true },
        ],
      },
      { kind: 'form', fields: [['a', '{{ $env.B }}']] },
    ],
    [
      'several parts, without files',
      {
        mode: 'formdata',
        formdata: [
          { key: 'a', value: 'b', type: 'text' },
          { key: 'f', type: 'file', src: '/tmp/x' },
        ],
      },
      { kind: 'multipart', fields: [['a', 'b']] },
    ],
    [
      'GraphQL',
      {
        mode: 'graphql',
        graphql: { query: 'mutation ($s: ID!) { book(seat: $s) { id } }', variables: '{"s": "C-14", "n": {{n}}}' },
      },
      {
        kind: 'json',
        value: { query: 'mutation ($s: ID!) { book(seat: $s) { id } }', variables: { s: 'C-14', n: '{{ $env.N }}' } },
      },
    ],
    ['a file', { mode: 'file', file: { src: '/tmp/order.json' } }, undefined],
    ['one that is switched off', { mode: 'raw', raw: '{"a":1}', disabled: true }, undefined],
  ])('%s', async (_, body, expected) => {
    const found = await bodyOf(body);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  test('a header says what a raw body is', async () => {
    const header = [{ key: 'Content-Type', value: 'application/x-www-form-urlencoded' }];
    expect(await bodyOf({ mode: 'raw', raw: 'seat=C-14' }, header)).toEqual({
      kind: 'form',
      fields: [['seat', 'C-14']],
    });
  });
});

describe('who signs in', () => {
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) => ({ key, value }));
  test.each([
    [
      { type: 'apikey', apikey: pairs({ key: 'X-Key', value: '{{k}}' }) },
      { scheme: 'api-key', in: 'header', name: 'X-Key', value: '{{ $env.K }}' },
    ],
    [
      { type: 'apikey', apikey: pairs({ key: 'k', value: 'v', in: 'query' }) },
      { scheme: 'api-key', in: 'query', name: 'k', value: 'v' },
    ],
    [{ type: 'bearer', bearer: pairs({ token: '' }) }, { scheme: 'bearer' }],
    [
      { type: 'oauth2', oauth2: pairs({ accessToken: 't' }) },
      { scheme: 'bearer', token: 't' },
    ],
    [
      {
        type: 'oauth2',
        oauth2: pairs({ grant_type: 'client_credentials', accessTokenUrl: 'https://id.test/t', clientId: 'c' }),
      },
      { scheme: 'oauth2-client', tokenUrl: 'https://id.test/t', clientId: 'c' },
    ],
    [
      { type: 'oauth2', oauth2: pairs({ grant_type: 'password_credentials', accessTokenUrl: 'https://id.test/t' }) },
      { scheme: 'oauth2-password', tokenUrl: 'https://id.test/t' },
    ],
    [{ type: 'noauth' }, undefined],
    [null, undefined],
  ])('%j', async (auth, expected) => {
    expect((await one('https://api.test/a', { auth }))?.auth).toEqual(expected);
  });
});

describe('what is no collection 2.1', () => {
  test.each([
    ['version 1', { id: 'a', order: [], requests: [] }, /version 1; export it as "Collection v2.1"/],
    ['version 2.0', { info: { schema: SCHEMA.replace('v2.1.0', 'v2.0.0') }, item: [] }, /version 2\.0; export/],
    ['an environment', { values: [], _postman_variable_scope: 'environment' }, /an environment; give the collection/],
    ['no items', { info: { schema: SCHEMA }, item: [] }, /has no requests/],
  ])('%s', async (_, value, message) => {
    const text = JSON.stringify(value);
    expect(postman.recognises(text)).toBe(true);
    await expect(postman.read(text, {})).rejects.toThrow(message);
  });

  test('reads what the API of Postman wraps', async () => {
    const { requests } = await postman.read(`{"collection": ${collection('https://api.test/a')}}`, {});
    expect(requests).toMatchObject([{ name: 'Book', method: 'GET', url: 'https://api.test/a' }]);
  });
});

test('comments in JSON are not sent', async () => {
  const raw = '{\n  "seat": 11, // "this" one\n  /* see\n https://x.test */ "url": "http://a//b"\n}';
  const request = await one({ method: 'POST', url: 'https://x.test/r', body: { mode: 'raw', raw } });
  expect(request?.body).toMatchObject({ kind: 'json', value: { seat: 11, url: 'http://a//b' } });
});

test('a variable with a value is known by its name, and one without is not', async () => {
  const body = { mode: 'raw', raw: '{"seat": {{seatId}}, "guest": "{{guest}}"}' };
  const request = await one(
    { method: 'POST', url: 'https://x.test/r', body },
    { variable: [{ key: 'seatId', value: '11' }] },
  );
  expect(request?.parameters).toEqual([{ name: 'seatId', in: 'variable', value: '11' }]);
});
