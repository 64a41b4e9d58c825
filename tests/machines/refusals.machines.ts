import fs from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, findingsOf, runSuite } from '../support/artillery.ts';
import { type BookingServer, bookingServer, correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { newRun, startFleet } from '../support/machines.ts';
import { CERTIFICATE } from '../support/secure-server.ts';
import { book, SEATS, type Suite, suiteFor } from '../support/suites.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

type Variables = Readonly<Record<string, string>>;

/** Refused: one line that says why, and nothing else is left of it. */
function expectRefused(run: FinishedRun, problem: string): void {
  expect(run.stderr.trim().split('\n')).toEqual([expect.stringContaining(problem)]);
  expect([run.code, run.files]).toEqual([2, []]);
}

const withoutPassword = (url: string): string => url.replace(/:[^:@/]+@/, '@');

describe('a machine that differs from the host', () => {
  let server: BookingServer;
  let stopHost: () => Promise<FinishedRun | undefined>;
  const run = newRun('differs');
  beforeAll(async () => {
    server = await bookingServer(correct());
    const { children, ended } = await startFleet(suiteFor(server.url), {
      url: redis.url,
      run,
      machines: 2,
      started: 1,
      isLaunched: true,
      env: { ORDER_JOIN_MS: '600000' },
    });
    stopHost = async () => {
      children[0]?.kill('SIGINT');
      return (await ended)[0];
    };
  });
  afterAll(() => server.close());

  const asHost: Suite = {};
  it.for<[string, Suite, Variables, string]>([
    ['another seat', { race: { inventories: ['A1', 'A2', 'B9'] } }, {}, 'inventories differs from that'],
    ['one seat more', { race: { inventories: [...SEATS, 'A4'] } }, {}, 'inventories differs from that'],
    ['another number of machines', asHost, { ORDER_MACHINES: '3' }, 'machines differs from that'],
    [
      'other virtual users',
      { vus: 11 },
      {},
      `contenders differs from that of the first machine of the run "${run}": 20 there, 22 here`,
    ],
    ['written contenders', { race: { contenders: 12 } }, {}, 'contenders differs from that'],
    ['another request', { flow: [book('A1')] }, {}, 'scenarios.0.flow.0 differs from that'],
    [
      'one step more',
      { flow: [{ loop: [book()], over: '$inventories' }, { think: 1 }] },
      {},
      'scenarios.0.flow.1 differs',
    ],
    ['another hook', { scenario: { beforeScenario: 'hook' } }, {}, 'scenarios.0 differs from that'],
    ['another limit', { race: { limits: { spreadMs: 5 } } }, {}, 'config.plugins.race.limits differs from that'],
    ['another timeout', { config: { http: { timeout: 3 } } }, {}, 'differs from that of the first machine'],
  ])('is refused by the name of the difference: %s', async ([, suite, env, problem]) => {
    const variables = { ORDER_MACHINES: '2', ORDER_MEET: redis.url, ORDER_RUN_ID: run, ...env };
    expectRefused(await runSuite(suiteFor(server.url, suite), { env: variables }), problem);
  });

  it('does not end the host, which books nothing and ends when it is told to', async () => {
    const host = await stopHost();
    expect([host?.code, host?.verdict, server.requests()]).toEqual([130, undefined, 0]);
  });
});

it('a fourth of three is refused while they race, and so is a second run of the same name', async ({ target }) => {
  const name = newRun('full');
  const env = (url: string) => ({ ORDER_MACHINES: '3', ORDER_MEET: url, ORDER_RUN_ID: name });
  const suite = (url: string) =>
    suiteFor(url, {
      vus: 5,
      race: { attempt: { timeoutMs: 60_000 }, limits: { p95Ms: 60_000, spreadMs: 60_000, overlap: 0 } },
    });
  const another = () => runSuite(suite(server.url), { env: env(redis.url) });
  let fourth: Promise<FinishedRun> | undefined;
  const server = await target(async (booking) => {
    fourth ??= another();
    await fourth;
    return correct()(booking);
  });
  const fleet = await startFleet(suite(server.url), { url: redis.url, run: name, machines: 3 });
  const runs = await fleet.ended;
  expectRefused((await fourth) as FinishedRun, `the run "${name}" has its 3 machines already`);
  expect(runs.map((run) => [run.code, findingsOf(run)])).toEqual(Array(3).fill([0, []]));
  expect(server.requests()).toBe(15 * SEATS.length);
  expectRefused(await another(), `the run "${name}" is over: give every run a name of its own (ORDER_RUN_ID)`);
  expect(server.requests()).toBe(15 * SEATS.length);
});

describe('settings', () => {
  const good: Variables = { ORDER_MACHINES: '2', ORDER_MEET: 'redis://127.0.0.1:1', ORDER_RUN_ID: 'settings' };
  const { ORDER_MEET: _, ...noMeet } = good;
  const { ORDER_RUN_ID: __, ...noRun } = good;
  it.for<[string, object, Variables, string]>([
    ['no place to meet', {}, noMeet, 'config.plugins.race.meet: missing'],
    ['an empty template', { meet: '{{ $env.NOT_SET }}' }, noMeet, 'config.plugins.race.meet: missing'],
    ['another scheme', { meet: 'http://u:hunter2@127.0.0.1:1' }, noMeet, 'config.plugins.race.meet: must be redis://'],
    ['no host', {}, { ...good, ORDER_MEET: 'redis://' }, 'config.plugins.race.meet: must be redis://'],
    ['no scheme', {}, { ...good, ORDER_MEET: 'hunter2@127.0.0.1' }, 'config.plugins.race.meet: must be redis://'],
    ['no run', {}, noRun, 'ORDER_RUN_ID: missing'],
    ['a bad run', {}, { ...good, ORDER_RUN_ID: 'a b' }, 'ORDER_RUN_ID: may have letters'],
    ['a long run', {}, { ...good, ORDER_RUN_ID: 'a'.repeat(101) }, 'ORDER_RUN_ID: may have letters'],
    ['no number', {}, { ...good, ORDER_MACHINES: 'two' }, 'ORDER_MACHINES: must be a whole number'],
    ['none', {}, { ...good, ORDER_MACHINES: '0' }, 'ORDER_MACHINES: '],
    [
      'nobody there',
      {},
      { ...good, ORDER_MEET: 'redis://:hunter2@127.0.0.1:1' },
      'Redis at 127.0.0.1:1 cannot be used',
    ],
  ])('that cannot work are refused: %s', async ([, race, env, problem], { target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, { race }), { env });
    expectRefused(run, problem);
    expect(run.stdout + run.stderr).not.toContain('hunter2');
    expect(server.requests()).toBe(0);
  });
});

/** Listens, and hands each connection to `serve`. */
async function listener(serve: (socket: Socket) => void, options?: tls.TlsOptions): Promise<net.Server> {
  const server = options === undefined ? net.createServer(serve) : tls.createServer(options, serve);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = server.close.bind(server);
  return Object.assign(server, {
    close(): net.Server {
      for (const socket of sockets) socket.destroy();
      return close();
    },
  });
}

const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;
const meeting = (url: string, run: string): Variables => ({ ORDER_MACHINES: '2', ORDER_MEET: url, ORDER_RUN_ID: run });

describe('a Redis', () => {
  it('that never answers is given up after ten seconds', async ({ target, open }) => {
    const server = await target();
    const silent = await open(listener(() => {}));
    const url = `redis://:hunter2@127.0.0.1:${portOf(silent)}`;
    const run = await runSuite(suiteFor(server.url), { env: meeting(url, 'silent') });
    expectRefused(run, `Redis at 127.0.0.1:${portOf(silent)} cannot be used: no answer within 10 s`);
    expect([run.stdout + run.stderr, server.requests()]).toEqual([expect.not.stringContaining('hunter2'), 0]);
  });

  it.for([
    ['a wrong password', (url: string) => url.replace(/:[^:@/]+@/, ':hunter2@')],
    ['no password', withoutPassword],
  ] as const)('that refuses %s is named without it', async ([, change], { target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url), { env: meeting(change(redis.url), 'password') });
    expectRefused(run, `Redis at ${new URL(redis.url).host} cannot be used`);
    expect(run.stdout + run.stderr).not.toContain('hunter2');
    expect(run.stdout + run.stderr).not.toContain(new URL(redis.url).password);
    expect(server.requests()).toBe(0);
  });

  it('that is older than 6.2 is refused', async ({ target, open }) => {
    const server = await target();
    const old = await open(listener((socket) => answerAs(socket, '6.0.16')));
    const run = await runSuite(suiteFor(server.url), { env: meeting(`redis://127.0.0.1:${portOf(old)}`, 'old') });
    expectRefused(run, 'is version 6.0.16: machines meet in Redis 6.2 or newer, or in Valkey');
    expect(server.requests()).toBe(0);
  });

  it('behind TLS needs a certificate that is trusted, by NODE_EXTRA_CA_CERTS if need be', async ({ target, open }) => {
    const server = await target();
    const cert = fs.readFileSync(CERTIFICATE);
    const key = fs.readFileSync(path.join(path.dirname(CERTIFICATE), 'key.pem'));
    const { port, password } = new URL(redis.url);
    const secure = await open(
      listener(
        (socket) => {
          const plain = net.connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
          socket.pipe(plain).pipe(socket);
          socket.on('close', () => plain.destroy());
        },
        { cert, key },
      ),
    );
    const url = `rediss://:${password}@localhost:${portOf(secure)}`;
    const untrusted = await runSuite(suiteFor(server.url), { env: meeting(url, 'tls') });
    expectRefused(untrusted, `Redis at localhost:${portOf(secure)} cannot be used: self-signed certificate`);
    expect(server.requests()).toBe(0);
    const env = { NODE_EXTRA_CA_CERTS: CERTIFICATE, ORDER_MEET: url };
    const runs = await (
      await startFleet(suiteFor(server.url), { url: redis.url, run: newRun('tls'), machines: 2, isLaunched: true, env })
    ).ended;
    expect(runs.map((each) => [each.code, each.stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
  });
});

/** As much of Redis as tells its version. */
function answerAs(socket: Socket, version: string): void {
  const info = `# Server\r\nredis_version:${version}\r\n`;
  socket.on('data', (data) => {
    for (const [command] of `${data}`.matchAll(/\b(HELLO|CLIENT|PING|INFO)\r\n/gi)) {
      if (/^info/i.test(command)) socket.write(`$${info.length}\r\n${info}\r\n`);
      else socket.write(/^ping/i.test(command) ? '+PONG\r\n' : '+OK\r\n');
    }
  });
}
