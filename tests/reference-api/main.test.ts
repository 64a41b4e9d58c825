import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_SEATS, DEMO_TOKEN, DEMO_USER, demoSeats } from '../../reference-api/demo.ts';

const MAIN = join(import.meta.dirname, '../../reference-api/main.ts');

const started: ChildProcessWithoutNullStreams[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reference-api-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the server and reads the one line that it prints. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args]);
  started.push(child);
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.text += text;
  });
  while (!output.text.includes('\n')) await once(child.stdout, 'data');
  const line = JSON.parse(output.text) as { url: string; pid: number; lock: string };
  return { child, output, line };
}

const run = (...args: string[]) => runWith({}, ...args);
const runWith = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...env },
  });

const readSeats = async (url: string) =>
  (await (await fetch(`${url}/seats`)).json()) as { seats: { seat_id: string; status: string }[] };

const book = (url: string, seatId = DEMO_SEATS[0]) =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: [seatId], organization_id: 'o' }),
  });

/** Over a connection of its own. */
async function bookAfresh(url: string, seatId: string, token: string): Promise<number | undefined> {
  const request = http.request(url, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  request.end(JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: [seatId], organization_id: 'o' }));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('the server', () => {
  it('prints where it listens, its pid and its lock, and nothing more', async () => {
    const { child, output, line } = await start();
    expect(line).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/orders$/),
      pid: child.pid,
      lock: 'unique',
    });
    expect((await book(line.url)).status).toBe(201);
    expect((await book(line.url)).status).toBe(400);
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(output.text.trim().split('\n')).toHaveLength(1);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops by %s with 0, though a connection is kept alive', async (signal) => {
    const { child, line } = await start();
    const agent = new http.Agent({ keepAlive: true });
    const [response] = (await once(http.get(`${line.url}/seats`, { agent }), 'response')) as [http.IncomingMessage];
    await once(response.resume(), 'end');

    const signalledAt = performance.now();
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    // A kept-alive connection would hold it for 72 seconds, an unfinished close for good.
    expect(performance.now() - signalledAt).toBeLessThan(2_000);
    agent.destroy();
  });

  it('stops though a booking is still at work', async () => {
    const { child, line } = await start('--work-ms', '60000');
    const answer = book(line.url).then(
      () => 'answered',
      () => 'cut off',
    );
    await readSeats(line.url);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await answer).toBe('cut off');
  });

  it('takes a lock and a number of seats', async () => {
    const { line } = await start('--lock', 'none', '--seat-count', '20');
    expect(line.lock).toBe('none');
    expect((await readSeats(line.url)).seats.map(({ seat_id }) => seat_id)).toEqual(demoSeats(20));
  });

  it('takes seats by their ids', async () => {
    const { line } = await start('--seats', 'A-1, A-2');
    expect((await readSeats(line.url)).seats.map(({ seat_id }) => seat_id)).toEqual(['A-1', 'A-2']);
  });

  it('lays out its own database file afresh', async () => {
    const file = join(folder, 'seats.db');
    const { child, line } = await start('--database', file);
    expect((await book(line.url)).status).toBe(201);
    child.kill('SIGTERM');
    await once(child, 'exit');

    const again = await start('--database', file, '--lock', 'none');
    expect((await readSeats(again.line.url)).seats.every(({ status }) => status === 'available')).toBe(true);
  });

  it('runs in several processes behind one port, which share seats and tokens, and end together', async () => {
    const { child, line } = await start('--processes', '2', '--lock', 'unique');
    expect(line.pid).toBe(child.pid);
    const token = await fetch(new URL('/oauth/token', line.url), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', ...DEMO_USER }),
    });
    const { access_token } = (await token.json()) as { access_token: string };
    // Connections go to the processes in turn.
    const statuses = await Promise.all(
      DEMO_SEATS.flatMap((seat) => [0, 1].map(() => bookAfresh(line.url, seat, access_token))),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(DEMO_SEATS.length);
    expect(statuses.filter((status) => status === 400)).toHaveLength(DEMO_SEATS.length);

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(readSeats(line.url)).rejects.toThrow();
  });

  it.each([
    [
      'postgres',
      'DATABASE_URL',
      'postgres://user:secret@127.0.0.1:1/x',
      'PostgreSQL does not answer: connect ECONNREFUSED',
    ],
    ['redis', 'REDIS_URL', 'redis://:secret@127.0.0.1:1', 'Redis does not answer: connect ECONNREFUSED'],
  ])('says in one line what is wrong with the store %s, and no password', (store, variable, url, message) => {
    const without = runWith({ [variable]: '' }, '--store', store);
    expect([without.status, without.stdout]).toEqual([1, '']);
    expect(without.stderr).toMatch(new RegExp(`^reference-api: the store ${store} needs ${variable}, such as .*\n$`));

    const { status, stdout, stderr } = runWith({ [variable]: url }, '--store', store);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd()).not.toMatch(/\n|secret/);
  });

  it.each([
    ['postgres', 'DATABASE_URL', 'mysql://user:secret@127.0.0.1/x'],
    ['postgres', 'DATABASE_URL', 'localhost:secret'],
    ['redis', 'REDIS_URL', 'http://:secret@127.0.0.1'],
  ])('says what the address of %s has to be, rather than ask elsewhere: %s=%s', (store, variable, url) => {
    const { status, stderr } = runWith({ [variable]: url }, '--store', store);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^reference-api: ${variable} must be a URL: ${store}(?!.*secret).*\n$`));
  });

  it("leaves another application's database alone", () => {
    const file = join(folder, 'precious.db');
    const precious = new DatabaseSync(file);
    precious.exec('CREATE TABLE seats (precious TEXT); INSERT INTO seats VALUES (1)');

    const { status, stderr } = run('--database', file);
    expect(status).toBe(1);
    expect(stderr).toMatch(/another application.*\n$/);
    expect(precious.prepare('SELECT precious FROM seats').all()).toHaveLength(1);
    precious.close();
  });

  it('says in one line that a port is taken', async () => {
    const { line } = await start();
    const { status, stdout, stderr } = run('--port', new URL(line.url).port);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^reference-api: .*EADDRINUSE.*\n$/);
  });
});

it('--help names every lock and flag, and exits 0', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const word of [
    'unique',
    'none',
    'for-update',
    'set-nx',
    '--store',
    '--lock',
    '--processes',
    '--capacity',
    '--seats',
    '--seat-count',
    '--work-ms',
    '--token-ttl',
    '--database',
  ]) {
    expect(stdout).toContain(word);
  }
});

it.each([
  [['--lock', 'hope'], 'there is no lock "hope"; known: unique, none'],
  [['--lock', 'toString'], 'there is no lock "toString"'],
  [['--lock', 'for-update'], '"for-update" is a lock of the store postgres: add --store postgres'],
  [['--store', 'mongo'], 'there is no store "mongo"; known: sqlite, postgres, redis'],
  [['--processes', '0'], '--processes: must be a whole number from 1'],
  [['--luck', 'none'], "Unknown option '--luck'"],
  [['none'], "Unexpected argument 'none'"],
  [['--port', '70000'], '--port: must be a whole number from 0 to 65535, not "70000"'],
  [['--seat-count', '1.5'], '--seat-count: must be a whole number'],
  [['--seats', 'A,,B'], '--seats: has an empty id'],
  [['--seats', 'A,B,A'], '--seats: names A twice'],
  [['--seats', 'A', '--seat-count', '2'], '--seats and --seat-count: give one of them'],
  [['--token-ttl', '0'], '--token-ttl: must be a whole number'],
])('%j is refused in one line, with exit code 2', (args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
