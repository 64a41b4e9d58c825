/** One request that books, as four kinds of files show it. */
export interface Bookable {
  readonly origin: string;
  readonly path: string;
  /** The path of an OpenAPI document, where a part of it is a parameter. */
  readonly template?: string;
  readonly parameters?: readonly object[];
  readonly body: object;
  /** Who signs in: a token, or a name and a password. */
  readonly auth: { readonly token: string } | { readonly user: string; readonly password: string };
}

/** A file that `init` reads: its name, and its text. */
export interface InputFile {
  readonly name: string;
  readonly text: string;
}

const authorization = ({ auth }: Bookable): string =>
  'token' in auth ? `Bearer ${auth.token}` : `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;

const file = (name: string, content: object): InputFile => ({ name, text: JSON.stringify(content, null, 2) });

/** A page with a picture and a tracker, and then the booking. */
export function harOf(request: Bookable): InputFile {
  const entry = (method: string, url: string, mimeType: string, more: object = {}) => ({
    startedDateTime: '2026-01-01T12:00:00.000Z',
    request: { method, url, httpVersion: 'h2', headers: [{ name: ':method', value: method }], cookies: [], ...more },
    response: { status: 200, headers: [], content: { mimeType } },
  });
  const headers = [
    { name: 'Authorization', value: authorization(request) },
    { name: 'User-Agent', value: 'Mozilla/5.0' },
    { name: 'Content-Type', value: 'application/json' },
  ];
  const postData = { mimeType: 'application/json', text: JSON.stringify(request.body) };
  return file('recorded.har', {
    log: {
      version: '1.2',
      creator: { name: 'WebInspector', version: '1' },
      entries: [
        entry('GET', `${request.origin}/`, 'text/html'),
        entry('GET', `${request.origin}/logo.png`, 'image/png'),
        entry('POST', 'https://www.google-analytics.com/g/collect?v=2', 'text/plain'),
        entry('POST', request.origin + request.path, 'application/json', { headers, postData }),
      ],
    },
  });
}

/** A document with a scheme to sign in and no secret, as all of them are. */
export function openapiOf({ origin, path, template = path, parameters = [], body, auth }: Bookable): InputFile {
  const scheme = { type: 'http', scheme: 'token' in auth ? 'bearer' : 'basic' };
  const bodySchema = { $ref: '#/components/schemas/Booking' };
  return file('openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Bookings', version: '1' },
    servers: [{ url: origin }],
    security: [{ user: [] }],
    paths: {
      '/health': { get: { responses: { 200: { description: 'well' } } } },
      [template]: {
        post: {
          operationId: 'book',
          parameters,
          requestBody: { content: { 'application/json': { schema: bodySchema } } },
          responses: { 201: { description: 'booked' } },
        },
      },
    },
    components: {
      securitySchemes: { user: scheme },
      schemas: { Booking: { type: 'object', example: body } },
    },
  });
}

/** A collection with folders, a variable for the host, and the way to sign in above them. */
export function postmanOf({ origin, path, body, auth }: Bookable): InputFile {
  const pairs = (values: object) => Object.entries(values).map(([key, value]) => ({ key, value, type: 'string' }));
  return file('shop.postman_collection.json', {
    info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    auth:
      'token' in auth
        ? { type: 'bearer', bearer: pairs({ token: auth.token }) }
        : { type: 'basic', basic: pairs({ username: auth.user, password: auth.password }) },
    variable: [{ key: 'baseUrl', value: origin }],
    item: [
      { name: 'Read', item: [{ name: 'Health', request: { method: 'GET', url: '{{baseUrl}}/health' } }] },
      {
        name: 'Sell',
        item: [
          {
            name: 'Book',
            request: {
              method: 'POST',
              header: [],
              url: { raw: `{{baseUrl}}${path}`, host: ['{{baseUrl}}'], path: path.slice(1).split('/') },
              body: { mode: 'raw', raw: JSON.stringify(body), options: { raw: { language: 'json' } } },
            },
          },
        ],
      },
    ],
  });
}
