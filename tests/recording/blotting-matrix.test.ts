import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, History } from '../../model/index.ts';
import { harmlessJson } from '../../model/json.ts';
import { judge, remarksOf, settled } from '../../plugin/src/judging/index.ts';
import {
  type Blotter,
  createBlotter,
  createSharedSecrets,
  lineOf,
  outcomeReader,
} from '../../plugin/src/recording/index.ts';
import {
  annotationsOf,
  createRoundPrinter,
  makeStyle,
  RENDERERS,
  renderSummary,
  reportOf,
  verdictFileOf,
} from '../../reports/index.ts';
import { history, plan, round } from '../support/histories.ts';
import { byStatus, reply } from './replies.ts';

/*
 * Every kind of secret × every way to write it × every place where a server may write it × every output. One virtual user
 * carries the secret in one thread; the server tells it to others in another thread, and to the read-back in a third.
 */

interface Carried {
  readonly secret: string;
  readonly request?: { headers?: Record<string, string>; path?: string; body?: string };
  readonly answer?: { headers?: Record<string, string[]>; body?: object };
}

const TOKEN = 'sek/ret+0815==&"ä"';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2dTMifQ.${'Qx7-_'.repeat(8)}`;

const KINDS: Readonly<Record<string, Carried>> = {
  'a bearer token': { secret: JWT, request: { headers: { authorization: `Bearer ${JWT}` } } },
  'an opaque bearer token': { secret: TOKEN, request: { headers: { authorization: `Bearer ${TOKEN}` } } },
  'a password of basic credentials': {
    secret: 'hunter2-hunter2',
    request: { headers: { authorization: `Basic ${Buffer.from('joe:hunter2-hunter2').toString('base64')}` } },
  },
  'basic credentials': {
    secret: 'joe:hunter2-hunter2',
    request: { headers: { authorization: `Basic ${Buffer.from('joe:hunter2-hunter2').toString('base64')}` } },
  },
  'an API key': { secret: 'k-4f9d8e7c6b5a', request: { headers: { 'x-api-key': 'k-4f9d8e7c6b5a' } } },
  'a token of a CSRF header': { secret: 'c5rf-8d1e2f', request: { headers: { 'x-xsrf-token': 'c5rf-8d1e2f' } } },
  'a header of the suite': { secret: 'shop-9c8b7a', request: { headers: { 'x-shop-pass-id': 'shop-9c8b7a' } } },
  'a session cookie': { secret: 's3ss10n-abcdef', request: { headers: { cookie: 'lang=en; sid=s3ss10n-abcdef' } } },
  'a cookie of any name': { secret: 'f00dfeed1234', request: { headers: { cookie: 'whoami=f00dfeed1234' } } },
  'a hexadecimal session': {
    secret: '9f3a5b7c8d9e0f1a2b3c4d5e6f708192',
    request: { headers: { cookie: 'PHPSESSID=9f3a5b7c8d9e0f1a2b3c4d5e6f708192' } },
  },
  'a token in the query': { secret: 'q-t0ken/x y', request: { path: '/book?event=7&access_token=q-t0ken%2Fx+y' } },
  'a password in JSON': { secret: 'pa"ss\\w<ö>rd9', request: { body: JSON.stringify({ password: 'pa"ss\\w<ö>rd9' }) } },
  'a number in JSON': { secret: '90210733', request: { body: '{"seat":"A1","otp": 90210733}' } },
  'a PIN of four digits': { secret: '8352', request: { body: '{"seat":"A1","pin": "8352"}' } },
  'a card number below its name': {
    secret: '4111111111111111',
    request: { body: '{"card":{"number":"4111111111111111","type":"visa"}}' },
  },
  'a token in a list': { secret: 'list-t0ken-2', request: { body: '{"tokens":["list-t0ken-1","list-t0ken-2"]}' } },
  'JSON in JSON': { secret: 'inner-t0ken', request: { body: JSON.stringify({ data: '{"token":"inner-t0ken"}' }) } },
  'a field of a form': { secret: 'form-pass 7', request: { body: 'seat=A1&user%5Bpassword%5D=form-pass+7' } },
  'a part of a form': {
    secret: 'part-pass-7',
    request: { body: '--b\r\nContent-Disposition: form-data; name="passwd"\r\n\r\npart-pass-7\r\n--b--' },
  },
  'credentials in a URL': {
    secret: 'ur1-pass',
    request: { body: '{"callback":"https://joe:ur1-pass@shop.example/x"}' },
  },
  'a cookie that an answer sets': {
    secret: 'fresh-c00kie-1',
    answer: { headers: { 'set-cookie': ['session=fresh-c00kie-1; Path=/'] } },
  },
  'a token that an answer gives out': { secret: 'fresh-t0ken-1', answer: { body: { refresh_token: 'fresh-t0ken-1' } } },
  'a session in a redirect': {
    secret: 'redirected-5e55',
    answer: { headers: { location: ['/pay?sessionToken=redirected-5e55'] } },
  },
};

const escapedAll = (text: string, write: (unit: string) => string) => Array.from(text, write).join('');
const hex = (unit: string, digits = 2) => unit.charCodeAt(0).toString(16).padStart(digits, '0');
const html = (text: string) =>
  text.replace(/[&<>"']/g, (unit) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[unit] ?? '&#39;');

const ECHOES: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in a URL': encodeURIComponent,
  'in a URL, in lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'in a URL, twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in a form': (secret) => new URLSearchParams([['', secret]]).toString().slice(1),
  'with each byte escaped': (secret) => escapedAll(Buffer.from(secret).toString('latin1'), (unit) => `%${hex(unit)}`),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in JSON, all escaped': (secret) => escapedAll(secret, (unit) => `\\u${hex(unit, 4)}`),
  'in HTML': html,
  'in HTML, all escaped': (secret) => escapedAll(secret, (unit) => `&#x${hex(unit)};`),
  'in Base64': (secret) => Buffer.from(secret).toString('base64'),
  'in Base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in Base64, with a name before it': (secret) => Buffer.from(`user:${secret}`).toString('base64'),
  'in Base64, in the middle of JSON': (secret) => Buffer.from(`{"t":"${secret}","a":1}`).toString('base64'),
  'in Base64, in a URL': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
  'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
  'in hexadecimal, in capitals, in something longer': (secret) =>
    `x'${Buffer.from(secret).toString('hex').toUpperCase()}'`,
  'in the other case': (secret) => (/^[0-9a-f-]+$/i.test(secret) ? secret.toUpperCase() : secret),
};

/** Of Base64 around a secret, only the middle is the secret. A short one is a word that may stand in any Base64. */
function tracesOf(name: string, echo: string, secret: string): string[] {
  if (!/Base64|hexadecimal/.test(name)) return [echo];
  if (secret.length < 6) return [];
  if (name.includes('hexadecimal')) return [echo.replace(/^x'|'$/g, '')];
  const trace = decodeURIComponent(echo);
  return [/middle|before/.test(name) ? trace.slice(10, -12) : trace.replace(/=+$/, '')].filter(
    (text) => text.length > 5,
  );
}

/** What the threads record of a race in which the server writes one text in every place. */
function recordedWith({ request, answer }: Carried, echoes: readonly string[]): History {
  const shared = createSharedSecrets(Buffer.alloc(32, 7));
  const [one, two, launcher] = [0, 1, 2].map(() =>
    createBlotter({ shared, names: ['/^x-shop-/i'], known: ['A1'] }),
  ) as [Blotter, Blotter, Blotter];
  const { headers = {}, path = '/', body = '' } = request ?? {};
  one.learn(one.find.inRequest({ headers, path, body: Buffer.from(body) }));
  const readFirst = outcomeReader(byStatus, 1 << 20, one);
  readFirst(reply(400, { message: 'no', ...answer?.body }, answer?.headers ?? {}), { headers: {} });

  const read = outcomeReader(byStatus, 1 << 20, two);
  const tell = (conclusion: Parameters<typeof read>[0]): Conclusion => read(conclusion, { headers: {} });
  const conclusions = echoes.flatMap((echo, index) => [
    tell(reply(400, { message: `not ${echo} today`, nested: [{ note: echo }] })),
    tell(reply(400, `plain ${echo} text`, { 'content-type': ['text/plain'] })),
    tell(reply(400, `<html><title>No ${echo}</title></html>`, { 'content-type': ['text/html'] })),
    tell(reply(201, { order_id: `${echo}-${index}`, link: `/orders?ref=${echo}` })),
    tell(reply(500, { error: { details: [`at ${echo}`] } })),
    tell({ kind: 'broken', failure: 'reset', error: `socket closed: ${echo}` }),
    tell(reply(302, '', { location: [`/orders/${echo}`] })),
  ]);
  const ids = echoes.map((echo, index) => `${echo}-${index}`);
  const { run, ...rest } = history(
    plan({ contenders: conclusions.length, inventories: [{ key: 'A1', capacity: 1 }] }),
    round(1, 'A1', conclusions) as Attempt[],
    [
      { inventory: 'A1', when: 'before', kind: 'unreadable', error: launcher.text(`no: ${echoes.join(' ')}`) },
      { inventory: 'A1', when: 'after', kind: 'read', units: ids.length, orderIds: ids.map(launcher.id) },
    ],
  );
  const problems = echoes.map((echo) => ({ reason: two.text(`VU 2: no ${echo}`, 500), count: 1, vus: [2] }));
  return { ...rest, problems, run: { ...run, plan: { ...run.plan, readBack: true } } };
}

function outputsOf(recorded: History): ReadonlyMap<string, string> {
  const judged = settled(recorded);
  const report = reportOf(judged, judge(judged), remarksOf(judged));
  const style = makeStyle({ colour: false, unicode: true, columns: 120 });
  const printer = createRoundPrinter({
    style,
    plan: recorded.run.plan,
    label: 'seat',
    failuresPerRound: 3,
    allFailures: true,
  });
  const lines = recorded.attempts.flatMap((attempt) => printer.record(attempt));
  return new Map([
    [
      'history',
      [...recorded.attempts, ...recorded.readBacks, ...recorded.problems].map((one) => lineOf(one as never)).join(''),
    ],
    ['verdict', harmlessJson(verdictFileOf(report), 2)],
    ['console', [...lines, ...printer.flush(), renderSummary(report, style, [])].join('\n')],
    ['annotations', annotationsOf(report).join('\n')],
    ...RENDERERS.map(({ name, render }) => [name, render(report)] as const),
  ]);
}

describe.each(Object.entries(KINDS))('%s comes back nowhere', (_kind, carried) => {
  const { secret } = carried;
  const echoes = Object.entries(ECHOES).map(([name, write]) => [name, write(secret)] as const);
  const recorded = recordedWith(
    carried,
    echoes.map(([, echo]) => echo),
  );
  const outputs = outputsOf(recorded);

  it('and ids stay apart, and are the same in answers and read-back', () => {
    const told = recorded.attempts.flatMap((attempt) => (attempt.outcome === 'ok' ? (attempt.orderId ?? []) : []));
    const stored = recorded.readBacks.flatMap((readBack) => (readBack.kind === 'read' ? readBack.orderIds : []));
    expect(new Set(told).size).toBe(echoes.length);
    expect(told).toEqual(stored);
  });

  it.each(echoes)('%s', (name, echo) => {
    for (const trace of tracesOf(name, echo, secret)) {
      const forms = [trace, html(trace), JSON.stringify(trace).slice(1, -1)];
      for (const [output, text] of outputs) {
        for (const form of forms) expect({ output, leaks: text.includes(form) }).toEqual({ output, leaks: false });
      }
    }
  });
});
