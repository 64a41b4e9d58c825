import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { root } from '../support/artillery.ts';

// Which of them can be raced depends on the machine; in CI all can.
const STRATEGIES = {
  sqlite: ['stale-cache'],
  postgres: ['for-update', 'retry-after-timeout'],
  redis: ['set-nx', 'get-set'],
};

it.each(Object.entries(STRATEGIES))('npm run detection tells right from wrong in %s', (store, names) => {
  const { status, stdout, stderr } = detection('--store', store, '--only', names.join(','));
  const said = stdout + stderr;
  if (!process.env.CI && said.includes('for want of')) {
    // Named, and not passed.
    expect([status, said]).toEqual([1, expect.stringContaining(`for want of ${store}: ${names.join(', ')}`)]);
    return;
  }
  expect(status, said).toBe(0);
  const wrong = names.filter((name) => !['for-update', 'set-nx'].includes(name)).length;
  expect(stdout).toContain(`Wrong ones caught in every run: **${wrong} of ${wrong}**`);
  expect(stdout).toContain(`Right ones accused in any run: **0 of ${names.length - wrong}**`);
});

it('what cannot be started is named, and not passed', () => {
  const { status, stdout } = detection('--only', 'lua', 'without Redis');
  expect(status).toBe(1);
  expect(stdout).toMatch(/Not raced, and not passed, for want of redis: lua\n\s+no REDIS_URL, and no redis-server/);
});

it('Ctrl-C ends all that was started, and leaves nothing behind', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'detection-'));
  const has = (name: string) => fs.readdirSync(folder).some((its) => its.startsWith(name));
  const child = spawn(
    process.execPath,
    [path.join(root, 'proving-ground/main.ts'), '--dry', '--vus', '20', '--seats', '6', '--only', 'mutex-per-process'],
    { cwd: root, env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  try {
    // The API is up, with the database that its processes share, and the race has begun.
    await vi.waitUntil(() => has('reference-api') && has('race-detection'), { timeout: 20_000 });
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    await vi.waitUntil(() => fs.readdirSync(folder).length === 0, { timeout: 10_000 });
  } finally {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

function detection(...args: readonly string[]) {
  const withoutRedis = args.includes('without Redis');
  const { REDIS_URL: _, ...env } = process.env;
  return spawnSync(
    process.execPath,
    [
      path.join(root, 'proving-ground/main.ts'),
      ...['--dry', '--vus', '20', '--seats', '6'],
      ...args.filter((arg) => arg !== 'without Redis'),
    ],
    { cwd: root, encoding: 'utf8', env: withoutRedis ? { ...env, PATH: path.dirname(process.execPath) } : process.env },
  );
}
