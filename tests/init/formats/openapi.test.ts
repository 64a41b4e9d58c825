import { describe, expect, test } from 'vitest';
import { readCapture } from '../../../plugin/src/init/formats/index.ts';
import { openapi } from '../../../plugin/src/init/formats/openapi/index.ts';

const read = async (document: string, choice = {}) => (await openapi.read(document, choice)).requests;

/** A document as people write it, with references through several levels, and schemas that contain themselves. */
const BOX_OFFICE = `
openapi: 3.0.3
info: { title: Box office, version: '1' }
servers:
  - url: https://{stage}.box-office.test/{version}/
    variables:
      stage: { default: staging, enum: [staging, live] }
      version: { default: v2 }
security: [{ key: [] }]
paths:
  /events/{eventId}/orders:
    parameters: [{ $ref: '#/components/parameters/Event' }]
    post:
      operationId: placeOrder
      parameters:
        - { name: Idempotency-Key, in: header, required: true, schema: { type: string, example: k-1 } }
        - { name: Authorization, in: header, required: true, schema: { type: string } }
        - { name: notify, in: query, schema: { type: string } }
        - { name: channel, in: query, schema: { type: string, default: web } }
      requestBody: { $ref: '#/components/requestBodies/Order' }
      responses:
        '409': { description: taken }
        '201': { $ref: '#/components/responses/Placed' }
  /events/{eventId}/seats/{seatId}:
    get:
      security: []
      parameters:
        - { $ref: '#/components/parameters/Event' }
        - { name: seatId, in: path, required: true, examples: { free: { $ref: '#/components/examples/Seat' } } }
      responses: { '200': { description: ok } }
components:
  parameters:
    Event: { name: eventId, in: path, required: true, schema: { type: integer }, example: 7 }
  examples: { Seat: { value: C 14 } }
  requestBodies:
    Order: { content: { application/json: { schema: { $ref: '#/components/schemas/NewOrder' } } } }
  responses:
    Placed: { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
  schemas:
    NewOrder:
      allOf:
        - type: object
          required: [seat, buyer]
          properties:
            id: { type: string, readOnly: true }
            seat: { oneOf: [{ $ref: '#/components/schemas/SeatRef' }, { type: integer }] }
            buyer: { $ref: '#/components/schemas/Person' }
            voucher: { type: string }
            quantity: { type: integer, default: 1 }
    SeatRef: { type: object, properties: { ref: { type: string, example: C-14 } } }
    Person: { type: object, properties: { name: { type: string, example: Eve }, guardian: { $ref: '#/components/schemas/Person' } } }
    Order: { type: object, properties: { id: { type: string, readOnly: true, example: o-1 } } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Api-Key } }
`;

describe('a document with references', () => {
  test('becomes requests with example values', async () => {
    const [order, seat] = await read(BOX_OFFICE);
    expect(order).toEqual({
      name: 'placeOrder',
      alsoCalled: ['POST /events/{eventId}/orders', 'POST:/events/{eventId}/orders'],
      method: 'POST',
      url: 'https://staging.box-office.test/v2/events/7/orders?channel=web',
      headers: [
        ['Content-Type', 'application/json'],
        ['Idempotency-Key', 'k-1'],
      ],
      parameters: [
        { name: 'eventId', in: 'path', value: '7' },
        { name: 'Idempotency-Key', in: 'header', value: 'k-1' },
        { name: 'channel', in: 'query', value: 'web' },
      ],
      // Nothing that the server fills in, and no optional text that nobody gave an example for.
      body: {
        kind: 'json',
        value: { seat: { ref: 'C-14' }, buyer: { name: 'Eve', guardian: {} }, quantity: 1 },
        text: '{"seat":{"ref":"C-14"},"buyer":{"name":"Eve","guardian":{}},"quantity":1}',
      },
      auth: { scheme: 'api-key', in: 'header', name: 'X-Api-Key' },
      answer: { status: 201, headers: [['content-type', 'application/json']], body: '{"id":"o-1"}' },
    });
    expect(seat).toMatchObject({ name: 'GET /events/{eventId}/seats/{seatId}' });
    expect(seat?.url).toBe('https://staging.box-office.test/v2/events/7/seats/C%2014');
    expect(seat?.auth).toBeUndefined();
  });

  test('is the same in JSON', async () => {
    const { parse } = await import('yaml');
    const json = JSON.stringify(parse(BOX_OFFICE));
    expect(openapi.recognises(json)).toBe(true);
    expect(await read(json)).toEqual(await read(BOX_OFFICE));
  });
});

/** A document with one operation. */
const document = (operation: object, rest: object = {}, version = '3.1.0') =>
  JSON.stringify({
    openapi: version,
    info: { title: 'x', version: '1' },
    servers: [{ url: 'https://api.test' }],
    ...rest,
    paths: { '/seats/{id}/book': { post: operation } },
  });
const one = async (...args: Parameters<typeof document>) => (await read(document(...args)))[0];

describe('the server', () => {
  test.each([
    ['a relative one', [{ url: '/v1' }], '{{ $env.TARGET }}/v1/seats/{id}/book'],
    ['no server at all', undefined, '{{ $env.TARGET }}/seats/{id}/book'],
    [
      'a variable without a default',
      [{ url: 'https://{hostName}/v1' }],
      'https://{{ $env.HOST_NAME }}/v1/seats/{id}/book',
    ],
    ['the one of the scheme', [{ url: '//api.test' }], 'https://api.test/seats/{id}/book'],
  ])('%s', async (_, servers, url) => {
    expect((await one({}, { servers }))?.url).toBe(url);
  });

  test('the one of the operation counts before that of the document', async () => {
    expect((await one({ servers: [{ url: 'https://other.test' }] }))?.url).toBe('https://other.test/seats/{id}/book');
  });
});

describe('OpenAPI 3.1', () => {
  test('has lists of types and of examples, and words beside a $ref', async () => {
    const schema = {
      type: 'object',
      properties: {
        seat: { type: ['string', 'null'], examples: ['C-14'] },
        row: { $ref: '#/components/schemas/Row', description: 'beside' },
        kind: { const: 'stall' },
      },
    };
    const request = await one(
      { requestBody: { content: { 'application/json': { schema } } } },
      { components: { schemas: { Row: { type: 'integer', minimum: 3 } } } },
    );
    expect(request?.body).toMatchObject({ value: { seat: 'C-14', row: 3, kind: 'stall' } });
  });
});

describe('who signs in', () => {
  test.each([
    [
      'a key in a header',
      { type: 'apiKey', in: 'header', name: 'X-Key' },
      { scheme: 'api-key', in: 'header', name: 'X-Key' },
    ],
    [
      'a key in the query',
      { type: 'apiKey', in: 'query', name: 'key' },
      { scheme: 'api-key', in: 'query', name: 'key' },
    ],
    ['a cookie', { type: 'apiKey', in: 'cookie', name: 'sid' }, { scheme: 'api-key', in: 'cookie', name: 'sid' }],
    ['HTTP Basic', { type: 'http', scheme: 'Basic' }, { scheme: 'basic' }],
    ['a bearer token', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, { scheme: 'bearer' }],
    [
      'OAuth2 with a password',
      { type: 'oauth2', flows: { implicit: {}, password: { tokenUrl: '/oauth/token', scopes: {} } } },
      { scheme: 'oauth2-password', tokenUrl: 'https://api.test/oauth/token' },
    ],
    [
      'OAuth2 of a client',
      { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://id.test/token', scopes: {} } } },
      { scheme: 'oauth2-client', tokenUrl: 'https://id.test/token' },
    ],
    ['OAuth2 in a browser', { type: 'oauth2', flows: { authorizationCode: {} } }, { scheme: 'bearer' }],
    ['OpenID', { type: 'openIdConnect', openIdConnectUrl: 'https://id.test' }, { scheme: 'bearer' }],
  ])('%s', async (_, scheme, auth) => {
    const request = await one({ security: [{}, { it: [] }] }, { components: { securitySchemes: { it: scheme } } });
    expect(request?.auth).toEqual(auth);
  });

  test('with several schemes at once, the further keys stand in their header and query', async () => {
    const securitySchemes = {
      user: { type: 'http', scheme: 'bearer' },
      app: { type: 'apiKey', in: 'header', name: 'X-App' },
      site: { type: 'apiKey', in: 'query', name: 'site' },
    };
    const request = await one({ security: [{ user: [], app: [], site: [] }] }, { components: { securitySchemes } });
    expect(request).toMatchObject({ auth: { scheme: 'bearer' }, headers: [['X-App', '{{ $env.APP }}']] });
    expect(request?.url).toMatch(/\?site=\{\{ \$env\.SITE \}\}$/);
  });
});

describe('an API key that the document names first', () => {
  const app = { type: 'apiKey', in: 'header', name: 'X-App' };
  const flows = { clientCredentials: { tokenUrl: 'https://id.test/token', scopes: {} } };

  test.each([
    [{ type: 'http', scheme: 'bearer' }, { scheme: 'bearer' }],
    [{ type: 'http', scheme: 'basic' }, { scheme: 'basic' }],
    [
      { type: 'oauth2', flows },
      { scheme: 'oauth2-client', tokenUrl: 'https://id.test/token' },
    ],
  ])('stands beside %j', async (user, auth) => {
    const request = await one(
      { security: [{ app: [], user: [] }] },
      { components: { securitySchemes: { app, user } } },
    );
    expect(request).toMatchObject({ auth, headers: [['X-App', '{{ $env.APP }}']] });
  });
});

describe('bodies and queries', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'form'],
    ['multipart/form-data', 'multipart'],
  ])('%s has fields', async (type, kind) => {
    const content = { [type]: { example: { seat: 'C-14', n: 2 } } };
    expect((await one({ requestBody: { content } }))?.body).toMatchObject({
      kind,
      fields: [
        ['seat', 'C-14'],
        ['n', '2'],
      ],
    });
  });

  test('a file of a form is named, and its field left out', async () => {
    const properties = { seat: { type: 'string', example: 'C-14' }, id_card: { type: 'string', format: 'binary' } };
    const content = { 'multipart/form-data': { schema: { type: 'object', properties } } };
    const request = await one({ requestBody: { content } });
    expect(request?.body).toEqual({ kind: 'multipart', fields: [['seat', 'C-14']], files: ['id_card'] });
    expect(request?.madeUp).toBeUndefined();
  });

  test('a value that the document does not show is said to be made up', async () => {
    const properties = {
      seat: { type: 'string' },
      guest: { type: 'object', required: ['email'], properties: { email: { type: 'string', format: 'email' } } },
      tier: { type: 'string', enum: ['gold'] },
      nights: { type: 'integer', default: 2 },
    };
    const schema = { type: 'object', required: ['seat', 'guest', 'tier', 'nights'], properties };
    const request = await one({ requestBody: { content: { 'application/json': { schema } } } });
    expect(request?.madeUp).toEqual(['$.seat', '$.guest.email']);
  });

  test('a parameter without a value is a variable of the environment', async () => {
    const parameters = [
      { name: 'ownerId', in: 'query', required: true, schema: { type: 'integer' } },
      { name: 'tier', in: 'query', required: true, schema: { enum: ['gold'] } },
    ];
    expect((await one({ parameters }))?.url).toContain('?ownerId={{ $env.OWNER_ID }}&tier=gold');
  });

  test('JSON is chosen before a form and before XML', async () => {
    const content = { 'application/xml': { example: '<a/>' }, 'text/json': { example: { seat: 1 } } };
    expect((await one({ requestBody: { content } }))?.body).toMatchObject({ kind: 'json', value: { seat: 1 } });
  });

  test('lists and mappings stand in a query as their style says', async () => {
    const parameters = [
      { name: 'row', in: 'query', example: [1, 2] },
      { name: 'tag', in: 'query', explode: false, example: ['a', 'b'] },
      { name: 'filter', in: 'query', style: 'deepObject', example: { zone: 'A' } },
      { name: 'page', in: 'query', content: { 'application/json': { example: { size: 5 } } } },
    ];
    const url = (await one({ parameters }))?.url ?? '';
    expect([...new URL(url).searchParams]).toEqual([
      ['row', '1'],
      ['row', '2'],
      ['tag', 'a,b'],
      ['filter[zone]', 'A'],
      ['page', '{"size":5}'],
    ]);
  });
});

test('a document with words of other formats is still one', async () => {
  const text = JSON.stringify({
    info: { title: 'x', schema: 'https://schema.postman.com' },
    paths: {
      '/log': { post: { requestBody: { content: { 'application/json': { example: { entries: [1], item: [] } } } } } },
    },
    openapi: '3.0.0',
  });
  const { format, requests } = await readCapture(text, 'api.json', {});
  expect([format, requests.map(({ name }) => name)]).toEqual(['openapi', ['POST /log']]);
});

describe('what cannot be read', () => {
  test.each([
    ['Swagger 2.0', 'swagger: "2.0"\npaths: {}', /OpenAPI 2\.0; 3\.0 and 3\.1 can be read; convert it first/],
    ['a version to come', 'openapi: 4.0.0', /OpenAPI 4\.0\.0; 3\.0 and 3\.1/],
    ['broken YAML', 'openapi: 3.0.0\npaths: {', /OpenAPI document: Flow map/],
    ['broken JSON', '{"openapi": "3.0.0",}', /OpenAPI document is no JSON: see line 1, column 21/],
    ['no operations', 'openapi: 3.0.0', /paths: this OpenAPI document has no operations/],
    [
      'a reference to another file',
      'openapi: 3.0.0\npaths: { /a: { post: { requestBody: { $ref: "order.yml" } } } }',
      /POST \/a: order\.yml: .*another file; bundle/,
    ],
    [
      'a reference to nothing',
      'openapi: 3.0.0\npaths: { /a: { post: { requestBody: { $ref: "#/components/x" } } } }',
      /POST \/a: #\/components\/x: .*leads nowhere/,
    ],
    [
      'a reference to itself',
      'openapi: 3.0.0\npaths: { /a: { post: { requestBody: { $ref: "#/x" } } } }\nx: { $ref: "#/x" }',
      /#\/x: .*back to itself/,
    ],
  ])('%s', async (_, text, message) => {
    expect(openapi.recognises(text)).toBe(true);
    await expect(openapi.read(text, {})).rejects.toThrow(message);
  });

  test('a broken operation is an error only where it is the chosen one', async () => {
    const text = `
openapi: 3.0.0
paths:
  /bad: { post: { operationId: bad, requestBody: { $ref: "#/x" } } }
  /good: { post: { operationId: good } }
`;
    expect((await read(text)).map(({ name }) => name)).toEqual(['good']);
    expect((await read(text, { operation: 'good' })).map(({ name }) => name)).toEqual(['good']);
    await expect(read(text, { operation: 'bad' })).rejects.toThrow('POST /bad: #/x');
    await expect(read(text, { operation: 'POST:/bad' })).rejects.toThrow('POST /bad: #/x');
  });
});
