import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { curlOf } from '../../reports/curl.ts';
import { runSuite, writtenBy } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;
const OWN = `00-${'4bf92f3577b34da6a3ce929d0e0e4736'}-00f067aa0ba902b7-00`;
const PASSWORD = 'hunter2-and-$(more)';
const auth = { headers: { authorization: 'Bearer of-the-suite-1234', 'x-note': `it's $(id) "so" \`x\`` } };

/** Sells each seat to everybody, and remembers what came. */
async function wrongShop() {
  const seen: { readonly path: string; readonly traceparent: string | undefined }[] = [];
  const taken = new Set<string>();
  const server = await httpServer(({ method, url = '', headers }, response, body) => {
    seen.push({ path: `${method} ${url}`, traceparent: headers.traceparent as string | undefined });
    const [, seat = ''] = url.match(/^\/seats\/(.*)/) ?? [];
    if (method === 'GET') return response.end(JSON.stringify({ status: taken.has(seat) ? 'booked' : 'available' }));
    taken.add((JSON.parse(body) as { seat: string }).seat);
    const { authorization, 'x-note': note, 'content-type': type } = headers;
    response.writeHead(201, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ id: body.length, echo: [authorization, note, type, body] }));
  });
  return Object.assign(server, { seen });
}

const race = {
  traces: true,
  traceUrl: 'https://jaeger.example.com/trace/{traceId}?a=1&b="2"',
  readBack: '/seats/{seat}',
};
const raced = book(undefined, {
  json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}', password: PASSWORD, note: `it's\n$(id)` },
  ...auth,
});
const flow = [eachSeat({ get: { url: '/before', ...auth } }, raced, { get: { url: '/after' } })];

describe.concurrent('traces', () => {
  it('each raced request has a trace of its own, no other request has one, and reports show those of a double sale', async ({
    open,
  }) => {
    const shop = await open(wrongShop());
    const run = await runSuite(suiteFor(shop.url, { race, flow, vus: 3 }));
    expect(run.code, run.stdout + run.stderr).toBe(3);
    const sent = shop.seen.filter(({ path }) => path === 'POST /book').map(({ traceparent }) => traceparent);
    expect(sent).toHaveLength(9);
    for (const traceparent of sent) expect(traceparent).toMatch(TRACEPARENT);
    expect(new Set(sent.map((traceparent) => traceparent?.split('-')[1])).size).toBe(9);
    const others = shop.seen.filter(({ path }) => path !== 'POST /book');
    expect(new Set(others.map(({ traceparent }) => traceparent))).toEqual(new Set([undefined]));

    const recorded = run.history?.attempts.map(({ traceId }) => traceId);
    expect(new Set(recorded)).toEqual(new Set(sent.map((traceparent) => traceparent?.split('-')[1])));
    const found = run.verdict?.findings.find(({ id }) => id === 'double-booking');
    const written = writtenBy(run);
    for (const { traceId } of found?.witness ?? []) {
      expect(written).toContain(`href="https://jaeger.example.com/trace/${traceId}?a&#x3D;1&amp;b&#x3D;%222%22"`);
    }
    expect(found?.witness.length).toBeGreaterThan(1);
  });

  it('the curl of a witness gets the same answer in bash, with the secrets in variables', async ({ open }) => {
    const shop = await open(wrongShop());
    const run = await runSuite(suiteFor(shop.url, { race, flow, vus: 2 }));
    const written = writtenBy(run);
    expect(written).not.toContain('of-the-suite-1234');
    expect(written).not.toContain('hunter2');
    const attempt = run.verdict?.findings[0]?.witness[0];

    const { command, variables } = curlOf(attempt?.request ?? { method: '', url: '', headers: [] });
    expect(variables).toEqual(['TOKEN', 'PASSWORD']);
    const env = { PATH: process.env.PATH, HOME: '/dev/null', TOKEN: 'of-the-suite-1234', PASSWORD };
    const sentBefore = shop.seen.length;
    const { stdout, stderr } = await bash(command, env);
    expect(stderr).toBe('');
    expect(shop.seen).toHaveLength(sentBefore + 1);
    expect(JSON.parse(stdout)).toEqual({
      ...JSON.parse(stdout),
      echo: [
        auth.headers.authorization,
        auth.headers['x-note'],
        'application/json',
        JSON.stringify({ seat: attempt?.inventory, vu: attempt?.vu, password: PASSWORD, note: `it's\n$(id)` }),
      ],
    });
  });

  it('a traceparent of the suite is kept, and its trace is recorded', async ({ open }) => {
    const shop = await open(wrongShop());
    const own = book(undefined, { headers: { TraceParent: OWN } });
    const run = await runSuite(suiteFor(shop.url, { race, flow: [eachSeat(own)], vus: 2 }));
    const sent = shop.seen.filter(({ path }) => path === 'POST /book').map(({ traceparent }) => traceparent);
    expect(new Set(sent)).toEqual(new Set([OWN]));
    expect(new Set(run.history?.attempts.map(({ traceId }) => traceId))).toEqual(new Set([OWN.split('-')[1]]));
  });

  it.for(['ftp://x/{traceId}', 'javascript:alert("{traceId}")', 'https://user:pw@x/{traceId}', 'https://x/', 'x'])(
    'a traceUrl of %s ends the run before anything is sent',
    async (traceUrl, { open }) => {
      const shop = await open(wrongShop());
      const run = await runSuite(suiteFor(shop.url, { race: { traceUrl }, vus: 2 }));
      expect(run.code).toBe(2);
      expect(run.stderr + run.stdout).toContain('config.plugins.race.traceUrl');
      expect(shop.seen).toEqual([]);
    },
  );
});

const bash = (command: string, env: NodeJS.ProcessEnv) =>
  promisify(execFile)('bash', ['--norc', '-c', command], { env });
