import { once } from 'node:events';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { type FinishedRun, launchSuite, runFile, runSuite } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';
import { type Handler, httpServer } from '../support/http-server.ts';
import { CERTIFICATE } from '../support/secure-server.ts';
import { reportFile, type Seen, seenBy, withoutRace } from '../support/stock.ts';

/**
 * A suite with the plugin behaves as the same suite without it, in everything but the raced instant: metrics, exit codes, and
 * what the suite prints. Each suite here runs twice, with the plugin and with stock Artillery alone.
 */

/** A shop with sessions, redirects and errors. It sells each item once. */
function shop(): Handler {
  const sold = new Set<string>();
  return (request: IncomingMessage, response: ServerResponse, body: string) => {
    const say = (status: number, answer: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
    const { pathname } = new URL(request.url ?? '', 'http://shop.test');
    switch (pathname) {
      case '/login': {
        const { user } = JSON.parse(body) as { user: string };
        if (user === 'nobody') return say(401, { error: 'no such user' });
        return say(200, { token: `token of ${user}` }, { 'set-cookie': `session=${user}; Path=/` });
      }
      case '/me':
        return say(request.headers.cookie?.includes('session=') ? 200 : 403, { header: request.headers['x-from'] });
      case '/moved':
        return response.writeHead(302, { location: '/me' }).end();
      case '/book': {
        const { item, breaks } = JSON.parse(body) as { item: string; breaks?: string };
        if (!request.headers.authorization) return say(401, {});
        if (breaks === 'reset') return request.socket.resetAndDestroy();
        if (breaks === 'end') return request.socket.end();
        if (breaks === 'silence') return undefined;
        if (breaks === 'no http') return request.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
        if (breaks === 'half') {
          response.writeHead(201, { 'content-length': 100 }).write('{"order_id"');
          return setTimeout(() => request.socket.destroy(), 20);
        }
        if (sold.has(item)) return say(409, { message: 'taken', item });
        sold.add(item);
        return say(201, { order_id: `order-${item}` });
      }
      default:
        return say(200, { path: pathname });
    }
  };
}

type Launch = typeof runSuite | typeof launchSuite;

/** Runs a suite with the plugin, and without it; each time on a server of its own. */
async function both(
  open: (server: ReturnType<typeof httpServer>) => Promise<{ readonly url: string }>,
  suiteAt: (url: string) => object,
  options: Parameters<typeof runSuite>[1] = {},
  launch: Launch = runSuite,
): Promise<{ readonly ours: Seen; readonly stock: Seen; readonly run: FinishedRun }> {
  const one = async (change: (suite: object) => object) => {
    const report = reportFile();
    const { url } = await open(httpServer(shop()));
    const run = await launch(change(suiteAt(url)), { ...options, report });
    expect(fs.existsSync(report), run.stdout + run.stderr).toBe(true);
    return { run, seen: seenBy(run, report) };
  };
  const [ours, stock] = [await one((suite) => suite), await one((suite) => withoutRace(suite) as object)];
  return { ours: ours.seen, stock: stock.seen, run: ours.run };
}

const login = {
  post: {
    url: '/login',
    name: 'sign in',
    json: { user: '{{ user }}' },
    capture: { json: '$.token', as: 'token' },
    expect: { statusCode: 200 },
  },
};
const bookItem = (item: string, more: object = {}) => ({
  post: {
    url: '/book',
    headers: { authorization: 'Bearer {{ token }}' },
    json: { item },
    race: item,
    capture: { json: '$.order_id', as: 'order', strict: false },
    ...more,
  },
});

const HOOKS = `
const say = (text) => console.log('suite: ' + text);
module.exports = {
  begin: (context, events, done) => { say('begin'); context.vars.user = 'somebody'; done(); },
  end: async (context) => say('end'),
  before: (request, context, events, done) => { say('before ' + request.method + ' ' + request.url); done(); },
  own: (request, context, events, done) => { request.headers['x-own'] = 'yes'; say('own before'); done(); },
  after: (request, response, context, events, done) => { say('after ' + response.statusCode); events.emit('counter', 'suite.answers', 1); done(); },
  failed: (error, request, context, events, done) => { say('failed ' + error.name + ' ' + error.code + ' ' + new URL(request.url).pathname); done(); },
  explode: async () => { throw new Error('of the suite'); },
  won: (vars) => vars.order !== undefined,
  forget: (context, events, done) => { delete context.vars.order; done(); },
  late: (context, events, done) => { globalThis.came = (globalThis.came ?? 0) + 1; setTimeout(done, globalThis.came === 1 ? 2000 : 0); },
  again: (context, next) => next((context.vars.turns = (context.vars.turns ?? 0) + 1) < 2),
};
`;

function processor(): string {
  const file = path.join(temporaryFolder('hooks-'), 'hooks.cjs');
  fs.writeFileSync(file, HOOKS);
  return file;
}

describe.concurrent('a suite with the plugin is seen as without it', () => {
  it('in a flow of everything', async ({ open }) => {
    const users = path.join(temporaryFolder('users-'), 'users.csv');
    fs.writeFileSync(users, 'name,city\nada,Paris\nbob,Rome\n');
    const { ours, stock, run } = await both(open, (url) => ({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: 4 }],
        processor: processor(),
        payload: { path: users, fields: ['name', 'city'], order: 'sequence' },
        http: { defaults: { headers: { 'x-from': 'suite' } }, timeout: 5, extendedMetrics: true },
        apdex: { threshold: 5000 },
        ensure: {
          thresholds: [{ 'http.response_time.p99': 5000 }],
          conditions: [{ expression: 'vusers.failed == 0' }],
        },
        plugins: {
          apdex: {},
          ensure: {},
          expect: { formatter: 'silent' },
          'metrics-by-endpoint': { useOnlyRequestNames: true },
          race: { inventories: ['a', 'b'], contenders: 4 },
        },
      },
      scenarios: [
        {
          name: 'buys',
          beforeScenario: 'begin',
          afterScenario: 'end',
          beforeRequest: 'before',
          afterResponse: 'after',
          onError: 'failed',
          flow: [
            login,
            { get: { url: '/me', qs: { city: '{{ city }}' }, match: { json: '$.header', value: 'suite' } } },
            { get: { url: '/moved' } },
            { get: { url: '/moved', followRedirect: false } },
            { parallel: [{ get: { url: '/one' } }, { get: { url: '/two' } }] },
            {
              loop: [
                { function: 'forget' },
                { log: 'suite: {{ $loopElement }} for {{ name }}' },
                bookItem('{{ $loopElement }}', {
                  name: 'book',
                  beforeRequest: 'own',
                  afterResponse: 'after',
                  ifTrue: 'token',
                }),
                { post: { url: '/pay', ifTrue: 'won', json: { order: '{{ order }}' } } },
                { think: '10ms' },
              ],
              over: ['a', 'b'],
            },
            { loop: [{ get: { url: '/count/{{ $loopCount }}' } }], count: 2 },
            { loop: [{ get: { url: '/while' } }], whileTrue: 'again' },
          ],
        },
      ],
    }));
    expect(run.verdict, run.stdout + run.stderr).toMatchObject({ verdict: 'pass', totals: { requests: 8, ok: 2 } });
    expect(ours).toEqual(stock);
    expect(stock.code).toBe(0);
    expect(stock.counters).toMatchObject({
      'http.codes.201': 2,
      'http.codes.409': 6,
      'apdex.satisfied': expect.any(Number),
    });
  });

  it.for(['reset', 'end', 'silence', 'no http', 'half'])('where a request breaks by %s', async (breaks, { open }) => {
    const { ours, stock } = await both(open, (url) => ({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: 3 }],
        processor: processor(),
        http: { timeout: 1 },
        plugins: {
          'metrics-by-endpoint': {},
          expect: { formatter: 'silent' },
          race: { inventories: ['a'], attempt: { timeoutMs: 1000 } },
        },
      },
      scenarios: [
        {
          beforeScenario: 'begin',
          afterScenario: 'end',
          onError: 'failed',
          flow: [
            login,
            bookItem('a', { json: { item: 'a', breaks }, expect: { statusCode: 201 } }),
            { get: { url: '/pay' } },
          ],
        },
      ],
    }));
    expect(ours, breaks).toEqual({ ...stock, code: 4 });
  });

  it.for<[string, object, readonly object[], number]>([
    [
      'a login that is refused',
      {},
      [{ ...login, post: { ...login.post, json: { user: 'nobody' } } }, bookItem('a')],
      2,
    ],
    ['a match that fails after the race', {}, [login, bookItem('a', { match: { json: '$.order_id', value: 'x' } })], 0],
    ['a function that throws', {}, [login, bookItem('a'), { function: 'explode' }], 0],
    [
      'an expectation that is not met',
      {},
      [login, bookItem('a'), { get: { url: '/x', expect: { statusCode: 404 } } }],
      21,
    ],
    [
      'a condition that is not met',
      { ensure: { conditions: [{ expression: 'vusers.completed == 77' }] } },
      [login, bookItem('a')],
      1,
    ],
  ])('and %s', async ([, config, flow, code], { open }) => {
    const { ours, stock, run } = await both(open, (url) => ({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: 3 }],
        processor: processor(),
        ...config,
        plugins: { ensure: {}, expect: { formatter: 'silent' }, race: { inventories: ['a'] } },
      },
      scenarios: [{ beforeScenario: 'begin', afterScenario: 'end', onError: 'failed', flow }],
    }));
    expect(ours).toEqual({ ...stock, code });
    expect(run.verdict?.exitCode ?? 2).toBe(code);
    if (code !== 2) expect(run.stdout).toContain(`(exit code ${code})`);
  });

  it('as a TypeScript suite with overrides', async ({ open }) => {
    const suite = (url: string, race: boolean) => `
      const item: string = 'a';
      export const config = {
        target: '${url}',
        phases: [{ duration: 1, arrivalCount: 2 }],
        processor: './hooks.ts',
        ${race ? "plugins: { race: { inventories: ['a'] } }," : ''}
      };
      export const scenarios = [{ beforeScenario: 'begin', flow: [
        ${JSON.stringify(login)},
        { post: { url: '/book', headers: { authorization: 'x' }, json: { item }, ${race ? 'race: item,' : ''} afterResponse: 'after' } },
      ] }];`;
    const hooks = `
      export async function begin(context: { vars: Record<string, unknown> }): Promise<void> { context.vars.user = 'ada'; }
      export async function after(_: unknown, response: { statusCode: number }): Promise<void> {
        console.log('suite: ' + response.statusCode);
      }`;
    const one = async (race: boolean) => {
      const folder = temporaryFolder('typescript-');
      const report = reportFile();
      const { url } = await open(httpServer(shop()));
      fs.writeFileSync(path.join(folder, 'hooks.ts'), hooks);
      fs.writeFileSync(path.join(folder, 'suite.ts'), suite(url, race));
      const overrides = JSON.stringify({ config: { phases: [{ duration: 1, arrivalCount: 3 }] } });
      const run = await runFile(path.join(folder, 'suite.ts'), { report, args: ['--overrides', overrides] });
      expect(fs.existsSync(report), run.stdout + run.stderr).toBe(true);
      return seenBy(run, report);
    };
    const [ours, stock] = [await one(true), await one(false)];
    expect(ours).toEqual(stock);
    expect(stock).toMatchObject({
      code: 0,
      counters: { 'vusers.created': 3 },
      log: ['suite: 201', 'suite: 409', 'suite: 409'],
    });
  });

  it('with a certificate of its own, whatever names its options have', async ({ open }) => {
    const pem = (name: string) => fs.readFileSync(path.join(path.dirname(CERTIFICATE), name), 'utf8');
    const [key, certificate] = [pem('key.pem'), pem('cert.pem')];
    const mutual = async (suite: (url: string) => object) => {
      const answer = shop();
      const server = https.createServer(
        { key, cert: certificate, ca: certificate, requestCert: true },
        (request, response) => {
          let body = '';
          request.on('data', (chunk) => {
            body += chunk;
          });
          request.on('end', () => answer(request, response, body));
        },
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await open(Promise.resolve({ close: async () => void server.close() }));
      const report = reportFile();
      const run = await runSuite(suite(`https://127.0.0.1:${port}`), { report });
      expect(fs.existsSync(report), run.stdout + run.stderr).toBe(true);
      return seenBy(run, report);
    };
    const suite = (url: string) => ({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: 3 }],
        variables: { user: 'ada' },
        tls: { key, certificate, rejectUnauthorized: false },
        plugins: { race: { inventories: ['a'] } },
      },
      scenarios: [{ flow: [login, bookItem('a')] }],
    });
    const ours = await mutual(suite);
    expect(ours).toEqual(await mutual((url) => withoutRace(suite(url)) as object));
    expect(ours).toMatchObject({ code: 0, counters: { 'http.codes.201': 1, 'http.codes.409': 2 } });
  });
});

describe.concurrent('the wait for the other contenders', () => {
  it('is in no figure of another plugin, and in no span', async ({ open }) => {
    const spans = { ours: reportFile(), stock: reportFile() };
    const suite = (url: string, file: string) => ({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: 3 }],
        http: { extendedMetrics: true },
        apdex: { threshold: 1000 },
        processor: processor(),
        plugins: {
          apdex: {},
          'publish-metrics': [
            { type: 'open-telemetry', traces: { exporter: '__test', useRequestNames: true, __outputPath: file } },
          ],
          race: { inventories: ['a'], rehearsal: false },
        },
      },
      scenarios: [
        {
          beforeScenario: 'begin',
          flow: [login, { function: 'late' }, bookItem('a', { name: 'book' }), { get: { url: '/x', name: 'look' } }],
        },
      ],
    });
    const one = async (which: 'ours' | 'stock') => {
      const report = reportFile();
      const { url } = await open(httpServer(shop()));
      const script = suite(url, spans[which]);
      const run = await launchSuite(which === 'ours' ? script : (withoutRace(script) as object), { report });
      expect(fs.existsSync(report), run.stdout + run.stderr).toBe(true);
      const { histograms } = JSON.parse(fs.readFileSync(report, 'utf8')).aggregate;
      const traced = JSON.parse(fs.readFileSync(spans[which], 'utf8')) as { name: string; duration: number }[];
      return { seen: seenBy(run, report), slowestMs: histograms['http.total'].max as number, traced };
    };
    // Side by side: publish-metrics waits ten seconds at the end.
    const [ours, stock] = await Promise.all([one('ours'), one('stock')]);
    expect(ours.seen).toEqual(stock.seen);
    expect(ours.seen.counters).toMatchObject({ 'apdex.satisfied': 9, 'plugins.publish-metrics.spans.exported': 12 });
    expect(ours.traced.map(({ name }) => name).toSorted()).toEqual(stock.traced.map(({ name }) => name).toSorted());
    // One virtual user comes two seconds later, and the others wait for it.
    expect(ours.slowestMs).toBeLessThan(1000);
    const booked = ours.traced.filter(({ name }) => name === 'book').map(({ duration }) => duration / 1000);
    expect(Math.max(...booked)).toBeLessThan(1000);
  });
});
