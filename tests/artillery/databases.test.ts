import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../bench/find-program.ts';
import { driverOf } from '../../plugin/src/artillery/launcher/books/databases/driver.ts';
import { sqlBook } from '../../plugin/src/artillery/launcher/books/sql-book.ts';
import { subjectsOf } from '../../plugin/src/artillery/launcher/books/subjects.ts';
import { raceSchema } from '../../plugin/src/config/schema.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';
import { startPostgres } from '../../proving-ground/servers/postgres.ts';
import { temporaryFolder } from '../support/fixtures.ts';
import { hasMariaDb, startMariaDb } from '../support/mariadb.ts';

/** Databases for real: each holds the same bookings, and is read by the same statements. */

const HOSTILE = `'; DROP TABLE bookings; --`;
const SETUP = [
  'CREATE TABLE bookings (id VARCHAR(40), seat VARCHAR(60), customer VARCHAR(40), quantity DECIMAL(10, 2), big BIGINT)',
  "INSERT INTO bookings VALUES ('o-1', 'A1', 'ann', 1, 9007199254740993), ('o-2', 'B', 'bob', 2.50, 1), ('o-3', '17', NULL, 1, 1)",
  "INSERT INTO bookings VALUES ('o-4', '''; DROP TABLE bookings; --', 'eve', 1, 1)",
];

interface Server {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

async function postgres(): Promise<Server> {
  const server = await startPostgres();
  const client = new pg.Client(server.url);
  await client.connect();
  for (const sql of SETUP) await client.query(sql);
  await client.end();
  return { ...server, folder: '.' };
}

async function mariaDb(): Promise<Server> {
  const server = await startMariaDb();
  const connection = await createConnection(server.url);
  for (const sql of SETUP) await connection.query(sql);
  await connection.end();
  return { ...server, folder: '.' };
}

async function sqlite(): Promise<Server> {
  const folder = temporaryFolder('sqlite-');
  const database = new DatabaseSync(path.join(folder, 'shop.db'));
  for (const sql of SETUP) database.exec(sql);
  database.close();
  return { url: 'sqlite:shop.db', folder, stop: async () => fs.rmSync(folder, { recursive: true }) };
}

const SLEEP = {
  postgres: 'SELECT 1 AS units FROM pg_sleep(60) WHERE $1 IS NOT NULL',
  mariadb: 'SELECT SLEEP(60) AS units WHERE ? IS NOT NULL',
  sqlite:
    'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS units FROM n WHERE ? IS NOT NULL',
};

/** Without the server these are left out; where `CI` is set, they fail instead. */
const isThere = {
  postgres: process.env.CI !== undefined || findProgram('initdb', ['/usr/lib/postgresql/*/bin']) !== undefined,
  mariadb: process.env.CI !== undefined || hasMariaDb(),
  sqlite: true,
};

describe.each([
  ['postgres', postgres],
  ['mariadb', mariaDb],
  ['sqlite', sqlite],
] as const)('%s', (name, start) => {
  if (!isThere[name]) return;
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  async function ask(
    sql: string,
    { keys = ['A1'] as (string | number)[], url = server.url, timeoutMs = 5000, fields = {} } = {},
  ) {
    const [settings] = raceSchema.shape.readBack.parse({ sql, database: url, timeoutMs }) ?? [];
    if (settings?.kind !== 'sql') throw new Error('no SQL');
    const open = sqlBook(settings, { folder: server.folder, blotter: createBlotter() }).open({ rawHeaders: [] });
    const subjects = keys.flatMap((key) => subjectsOf({ key: String(key), capacity: 5, fields }, () => key));
    const answers = [];
    for (const question of open.questionsAbout(subjects)) {
      const reply = await question.ask('before');
      answers.push(...question.subjects.map(reply.read));
    }
    await open.close();
    return answers;
  }
  const errorOf = async (...args: Parameters<typeof ask>) => {
    const [answer] = await ask(...args);
    return answer !== undefined && 'error' in answer ? answer.error : '';
  };

  it('says who owns what, and a key is a key', async () => {
    const sql = 'SELECT id AS order_id, customer AS owner FROM bookings WHERE seat = $1';
    expect(await ask(sql, { keys: ['A1', 'none', HOSTILE, 17] })).toEqual([
      { units: 1, orderIds: ['o-1'], owners: ['ann'] },
      { units: 0, orderIds: [], owners: [] },
      { units: 1, orderIds: ['o-4'], owners: ['eve'] },
      { units: 1, orderIds: ['o-3'], owners: [''] },
    ]);
    expect(await ask('SELECT count(*) AS units FROM bookings WHERE seat <> ?', { keys: ['x'] })).toEqual([
      { units: 4, orderIds: [] },
    ]);
  });

  it('binds fields, and leaves quotes and comments alone', async () => {
    const sql = "SELECT id AS order_id FROM bookings WHERE customer = {buyer} AND '?' <> $1 -- ?";
    expect(await ask(sql, { fields: { buyer: 'bob' } })).toEqual([{ units: 1, orderIds: ['o-2'] }]);
  });

  it('keeps every digit', async () => {
    expect(await ask('SELECT big AS order_id FROM bookings WHERE seat = ?')).toEqual([
      { units: 1, orderIds: ['9007199254740993'] },
    ]);
    expect(await ask('SELECT 5 - sum(quantity) AS remaining FROM bookings WHERE seat = ?', { keys: ['B'] })).toEqual([
      { units: 2, orderIds: [], remaining: expect.stringMatching(/^2\.50?$/) },
    ]);
    expect(await ask('SELECT sum(quantity) AS units FROM bookings WHERE seat = ?', { keys: ['none'] })).toEqual([
      { units: 0, orderIds: [] },
    ]);
  });

  it('only reads', async () => {
    const error = await errorOf("UPDATE bookings SET customer = 'x' WHERE seat = $1");
    expect(error).toMatch(/read.?only/i);
    expect(await ask('SELECT customer AS owner FROM bookings WHERE seat = $1')).toMatchObject([{ owners: ['ann'] }]);
  });

  it('fails with the words of the database', async () => {
    expect(await errorOf('SELECT id AS order_id FROM no_such_table WHERE seat = $1')).toMatch(/no_such_table/);
  });

  it('gives up in time', async () => {
    expect(await errorOf(SLEEP[name], { timeoutMs: 300 })).not.toBe('');
  });

  it('says nothing of its password', async () => {
    const wrong = name === 'sqlite' ? 'sqlite:none.db' : server.url.replace(/:[^:@]+@/, ':S3cret%21x@');
    const error = await errorOf('SELECT 1 AS units WHERE $1 = $1', { url: wrong });
    expect(error).not.toBe('');
    expect(error).not.toMatch(/S3cret/);
  });
});

describe('a driver', () => {
  it('is found in the project of the user first', () => {
    const folder = temporaryFolder('project-');
    fs.mkdirSync(path.join(folder, 'node_modules/pg'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'node_modules/pg/index.js'), '');
    expect(driverOf('postgres', [folder, import.meta.dirname])).toMatch(new RegExp(`^${fs.realpathSync(folder)}`));
    expect(driverOf('postgres', [temporaryFolder('empty-'), import.meta.dirname])).toMatch(/node_modules\/pg\//);
    expect(driverOf('sqlite', [folder])).toBeUndefined();
  });

  it.each([
    ['postgres', 'pg'],
    ['mysql', 'mysql2'],
  ] as const)('that is missing is named: %s', (dialect, name) => {
    expect(() => driverOf(dialect, [temporaryFolder('empty-')])).toThrow(
      `config.plugins.race.readBack.database: the package ${name} is not installed; npm install --save-dev ${name}`,
    );
  });
});
