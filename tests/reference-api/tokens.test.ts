import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_CLIENT, DEMO_SEATS, DEMO_USER } from '../../reference-api/demo.ts';
import { type Api, noWork, orderOf, startApi } from './api.ts';

let api: Api;
let nowMs: number;

beforeEach(async () => {
  nowMs = 0;
  api = await startApi({ tokenTtlSeconds: 60, now: () => nowMs, work: noWork });
});
afterEach(() => api.close());

async function askToken(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.origin}/oauth/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  const { status } = response;
  return { status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const bookWith = async (token: unknown): Promise<number> =>
  (await api.send('POST', '', orderOf(DEMO_SEATS[0] ?? ''), { authorization: `Bearer ${token}` })).status;

const clientForm = { client_id: DEMO_CLIENT.clientId, client_secret: DEMO_CLIENT.clientSecret };
const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });

describe('POST /oauth/token issues a token', () => {
  it.each([
    ['client credentials in the body', { grant_type: 'client_credentials', ...clientForm }, {}],
    [
      'client credentials by HTTP Basic, form-encoded',
      { grant_type: 'client_credentials' },
      basic('demo%2Dclient', 'demo%2Dclient%2Dsecret'),
    ],
    ['the demo user', { grant_type: 'password', ...DEMO_USER }, {}],
    ['the demo user and the demo client', { grant_type: 'password', ...DEMO_USER, ...clientForm }, {}],
    ['a numbered user', { grant_type: 'password', username: 'user-217', password: 'pass-217' }, {}],
  ])('for %s, which can book', async (_, form, headers) => {
    const answer = await askToken(form, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 60 });
    expect(await bookWith(answer.body.access_token)).toBe(201);
  });
});

describe('POST /oauth/token refuses, as RFC 6749 says,', () => {
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
      'the password of another numbered user',
      { grant_type: 'password', username: 'user-1', password: 'pass-2' },
      {},
      400,
      'invalid_grant',
    ],
    ['an unknown user', { grant_type: 'password', username: 'x', password: 'false' }, {}, 400, 'invalid_grant'],
    ['no password', { grant_type: 'password', username: 'demo' }, {}, 400, 'invalid_request'],
    [
      'the right user with a wrong client',
      { grant_type: 'password', ...DEMO_USER, client_id: 'x' },
      {},
      401,
      'invalid_client',
    ],
    ['no grant', { ...clientForm }, {}, 400, 'invalid_request'],
    ['another grant', { grant_type: 'implicit' }, {}, 400, 'unsupported_grant_type'],
  ] as [string, Record<string, string>, Record<string, string>, number, string][])(
    '%s',
    async (_, form, headers, status, error) => {
      const answer = await askToken(form, headers);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ error, error_description: expect.any(String) });
    },
  );

  it('a JSON body, because OAuth sends forms', async () => {
    const response = await fetch(`${api.origin}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', ...DEMO_USER }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});

it('a token expires, and a new one works', async () => {
  const form = { grant_type: 'password', ...DEMO_USER };
  const { access_token: first } = (await askToken(form)).body;
  nowMs = 59_999;
  expect(await bookWith(first)).toBe(201);
  nowMs = 60_000;
  expect(await bookWith(first)).toBe(401);
  const { access_token: second } = (await askToken(form)).body;
  expect(await bookWith(second)).toBe(400);
});
