import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../support/artillery.ts';

const DETECTION = [path.join(root, 'proving-ground/main.ts'), '--dry', '--vus', '20', '--seats', '6'];

/** The compile cache saves a fifth of the CPU: Artillery loads a thousand files each time it starts. */
const ENV: NodeJS.ProcessEnv = { ...process.env, NODE_COMPILE_CACHE: path.join(root, '.node/compile-cache') };

const LOCKS = [
  { store: 'sqlite', lock: 'stale-cache', verdict: 'fail' },
  { store: 'postgres', lock: 'for-update', verdict: 'pass' },
  { store: 'postgres', lock: 'retry-after-timeout', verdict: 'fail' },
  { store: 'redis', lock: 'set-nx', verdict: 'pass' },
  { store: 'redis', lock: 'get-set', verdict: 'fail' },
] as const;

describe('npm run detection', () => {
  let status: number | null;
  let stdout: string;
  let stderr: string;
  beforeAll(() => {
    const only = LOCKS.map(({ store, lock }) => `${store}:${lock}`).join(',');
    ({ status, stdout, stderr } = spawnSync(process.execPath, [...DETECTION, '--only', only], {
      cwd: root,
      encoding: 'utf8',
      env: ENV,
    }));
  });

  // A developer's machine may lack the programs of a store ("no DATABASE_URL, no initdb …"). In CI every store must be there.
  const isMissing = (store: string) =>
    !process.env.CI && new RegExp(`because ${store} is missing: .*\\n  no `).test(stdout);

  it.each(LOCKS)('gets $verdict for $lock in $store', ({ store, lock, verdict }) => {
    expect(stdout, stderr).toMatch(
      isMissing(store)
        ? new RegExp(`because ${store} is missing: .*${lock}`)
        : new RegExp(`^✓ ${store} ${lock}, this plugin, run 1 of 1: ${verdict}\\b`, 'm'),
    );
  });

  it('counts what it caught and accused, and exits with 0 if every lock was raced', () => {
    const raced = LOCKS.filter(({ store }) => !isMissing(store));
    const wrong = raced.filter(({ verdict }) => verdict === 'fail').length;
    expect(stdout).toContain(`Wrong locks caught in every run: **${wrong} of ${wrong}**`);
    expect(stdout).toContain(`Right locks accused in any run: **0 of ${raced.length - wrong}**`);
    expect(status).toBe(raced.length === LOCKS.length ? 0 : 1);
  });
});

it('a store that cannot be started is named, and the exit code is 1', () => {
  const { REDIS_URL: _, ...env } = ENV;
  const { status, stdout } = spawnSync(process.execPath, [...DETECTION, '--only', 'lua'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: path.dirname(process.execPath) },
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /Not raced, so not passed, because redis is missing: lua\n\s+no REDIS_URL, and no redis-server/,
  );
});

it('Ctrl-C ends everything that was started, and leaves no file behind', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'detection-'));
  const has = (prefix: string) => fs.readdirSync(folder).some((name) => name.startsWith(prefix));
  const child = spawn(process.execPath, [...DETECTION, '--only', 'mutex-per-process'], {
    cwd: root,
    env: { ...ENV, TMPDIR: folder },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  try {
    // The API is up, with the database that the processes share, and the race has begun.
    await vi.waitUntil(() => has('reference-api') && has('race-detection'), { timeout: 20_000 });
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    await vi.waitUntil(() => fs.readdirSync(folder).length === 0, { timeout: 10_000 });
  } finally {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
