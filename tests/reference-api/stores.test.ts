import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { forUpdate } from '../../reference-api/locks/postgres/for-update.ts';
import { setNx } from '../../reference-api/locks/redis/set-nx.ts';
import { createServer } from '../../reference-api/server.ts';
import type { StoreSettings } from '../../reference-api/stores/store.ts';

const LOCKS = { postgres: forUpdate, redis: setNx };
const VARIABLES = { postgres: 'DATABASE_URL', redis: 'REDIS_URL' };

/** What the server says when it cannot start on a store. */
async function errorOf(store: 'postgres' | 'redis', url: string): Promise<string> {
  const stores: Partial<StoreSettings> = { databaseUrl: url, redisUrl: url };
  const error = await createServer({ lock: LOCKS[store], stores }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return error?.message ?? 'it started';
}

it.each(['postgres', 'redis'] as const)('%s without a URL names the variable to set', async (store) => {
  expect(await errorOf(store, '')).toMatch(new RegExp(`^the store ${store} needs ${VARIABLES[store]}, such as .*$`));
});

it.each([
  ['postgres', 'postgres://user:secret@127.0.0.1:1/x', 'PostgreSQL does not answer: connect ECONNREFUSED'],
  ['redis', 'redis://:secret@127.0.0.1:1', 'Redis does not answer: connect ECONNREFUSED'],
] as const)('%s without a server is an error of one line, without the password', async (store, url, message) => {
  const error = await errorOf(store, url);
  expect(error).toContain(message);
  expect(error).not.toMatch(/\n|secret/);
});

it.each([
  ['postgres', 'mysql://user:secret@127.0.0.1/x'],
  ['postgres', 'localhost:secret'],
  ['redis', 'http://:secret@127.0.0.1'],
] as const)('%s rejects a URL of another kind instead of asking elsewhere: %s', async (store, url) => {
  expect(await errorOf(store, url)).toMatch(new RegExp(`^${VARIABLES[store]} must be a URL: ${store}(?!.*secret).*$`));
});

it('does not touch the SQLite database of another application', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reference-api-'));
  const file = path.join(folder, 'precious.db');
  const precious = new DatabaseSync(file);
  try {
    precious.exec('CREATE TABLE seats (precious TEXT); INSERT INTO seats VALUES (1)');
    await expect(createServer({ stores: { sqliteFile: file } })).rejects.toThrow(/another application/);
    expect(precious.prepare('SELECT precious FROM seats').all()).toHaveLength(1);
  } finally {
    precious.close();
    fs.rmSync(folder, { recursive: true });
  }
});
