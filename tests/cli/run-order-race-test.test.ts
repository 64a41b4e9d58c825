import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order race '));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the script', () => {
  it.each([['--help'], ['-h'], ['demo', '--lock', 'none', '--help']])(
    'answers %j before any set-up',
    async (...args) => {
      // Nothing else of the repository is there.
      const script = join(folder, 'run-order-race-test.sh');
      await cp(join(ROOT, 'run-order-race-test.sh'), script);
      const { code, stdout, stderr } = await run(script, args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: \.\/run-order-race-test\.sh \[options\] ENV\n/);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    },
  );

  it('without an environment: one line, exit 2', async () => {
    const { code, stdout, stderr } = await run(join(ROOT, 'run-order-race-test.sh'), []);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: which environment\? .*--help.*\n$/);
  });

  it('finds its repository through symbolic links, with spaces in the path', async () => {
    const clone = join(folder, 'my clone');
    await mkdir(join(clone, 'tools'), { recursive: true });
    await cp(join(ROOT, 'run-order-race-test.sh'), join(clone, 'run-order-race-test.sh'));
    await symlink('my clone/run-order-race-test.sh', join(folder, 'first'));
    await symlink(join(folder, 'first'), join(folder, 'second'));
    // There is no set-up in that clone, so the line with which bash misses it tells where it looked.
    const { stderr } = await run(join(folder, 'second'), ['demo']);
    expect(stderr).toContain(join(clone, 'tools/setup.sh'));
  });
});

describe('bad input', () => {
  it.each([
    [['nonsense'], {}, 'environment "nonsense": not under config.environments'],
    [['demo', '--nonsense'], {}, "Unknown option '--nonsense'"],
    [['demo', '--lock', 'nonsense'], {}, 'there is no lock "nonsense"'],
    [['demo'], { ORDER_VUS: '1' }, 'ORDER_VUS'],
    [['demo', '--seat-count=2'], { ORDER_SEAT_IDS: 'a,b' }, '--seat-count and ORDER_SEAT_IDS exclude each other'],
    [['demo', '--lock', 'for-update'], {}, 'add --store postgres'],
    [
      ['demo', '--store', 'postgres'],
      { DATABASE_URL: '' },
      'the store postgres needs DATABASE_URL, such as postgres://',
    ],
    [['demo', '--store=redis'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, '--store is for the bundled API'],
    [['demo', '--lock=none'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, '--lock is for the bundled API'],
    [['demo'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, 'nothing answers at http://127.0.0.1:1: connection refused'],
    [['demo'], { ORDER_OUTPUT_DIR: '/dev/null/x' }, 'cannot write to the output folder /dev/null/x'],
  ] as [string[], Record<string, string>, string][])('%j with %j: one line, exit 2', async (args, env, problem) => {
    const { code, stdout, stderr } = await main(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(problem);
  });

  it('leaves nothing behind', async () => {
    await main(['demo'], { ORDER_VUS: '0' });
    expect(existsSync(join(folder, 'output'))).toBe(false);
  });
});

describe('real bookings', () => {
  const ids = { ORDER_EVENT_ID: 'e', ORDER_SESSION_ID: 's', ORDER_ORGANIZATION_ID: 'o', ORDER_SEAT_IDS: 'a,b,c' };

  it('are announced, and not made without leave where nobody can be asked', async () => {
    // Something has to listen, or the refusal would be about that; whoever connects is sent away.
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const env = { ...ids, ORDER_VUS: '5', ORDER_BASE_URL: `http://127.0.0.1:${port}/orders`, CI: '' };
      const { code, stderr } = await main(['prod'], env);
      expect(stderr).toMatch(
        /^This will try to make real bookings: 5 VUs × 3 seats = 15 requests to .*\nError: not started/,
      );
      expect(code).toBe(2);
    } finally {
      server.close();
    }
  });
});

/** `cli/main.ts` by itself: what the script hands over to. */
const main = (args: readonly string[], env: Record<string, string>) =>
  run(process.execPath, [join(ROOT, 'cli/main.ts'), ...args], { ORDER_OUTPUT_DIR: join(folder, 'output'), ...env });

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...withoutOrder(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr };
}

/** The environment of the tests without what would change a race. */
function withoutOrder(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ORDER_')));
}
