import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_CLIENT, DEMO_SEATS, DEMO_USER } from '../../reference-api/demo.ts';
import { createServer } from '../../reference-api/server.ts';

let origin: string;
let close: () => Promise<void>;
let nowMs: number;

beforeEach(async () => {
  nowMs = 0;
  const app = await createServer({ tokenTtlSeconds: 60, now: () => nowMs, work: async () => {} });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  close = () => app.close();
});
afterEach(() => close());

async function askToken(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/oauth/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
  const { status } = response;
  return { status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

async function bookWith(token: unknown): Promise<number> {
  const { status } = await fetch(`${origin}/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: [DEMO_SEATS[0]], organization_id: 'o' }),
  });
  return status;
}

const clientForm = { client_id: DEMO_CLIENT.clientId, client_secret: DEMO_CLIENT.clientSecret };
const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });

describe('a token is given', () => {
  it.each([
    ['client credentials in the body', { grant_type: 'client_credentials', ...clientForm }, {}],
    [
      'client credentials by HTTP Basic, form-encoded',
      { grant_type: 'client_credentials' },
      basic('demo%2Dclient', 'demo%2Dclient%2Dsecret'),
    ],
    ['the demo user', { grant_type: 'password', ...DEMO_USER }, {}],
    ['the demo user and the demo client', { grant_type: 'password', ...DEMO_USER, ...clientForm }, {}],
    ['a user of any number', { grant_type: 'password', username: 'user-217', password: 'pass-217' }, {}],
  ])('for %s, and books', async (_, form, headers) => {
    const answer = await askToken(form, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 60 });
    expect(await bookWith(answer.body.access_token)).toBe(201);
  });
});

describe('a token is refused', () => {
  it.each([
    ['no client', { grant_type: 'client_credentials' }, {}, 401, 'invalid_client'],
    [
      'a wrong secret',
      { grant_type: 'client_credentials', ...clientForm, client_secret: 'no' },
      {},
      401,
      'invalid_client',
    ],
    [
      'a wrong secret by Basic',
      { grant_type: 'client_credentials' },
      basic('demo-client', 'no'),
      401,
      'invalid_client',
    ],
    ['a wrong password', { grant_type: 'password', ...DEMO_USER, password: 'no' }, {}, 400, 'invalid_grant'],
    [
      "another number's password",
      { grant_type: 'password', username: 'user-1', password: 'pass-2' },
      {},
      400,
      'invalid_grant',
    ],
    ['an unknown user', { grant_type: 'password', username: 'x', password: 'false' }, {}, 400, 'invalid_grant'],
    ['no password', { grant_type: 'password', username: 'demo' }, {}, 400, 'invalid_request'],
    [
      'the right user of a wrong client',
      { grant_type: 'password', ...DEMO_USER, client_id: 'x' },
      {},
      401,
      'invalid_client',
    ],
    ['no grant', { ...clientForm }, {}, 400, 'invalid_request'],
    ['another grant', { grant_type: 'implicit' }, {}, 400, 'unsupported_grant_type'],
  ] as [string, Record<string, string>, Record<string, string>, number, string][])(
    'for %s, as RFC 6749 says',
    async (_, form, headers, status, error) => {
      const answer = await askToken(form, headers);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ error, error_description: expect.any(String) });
    },
  );

  it('for JSON, because OAuth sends forms', async () => {
    const response = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', ...DEMO_USER }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});

it('a token expires, and the next one is good', async () => {
  const form = { grant_type: 'password', ...DEMO_USER };
  const { access_token: first } = (await askToken(form)).body;
  nowMs = 59_999;
  expect(await bookWith(first)).toBe(201);
  nowMs = 60_000;
  expect(await bookWith(first)).toBe(401);
  const { access_token: second } = (await askToken(form)).body;
  expect(await bookWith(second)).toBe(400);
});
