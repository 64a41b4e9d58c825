import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { inspect } from 'node:util';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSignIn, SignInError, type SignInOptions, signInSettings } from '../../plugin/src/sign-in/index.ts';
import { DEMO_CLIENT, DEMO_SEATS, DEMO_USER } from '../../reference-api/demo.ts';
import { createServer } from '../../reference-api/server.ts';
import { type Answer, startTokenServer, type TokenRequest, token } from './token-server.ts';

const SECRETS = { token: 's3cret-token', clientSecret: 's3cret-client', password: 's3cret-password' };
const { clientSecret, password } = SECRETS;
const PASSWORD = { grant: 'password', username: 'ann', password };
/** As a suite has it, for a target. */
const belowTarget = (tokenUrl: string) => {
  const sources = { token: undefined, target: 'http://a.example', scenarioFile: undefined };
  return signInSettings({ ...sources, signIn: { ...PASSWORD, tokenUrl }, render: (text) => text });
};
const CLIENT = { grant: 'client_credentials', clientId: 'shop', clientSecret };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(answer: (request: TokenRequest, number: number) => Answer) {
  const server = await startTokenServer(answer);
  cleanups.push(server.close);
  return server;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
});

function csv(text: string): string {
  const file = join(folder, 'people.csv');
  writeFileSync(file, text);
  return file;
}

/** The error of creating the sign-in or of getting a token, after checking that it is one line without a secret. */
async function errorOf(settings: unknown, options: SignInOptions = {}, vu = 1): Promise<string> {
  const error = await (async () => createSignIn(settings, options).tokenFor(vu))().then(
    (value) => expect.fail(`signed in with ${value}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SignInError)) throw error;
  expect(error.message).not.toContain('\n');
  const everything = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
  for (const secret of Object.values(SECRETS)) expect(everything).not.toContain(secret);
  return error.message;
}

describe('signing in without a request', () => {
  it('gives no token if there are no settings', async () => {
    expect(await createSignIn({}).tokenFor(1)).toBeUndefined();
  });

  it('gives the configured token, which wins over everything and is never renewed', async () => {
    const server = await serve(() => token('other', 1));
    const signIn = createSignIn({ token: 'given', tokenUrl: server.url, ...PASSWORD, identities: 'nowhere.csv' });
    expect(await signIn.tokenFor(1)).toBe('given');
    expect(await signIn.tokenFor(2)).toBe('given');
    expect(server.requests).toHaveLength(0);
  });

  it('needs nothing beside the configured token, even if a grant is named', async () => {
    expect(await createSignIn({ token: 'given', grant: 'password' }).tokenFor(1)).toBe('given');
  });
});

describe('the reference API', () => {
  let origin: string;
  beforeEach(async () => {
    const app = await createServer({ seats: DEMO_SEATS });
    origin = await app.listen({ host: '127.0.0.1', port: 0 });
    cleanups.push(() => app.close());
  });

  const book = async (bearer: string | undefined, seat: number) =>
    await fetch(`${origin}/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: [DEMO_SEATS[seat]], organization_id: 'o' }),
    });

  it.each([
    ['the password grant', { grant: 'password', ...DEMO_USER }],
    ['the password grant of a client', { grant: 'password', ...DEMO_USER, ...DEMO_CLIENT }],
    ['the client credentials grant', { grant: 'client_credentials', ...DEMO_CLIENT }],
  ])('lets %s in', async (_, settings) => {
    const signIn = createSignIn({ ...settings, tokenUrl: `${origin}/oauth/token` });
    expect((await book(await signIn.tokenFor(1), 0)).status).toBe(201);
  });

  it('lets each of two users of a CSV file in', async () => {
    const identities = csv('username,password\nuser-1,pass-1\nuser-2,pass-2\n');
    const signIn = createSignIn({ grant: 'password', tokenUrl: `${origin}/oauth/token`, identities });
    const [first, second] = await Promise.all([signIn.tokenFor(1), signIn.tokenFor(2)]);
    expect(first).not.toBe(second);
    expect((await book(first, 0)).status).toBe(201);
    expect((await book(second, 1)).status).toBe(201);
  });

  it('refuses a wrong secret, and the message says which to check', async () => {
    const tokenUrl = `${origin}/oauth/token`;
    expect(await errorOf({ ...CLIENT, tokenUrl })).toBe(
      `signing in at ${tokenUrl} was refused with 401 invalid_client: check the client id and secret in signIn`,
    );
    expect(await errorOf({ ...PASSWORD, tokenUrl })).toBe(
      `signing in at ${tokenUrl} was refused with 400 invalid_grant: check the username and password in signIn`,
    );
  });
});

describe('a token request', () => {
  it('is the password grant of RFC 6749', async () => {
    const server = await serve(() => token('t'));
    await createSignIn({ ...PASSWORD, tokenUrl: server.url, scope: 'book read' }).tokenFor(1);
    expect(server.requests).toEqual([
      { form: { grant_type: 'password', username: 'ann', password, scope: 'book read' }, authorization: undefined },
    ]);
  });

  it('is a public client’s password grant if there is an id and no secret', async () => {
    const server = await serve(() => token('t'));
    await createSignIn({ ...PASSWORD, clientId: 'app', tokenUrl: server.url }).tokenFor(1);
    expect(server.requests[0]?.form).toEqual({ grant_type: 'password', username: 'ann', password, client_id: 'app' });
  });

  it('is the client credentials grant of RFC 6749', async () => {
    const server = await serve(() => token('t'));
    await createSignIn({ ...CLIENT, tokenUrl: server.url }).tokenFor(1);
    expect(server.requests).toEqual([
      {
        form: { grant_type: 'client_credentials', client_id: 'shop', client_secret: clientSecret },
        authorization: undefined,
      },
    ]);
  });

  it.each([
    ['a 201', { status: 201 }],
    ['a lifetime in a string', { body: { access_token: 't', token_type: 'bearer', expires_in: '60' } }],
    ['an ID token', { body: { access_token: 't', token_type: 'BEARER', id_token: 'not.a.jwt' } }],
  ])('may be answered with %s', async (_, answer) => {
    const server = await serve(() => ({ body: { access_token: 't', token_type: 'Bearer' }, ...answer }));
    expect(await createSignIn({ ...CLIENT, tokenUrl: server.url }).tokenFor(1)).toBe('t');
  });
});

describe('a token is renewed', () => {
  it.each([
    ['a tenth of a short lifetime', 60, 54_000],
    ['30 s of a long lifetime', 3_600, 3_570_000],
  ])('%s before it expires, and not earlier', async (_, lifetimeS, renewAtMs) => {
    let nowMs = 1_000;
    const server = await serve((_request, number) => token(`t${number}`, lifetimeS));
    const signIn = createSignIn({ ...CLIENT, tokenUrl: server.url }, { now: () => nowMs });
    expect(await signIn.tokenFor(1)).toBe('t1');
    nowMs = 1_000 + renewAtMs - 1;
    expect(await signIn.tokenFor(2)).toBe('t1');
    nowMs = 1_000 + renewAtMs;
    expect(await signIn.tokenFor(1)).toBe('t2');
    expect(await signIn.tokenFor(2)).toBe('t2');
    expect(server.requests).toHaveLength(2);
  });

  it('by a lifetime that counts from before the request', async () => {
    let nowMs = 0;
    const server = await serve((_request, number) => {
      // The answer takes 10 s, so for the server the token is 10 s old when it arrives.
      if (number === 1) nowMs = 10_000;
      return token(`t${number}`, 100);
    });
    const signIn = createSignIn({ ...CLIENT, tokenUrl: server.url }, { now: () => nowMs });
    await signIn.tokenFor(1);
    nowMs = 90_000;
    expect(await signIn.tokenFor(1)).toBe('t2');
  });

  it('never, if the server states no lifetime', async () => {
    let nowMs = 0;
    const server = await serve((_request, number) => token(`t${number}`));
    const signIn = createSignIn({ ...CLIENT, tokenUrl: server.url }, { now: () => nowMs });
    await signIn.tokenFor(1);
    nowMs = 1e12;
    expect(await signIn.tokenFor(1)).toBe('t1');
  });
});

describe('one request at a time', () => {
  it('serves 100 callers at once, for the first token and for a renewed one', async () => {
    let nowMs = 0;
    const server = await serve((_request, number) => token(`t${number}`, 60));
    const signIn = createSignIn({ ...CLIENT, tokenUrl: server.url }, { now: () => nowMs });
    const all = () => Promise.all(Array.from({ length: 100 }, (_, index) => signIn.tokenFor(index + 1)));
    expect(new Set(await all())).toEqual(new Set(['t1']));
    nowMs = 59_000;
    expect(new Set(await all())).toEqual(new Set(['t2']));
    expect(server.requests).toHaveLength(2);
  });

  it('fails all callers that wait for it, and the next call tries again', async () => {
    const server = await serve((_request, number) => (number === 1 ? { status: 503, body: {} } : token('t')));
    const signIn = createSignIn({ ...CLIENT, tokenUrl: server.url });
    const results = await Promise.allSettled([signIn.tokenFor(1), signIn.tokenFor(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(server.requests).toHaveLength(1);
    expect(await signIn.tokenFor(1)).toBe('t');
  });

  it('is for one identity: others have requests of their own', async () => {
    const server = await serve(({ form }) => token(`of ${form.client_id}`));
    const identities = csv('client_secret,client_id\nx1,a\nx2,b\n');
    const signIn = createSignIn({ tokenUrl: server.url, identities });
    const tokens = await Promise.all([1, 2, 1, 2].map((vu) => signIn.tokenFor(vu)));
    expect(tokens).toEqual(['of a', 'of b', 'of a', 'of b']);
    expect(server.requests.map(({ form }) => form.client_secret).toSorted()).toEqual(['x1', 'x2']);
  });
});

describe('a CSV file', () => {
  it('may hold tokens, and then needs no token URL', async () => {
    const signIn = createSignIn({ identities: csv('\uFEFFtoken\r\none\r\n\r\n"t,w""o"\r\n') });
    expect([await signIn.tokenFor(1), await signIn.tokenFor(2)]).toEqual(['one', 't,w"o']);
  });

  it('shares the client of the settings among the users', async () => {
    const server = await serve(() => token('t'));
    const identities = csv('username,password\nann,pw\n');
    await createSignIn({ grant: 'password', clientId: 'app', tokenUrl: server.url, identities }).tokenFor(1);
    expect(server.requests[0]?.form).toMatchObject({ client_id: 'app', username: 'ann', password: 'pw' });
  });

  it('is refused with too few rows, saying how many there are and how many are needed', async () => {
    const identities = csv(`token\n${SECRETS.token}\n${SECRETS.token}\n`);
    const message = `signIn.identities: ${identities} has too few rows: 2, but 100 are needed, one for each virtual user; add rows, or lower ORDER_VUS`;
    expect(await errorOf({ identities }, { vus: 100 })).toBe(message);
    expect(await errorOf({ identities }, {}, 100)).toBe(message);
  });

  const { token: secret } = SECRETS;
  it.each([
    ['has no header', `ann,${secret}\n`, 'must be the header token or username,password or client_id,client_secret'],
    ['has half a header', `username\n${secret}\n`, 'must be the header'],
    ['is empty', '', 'must be the header'],
    ['has only a header', 'token\n', 'has too few rows: 0, but 1 are needed'],
    ['has an empty field', `username,password\nann,${secret}\nbob,\n`, 'row 2 of'],
    ['has an extra field', `token\n${secret},${secret}\n`, '(CSV_RECORD_INCONSISTENT_FIELDS_LENGTH, line 2)'],
    ['has a stray quote', `token\n${secret}"x\n`, '(INVALID_OPENING_QUOTE, line 2)'],
  ])('is refused where it %s, without showing the content', async (_, text, message) => {
    expect(await errorOf({ identities: csv(text), tokenUrl: 'https://id.example.com' })).toContain(message);
  });

  it('is named if it does not exist', async () => {
    expect(await errorOf({ identities: join(folder, 'none.csv') })).toMatch(/cannot read .*none\.csv \(ENOENT\)/);
  });

  it('is refused if it contradicts the grant', async () => {
    const identities = csv('client_id,client_secret\na,b\n');
    expect(await errorOf({ grant: 'password', identities })).toMatch(
      /^signIn\.grant: is password, but the header of .* is for client_credentials/,
    );
  });

  it('names the row whose sign-in was refused', async () => {
    const server = await serve(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    const identities = csv(`username,password\nann,x\nbob,${password}\n`);
    expect(await errorOf({ tokenUrl: server.url, identities }, {}, 2)).toMatch(
      /check the username and password in row 2 of .*people\.csv$/,
    );
  });
});

describe('wrong settings', () => {
  it.each([
    [{ tokenURL: 'x' }, 'signIn.tokenURL: unknown setting; did you mean "tokenUrl"?'],
    [{ paswrd: password }, 'signIn.paswrd: unknown setting; did you mean "password"?'],
    [{ zzzzzz: password }, 'signIn.zzzzzz: unknown setting; known: token, grant, tokenUrl'],
    [password, 'signIn: must be a block of settings'],
    [[password], 'signIn: must be a block of settings'],
    [{ grant: password }, 'signIn.grant: must be password or client_credentials'],
    [
      { ...PASSWORD, password: 1234, tokenUrl: 'https://a.example' },
      'signIn.password: must be a string; put it in quotes',
    ],
    [{ ...PASSWORD, tokenUrl: '/oauth/token' }, 'signIn.tokenUrl: must be a URL such as'],
    [{ ...PASSWORD, tokenUrl: 'ftp://a.example' }, 'signIn.tokenUrl: must be a URL such as'],
    [belowTarget('//id.example:80800/token'), 'signIn.tokenUrl: must be a URL such as'],
    [
      { grant: 'password', username: 'ann' },
      'signIn.tokenUrl, signIn.password: missing, but the grant password needs it',
    ],
    [{ grant: 'client_credentials' }, 'signIn.tokenUrl, signIn.clientId, signIn.clientSecret: missing'],
    [{ tokenUrl: 'https://a.example' }, 'signIn.grant: is missing'],
    [
      { ...PASSWORD, tokenUrl: `https://ann:${password}@a.example/token?key=${clientSecret}` },
      'signIn.tokenUrl: https://a.example/token is given with credentials',
    ],
  ])('are refused: %o', async (settings, message) => {
    expect(await errorOf(settings)).toContain(message);
  });
});

describe('a token request that fails', () => {
  const everySecret = Object.values(SECRETS).join(' ');

  it.each<[string, Answer, string | RegExp]>([
    ['refuses the scope', { status: 400, body: { error: 'invalid_scope' } }, '400 invalid_scope: check signIn.scope'],
    [
      'refuses the grant',
      { status: 400, body: { error: 'unsupported_grant_type' } },
      'does not allow signIn.grant password',
    ],
    [
      'challenges',
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: { error: 'invalid_client' } },
      '401 invalid_client: check the client id and secret',
    ],
    [
      'explains itself with the secret',
      { status: 400, body: { error: 'invalid_grant', error_description: everySecret } },
      '400 invalid_grant: check',
    ],
    ['has a secret for a code', { status: 400, body: { error: everySecret } }, 'with 400: check signIn.tokenUrl'],
    ['is refused without a word', { status: 403, body: '' }, 'with 403: check the credentials in signIn'],
    ['is not found', { status: 404, body: '<html>' }, 'with 404: check signIn.tokenUrl'],
    ['is one too many', { status: 429, body: {} }, 'with 429: the token server limits the rate'],
    ['breaks the server', { status: 502, body: everySecret }, 'with 502: the token server itself'],
    ['is redirected', { status: 302, headers: { location: '/login' }, body: '' }, 'with 302: check signIn.tokenUrl'],
    ['is answered with a page', { body: '<html>' }, 'answered 200, but without a bearer token'],
    ['is answered without a token', { body: { token_type: 'Bearer' } }, 'without a bearer token'],
    [
      'is answered with another kind of token',
      { body: { access_token: SECRETS.token, token_type: 'mac' } },
      'without a bearer',
    ],
    [
      'is answered with an odd lifetime',
      { body: { access_token: SECRETS.token, token_type: 'Bearer', expires_in: -1 } },
      'without a bearer token',
    ],
    ['is cut off', 'reset', /got no answer: (ECONNRESET|UND_ERR_SOCKET); is it up/],
    ['is left hanging', 'hang', 'got no answer: timed out after 200 ms'],
  ])('says why: it %s', async (_, answer, message) => {
    const server = await serve(() => answer);
    const settings = { ...PASSWORD, clientId: 'app', clientSecret, tokenUrl: `${server.url}?key=${SECRETS.token}` };
    const options = answer === 'hang' ? { timeoutMs: 200 } : {};
    const said = await errorOf(settings, options);
    // Without the query, which holds a key.
    expect(said.startsWith(`signing in at ${server.url} `)).toBe(true);
    expect(said).toMatch(message);
  });

  it('says why: nobody listens', async () => {
    const server = await startTokenServer(() => 'reset');
    await server.close();
    expect(await errorOf({ ...CLIENT, tokenUrl: server.url })).toBe(
      `signing in at ${server.url} got no answer: ECONNREFUSED; is it up, and is signIn.tokenUrl right?`,
    );
  });

  it('does not show a secret that looks like an error code', async () => {
    const server = await serve(() => ({ status: 400, body: { error: 'hunter_two' } }));
    const settings = { ...PASSWORD, password: 'hunter_two', tokenUrl: server.url };
    expect(await errorOf(settings)).not.toContain('hunter_two');
  });
});

describe('a token endpoint cannot fill the memory', () => {
  it.each([
    ['packs a long answer', (response: ServerResponse) => response.end(gzipSync(`${' '.repeat(2 << 20)}${GOOD}`))],
    ['never ends its answer', (response: ServerResponse) => void pipeline(endless(), createGzip(), response, () => {})],
  ])('where it %s', async (_, answer) => {
    const left = Promise.withResolvers<void>();
    const server = http.createServer((_request, response) => {
      response.once('close', left.resolve).writeHead(200, { 'content-encoding': 'gzip' });
      answer(response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => void server.close().closeAllConnections());
    const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    expect(await errorOf({ ...PASSWORD, tokenUrl })).toContain('answered 200, but without a bearer token');
    await left.promise;
  });

  const GOOD = JSON.stringify({ access_token: 'x', token_type: 'bearer' });
  const endless = () => Readable.from(forEver());
  function* forEver() {
    for (;;) yield Buffer.alloc(65_536, ' ');
  }
});

describe('a row of the identities by its name', () => {
  const file = 'username,password\nann,s3cret-password\nadmin,s3cret-password\nbob,s3cret-password\n';

  it('is signed in by itself, and no virtual user gets it', async () => {
    const server = await serve(({ form }) => token(`token-of-${form.username}`));
    const settings = { tokenUrl: server.url, identities: csv(file) };
    const signIn = createSignIn(settings, { vus: 2, reserved: ['admin'] });
    expect(await signIn.tokenAs('admin')).toBe('token-of-admin');
    expect(await Promise.all([signIn.tokenFor(1), signIn.tokenFor(2)])).toEqual(['token-of-ann', 'token-of-bob']);
    expect(() => createSignIn(settings, { vus: 3, reserved: ['admin'] })).toThrow(/too few rows: 2, but 3 are needed/);
    expect(await createSignIn({ ...settings, token: 'all' }).tokenAs('admin')).toBe('token-of-admin');
  });

  it('must be there', async () => {
    const settings = { tokenUrl: 'http://127.0.0.1:1/', identities: csv(file) };
    await expect(createSignIn(settings).tokenAs('root')).rejects.toThrow(
      /no row of .*people\.csv is for "root"; add it/,
    );
    await expect(createSignIn({}).tokenAs('root')).rejects.toThrow(
      'signIn.identities: is missing; it needs a row for "root"',
    );
  });
});
