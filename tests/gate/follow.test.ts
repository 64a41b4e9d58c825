import http, { type IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { createGate, type Exchange, type Holder } from '../../plugin/src/gate/index.ts';
import { sendWhole } from '../support/engine.ts';
import { it } from '../support/fixtures.ts';
import { type Handler, httpServer } from '../support/http-server.ts';

type Opening = <T extends { close(): unknown }>(opening: T | Promise<T>) => Promise<T>;
interface Seen extends Pick<IncomingMessage, 'method' | 'url' | 'headers'> {
  readonly body: string;
}

/** A server that notes what comes, and answers by path. */
async function shop(
  open: Opening,
  answers: Record<string, Parameters<Handler>[1] extends infer R ? (response: R) => void : never>,
) {
  const seen: Seen[] = [];
  const server = await open(
    httpServer(({ method, url, headers }, response, body) => {
      seen.push({ method, url, headers, body });
      const answer = answers[url ?? ''];
      if (answer === undefined) response.end('the page');
      else answer(response);
    }),
  );
  return { url: server.url, seen };
}

const moved =
  (status: number, location: string, more: http.OutgoingHttpHeaders = {}) =>
  (response: http.ServerResponse) =>
    void response.writeHead(status, { location, ...more }).end('moved');

/** Posts an order through a gate. */
async function order(open: Opening, url: string, holder: Partial<Holder> = {}, headers: http.OutgoingHttpHeaders = {}) {
  const gate = await open(
    createGate({ now: () => performance.now(), timeoutMs: 2000, maxBodyBytes: 10_000, wire: 'auto' }),
  );
  const done = Promise.withResolvers<Exchange>();
  const agents = gate.hold({ staged: (release) => release(), done: done.resolve, ...holder });
  const post = (path: string) =>
    sendWhole(
      http.request(url + path, {
        method: 'POST',
        agent: agents.httpAgent,
        headers: { 'Content-Type': 'application/json', 'Content-Length': 2, authorization: 'Bearer t', ...headers },
      }),
      '{}',
    );
  return { given: await post('/orders'), exchange: await done.promise, post };
}

/** The cookies that were stored, and those that are sent. */
function jar() {
  const stored: string[] = [];
  return {
    stored,
    header: () => 'sid=1',
    store: (cookie: string, url: string) => void stored.push(`${cookie} ${url}`),
  };
}

const FROM = '{"method":"POST","url":"/orders","body":"{}"}';
const briefly = (seen: readonly Seen[]) => seen.map(({ method, url, body }) => JSON.stringify({ method, url, body }));

it('a redirect is judged, and what the engine sends after it is a GET', async ({ open }) => {
  for (const status of [301, 302, 303]) {
    const { url, seen } = await shop(open, { '/orders': moved(status, '/thanks') });
    const { given, exchange, post } = await order(open, url);
    expect(given.status).toBe(status);
    expect(exchange.reply).toMatchObject({ kind: 'complete', status, headers: { location: '/thanks' } });
    // The engine would send the order again.
    expect(await post('/thanks')).toMatchObject({ status: 200, body: 'the page' });
    expect(briefly(seen)).toEqual([FROM, '{"method":"GET","url":"/thanks","body":""}']);
    expect(seen[1]?.headers).not.toHaveProperty('content-type');
    expect(seen[1]?.headers).not.toHaveProperty('content-length');
  }
});

it('a page behind a redirect is judged where the holder wants that, with the cookies on the way', async ({ open }) => {
  const { url, seen } = await shop(open, {
    '/orders': moved(302, '/wait', { 'set-cookie': ['a=1', 'b=2'] }),
    '/wait': moved(307, '/th%C3%A4nks?order=7'),
    '/th%C3%A4nks?order=7': (response) => response.writeHead(200, { 'set-cookie': 'c=3' }).end('thanks'),
  });
  const cookies = jar();
  const { given, exchange } = await order(open, url, { cookies });
  expect(given).toMatchObject({ status: 200, body: 'thanks' });
  // The jar has it already, for the right address.
  expect(given.headers).not.toHaveProperty('set-cookie');
  expect(briefly(seen)).toEqual([
    FROM,
    '{"method":"GET","url":"/wait","body":""}',
    '{"method":"GET","url":"/th%C3%A4nks?order=7","body":""}',
  ]);
  expect(seen.map(({ headers }) => headers.cookie)).toEqual([undefined, 'sid=1', 'sid=1']);
  expect(cookies.stored).toEqual([`a=1 ${url}/orders`, `b=2 ${url}/orders`, `c=3 ${url}/th%C3%A4nks?order=7`]);
  const { timing, request, reply } = exchange;
  expect([request.method, reply]).toMatchObject([
    'POST',
    { kind: 'complete', status: 200, body: Buffer.from('thanks') },
  ]);
  expect(timing.completedAtMs).toBeGreaterThan(timing.firstByteAtMs ?? Infinity);
});

it('307 and 308 send the same again, and credentials stay with the first origin', async ({ open }) => {
  const other = await shop(open, {});
  const { url, seen } = await shop(open, {
    '/orders': moved(308, '/v2/orders'),
    '/v2/orders': moved(307, `${other.url}/orders`),
  });
  const { given } = await order(open, url, { cookies: jar() });
  expect(given.body).toBe('the page');
  expect(briefly(seen)).toEqual([FROM, FROM.replace('/orders', '/v2/orders')]);
  expect(seen[1]?.headers).toMatchObject({ authorization: 'Bearer t' });
  expect(briefly(other.seen)).toEqual([FROM]);
  expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
  expect(other.seen[0]?.headers.host).toBe(new URL(other.url).host);
});

it('a chain that does not end in ten hops has no outcome, and one that breaks has that of the break', async ({
  open,
}) => {
  const { url, seen } = await shop(open, { '/orders': moved(302, '/a'), '/a': moved(302, '/a') });
  const { exchange } = await order(open, url, { cookies: jar() });
  expect(exchange.reply).toMatchObject({ kind: 'partial', status: 302, error: 'more than 10 redirects' });
  expect(seen).toHaveLength(11);
  const broken = await shop(open, { '/orders': moved(302, '/a'), '/a': ({ socket }) => void socket?.destroy() });
  expect((await order(open, broken.url, { cookies: jar() })).exchange.reply).toMatchObject({ kind: 'broken' });
});

it('a location that is no address is where the chain ends', async ({ open }) => {
  for (const location of ['javascript:alert(1)', 'http://[']) {
    const { url } = await shop(open, { '/orders': moved(302, location) });
    expect((await order(open, url, { cookies: jar() })).exchange.reply).toMatchObject({
      kind: 'complete',
      status: 302,
    });
  }
});

it('a request may go to another instance, with its path and its Host, and stays there', async ({ open }) => {
  const instance = await shop(open, { '/orders': moved(302, '/thanks') });
  const { hostname: host, port } = new URL(instance.url);
  const holder = { instance: { secure: false, host, port: Number(port) }, cookies: jar() };
  await order(open, 'http://127.0.0.1:9', holder);
  expect(briefly(instance.seen)).toEqual([FROM, '{"method":"GET","url":"/thanks","body":""}']);
  expect(instance.seen.map(({ headers }) => headers.host)).toEqual(['127.0.0.1:9', '127.0.0.1:9']);
});

it('an answer counts as it is where the suite sends a Host that no URL can have', async ({ open }) => {
  const { url } = await shop(open, { '/orders': moved(302, '/thanks') });
  const { given, exchange } = await order(open, url, { cookies: jar() }, { host: 'my shop' });
  expect(given).toMatchObject({ status: 302 });
  expect(exchange.reply).toMatchObject({ status: 302 });
});
