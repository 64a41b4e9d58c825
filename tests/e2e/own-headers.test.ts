import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { secureServer } from '../support/secure-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

/** What an HTTP client sends by itself, or Artillery, or the suite below. */
const EXPECTED = [
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'transfer-encoding',
  'user-agent',
];
const isForeign = (name: string): boolean => !name.startsWith(':') && !EXPECTED.includes(name.toLowerCase());

const auth = { headers: { authorization: 'Bearer of-the-suite' } };
const flow = [eachSeat({ get: { url: '/before', ...auth } }, book(undefined, auth), { get: { url: '/after' } })];

describe.concurrent('no header of ours reaches a target', () => {
  it('over HTTP/1.1: raced and not raced, after redirects, on several servers, before and after the race', async ({
    open,
  }) => {
    const names = new Set<string>();
    const paths = new Set<string>();
    const taken = new Set<string>();
    const start = () =>
      httpServer(({ method, url = '', rawHeaders }, response, body) => {
        for (const name of rawHeaders.filter((_, index) => index % 2 === 0)) names.add(name);
        paths.add(`${method} ${url.replace(/A\d/, 'A')}`);
        if (url.startsWith('/seats/')) {
          const isTaken = taken.has(url.slice('/seats/'.length));
          return response.end(JSON.stringify({ status: isTaken ? 'booked' : 'available' }));
        }
        if (method === 'GET') return response.writeHead(200, { 'set-cookie': 'a=b' }).end('{}');
        const { seat } = JSON.parse(body) as { seat: string };
        const location = taken.has(seat) ? '/sold-out' : '/thanks';
        taken.add(seat);
        return response.writeHead(302, { location }).end();
      });
    const instances = [(await open(start())).url, (await open(start())).url];
    const outcome = { success: { header: { location: '/thanks' } }, refusal: { header: { location: '/sold-out' } } };
    const race = { instances, outcome, readBack: '/seats/{seat}' };
    const run = await runSuite(suiteFor(instances[0] ?? '', { race, flow, vus: 4 }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect([...names].filter(isForeign)).toEqual([]);
    expect([...paths].toSorted()).toEqual([
      'GET /after',
      'GET /before',
      'GET /seats/A',
      'GET /sold-out',
      'GET /thanks',
      'POST /book',
    ]);
  });

  it.for([true, false])('over TLS, HTTP/2: %s', async (http2, { open }) => {
    const { url, names, versions } = await open(secureServer({ http2 }));
    const race = { readBack: '/seats/{seat}', wire: http2 ? 'http2' : 'http1' };
    const config = { tls: { rejectUnauthorized: false }, http: { http2: true } };
    const run = await runSuite(suiteFor(url, { race, config, vus: 4 }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(new Set(versions)).toEqual(new Set([http2 ? '2.0' : '1.1']));
    expect([...names].filter(isForeign)).toEqual([]);
  });
});
