import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
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
