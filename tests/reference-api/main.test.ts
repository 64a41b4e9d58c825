import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_SEATS, DEMO_TOKEN, demoSeats } from '../../reference-api/demo.ts';

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

const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: 20_000 });

const readSeats = async (url: string) =>
  (await (await fetch(`${url}/seats`)).json()) as { seats: { seat_id: string; status: string }[] };

const book = (url: string, seatId = DEMO_SEATS[0]) =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ event_id: 'e', session_id: 's', seat_ids: [seatId], organization_id: 'o' }),
  });

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
    '--lock',
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
