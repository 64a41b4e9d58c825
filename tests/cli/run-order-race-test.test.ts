import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listScenarios } from '../../cli/scenarios.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'run-order-race-test.sh');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'order race '));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the script', () => {
  it.each([['--help'], ['-h'], ['demo', '--lock', 'none', '--help']])(
    'answers %j without Node and without any set-up',
    async (...args) => {
      // The clone has only the script and the text of the help, and the first `node` on the PATH fails.
      await mkdir(join(folder, 'cli'));
      for (const file of ['run-order-race-test.sh', 'cli/help.txt']) await cp(join(ROOT, file), join(folder, file));
      const script = join(folder, 'run-order-race-test.sh');
      await writeFile(join(folder, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const { code, stdout, stderr } = await run(script, args, { PATH: `${folder}:/usr/bin:/bin` });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: \.\/run-order-race-test\.sh \[options\] ENV\n/);
    },
  );

  it('lists the scenarios in the help, with lines of at most 80 characters', async () => {
    const { stdout } = await run(SCRIPT, ['--help']);
    for (const { name, hypothesis } of listScenarios(ROOT)) {
      expect(stdout.replace(/\n {6}/g, ' ')).toContain(`\n  ${name} ${hypothesis}\n`);
    }
    expect(stdout).not.toMatch(/^ {2}environments$/m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints one line and exits with 2 if no environment is given', async () => {
    const { code, stdout, stderr } = await run(SCRIPT, []);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: which environment\? .*--help.*\n$/);
  });

  it('finds its repository through symbolic links, with spaces in the path', async () => {
    const clone = join(folder, 'my clone');
    await mkdir(clone);
    await cp(SCRIPT, join(clone, 'run-order-race-test.sh'));
    await symlink('my clone/run-order-race-test.sh', join(folder, 'first'));
    await symlink(join(folder, 'first'), join(folder, 'second'));
    // That clone has no tools/, and the error of bash says where it looked for them.
    const { stderr } = await run(join(folder, 'second'), ['demo']);
    expect(stderr).toContain(join(clone, 'tools/setup.sh'));
  });
});

describe('cli/main.ts', () => {
  it('prints one line for bad input and exits with 2', async () => {
    const { code, stdout, stderr } = await main(['nonsense']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: environment "nonsense": not under config\.environments.*\n$/);
  });

  it('announces real bookings, and makes none if nobody agreed and nobody can be asked', async () => {
    // The target has to accept connections, or the run would stop because of that.
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const { code, stderr } = await main(['prod'], {
        ORDER_EVENT_ID: 'e',
        ORDER_SESSION_ID: 's',
        ORDER_ORGANIZATION_ID: 'o',
        ORDER_SEAT_IDS: 'a,b,c',
        ORDER_VUS: '5',
        ORDER_BASE_URL: `http://127.0.0.1:${port}/orders`,
        CI: '',
      });
      expect(stderr).toMatch(
        /^This will try to make real bookings: 5 VUs × 3 seats = 15 requests to .*\nError: not started/,
      );
      expect(code).toBe(2);
    } finally {
      server.close();
    }
  });
});

const main = (args: readonly string[], env: Record<string, string> = {}) =>
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

/** The environment of the tests without the variables that would change a race. */
function withoutOrder(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ORDER_')));
}
