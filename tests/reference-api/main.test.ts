import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_SEATS, DEMO_TOKEN, DEMO_USER, demoSeats } from '../../reference-api/demo.ts';
import type { Seat } from '../../reference-api/stores/store.ts';
import { root } from '../support/artillery.ts';
import { orderOf } from './api.ts';

const MAIN = join(root, 'reference-api/main.ts');

const started: ChildProcessWithoutNullStreams[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reference-api-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function launch(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.node/compile-cache') },
  });
  started.push(child);
  return child;
}

/** Starts the server and reads the one line that it prints. */
async function start(...args: string[]) {
  const child = launch(...args);
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    output.text += data;
  });
  while (!output.text.includes('\n')) await once(child.stdout, 'data');
  const line = JSON.parse(output.text) as { url: string; pid: number; lock: string };
  return { child, output, line };
}

/** Runs the command until it exits. */
async function run(...args: string[]) {
  const child = launch(...args);
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr };
}

const readSeats = async (url: string) => ((await (await fetch(`${url}/seats`)).json()) as { seats: Seat[] }).seats;

const book = (url: string, seatId = DEMO_SEATS[0] ?? '') =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(orderOf(seatId)),
  });

async function bookOnNewConnection(url: string, seatId: string, token: string): Promise<number | undefined> {
  const request = http.request(url, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  request.end(JSON.stringify(orderOf(seatId)));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('the server', () => {
  it.each([
    ['SIGTERM', 'unique'],
    ['SIGINT', 'none'],
  ] as const)(
    'prints one line of JSON, and stops on %s with 0 although a connection is kept alive',
    async (signal, lock) => {
      const { child, output, line } = await start('--lock', lock, '--seat-count', '20');
      expect(line).toEqual({
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/orders$/),
        pid: child.pid,
        lock,
      });
      expect((await readSeats(line.url)).map(({ seat_id }) => seat_id)).toEqual(demoSeats(20));
      expect((await book(line.url)).status).toBe(201);
      expect((await book(line.url)).status).toBe(400);
      const agent = new http.Agent({ keepAlive: true });
      const [response] = (await once(http.get(`${line.url}/seats`, { agent }), 'response')) as [http.IncomingMessage];
      await once(response.resume(), 'end');

      const signalledAt = performance.now();
      child.kill(signal);
      expect(await once(child, 'close')).toEqual([0, null]);
      // A kept-alive connection would delay the end by 72 seconds, an unfinished close forever.
      expect(performance.now() - signalledAt).toBeLessThan(2_000);
      expect(output.text.trim().split('\n')).toHaveLength(1);
      agent.destroy();
    },
  );

  it('stops although a booking is still at work', async () => {
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

  it('empties the database file of an earlier start', async () => {
    const file = join(folder, 'seats.db');
    const { child, line } = await start('--database', file);
    expect((await book(line.url)).status).toBe(201);
    child.kill('SIGTERM');
    await once(child, 'exit');

    const again = await start('--database', file, '--lock', 'none', '--seats', 'A-1, A-2');
    expect(await readSeats(again.line.url)).toEqual(
      ['A-1', 'A-2'].map((seat_id) => ({ seat_id, status: 'available', order_ids: [] })),
    );
  });

  it('runs in several processes behind one port, which share seats and tokens and end together', async () => {
    const { child, line } = await start('--processes', '2', '--lock', 'unique');
    expect(line.pid).toBe(child.pid);
    const token = await fetch(new URL('/oauth/token', line.url), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', ...DEMO_USER }),
    });
    const { access_token } = (await token.json()) as { access_token: string };
    // Connections go to the processes in turn.
    const statuses = await Promise.all(
      DEMO_SEATS.flatMap((seat) => [0, 1].map(() => bookOnNewConnection(line.url, seat, access_token))),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(DEMO_SEATS.length);
    expect(statuses.filter((status) => status === 400)).toHaveLength(DEMO_SEATS.length);

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(readSeats(line.url)).rejects.toThrow();
  });
});

describe('an error is one line on stderr', () => {
  it('with exit code 1 when the server cannot start', async () => {
    const file = join(folder, 'precious.db');
    const precious = new DatabaseSync(file);
    precious.exec('CREATE TABLE seats (precious TEXT)');
    precious.close();
    const { status, stdout, stderr } = await run('--database', file);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^reference-api: .*another application.*\n$/);
  });

  it('with exit code 1 when the port is taken', async () => {
    const { line } = await start();
    const { status, stdout, stderr } = await run('--port', new URL(line.url).port);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^reference-api: .*EADDRINUSE.*\n$/);
  });

  it.each([
    [['--luck', 'none'], "Unknown option '--luck'"],
    [['--lock', 'hope'], 'there is no lock "hope"'],
  ])('with exit code 2 for bad input: %j', async (args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

it('--help exits with 0', async () => {
  const { status, stdout } = await run('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--lock NAME');
});
