import path from 'node:path';
import pg from 'pg';
import { runNode } from '../../bench/processes.ts';
import { say } from '../progress.ts';
import { removeFolder, temporaryFolder } from '../servers/process.ts';
import { verdictIn } from '../verdict.ts';
import { type Result, resultOf, type Sold } from './result.ts';
import { LOCKS, type Lock, type RealSystem } from './system.ts';

const root = path.resolve(import.meta.dirname, '../..');
const RACE_TIMEOUT_MS = 600_000;

/**
 * Races a system with its suite under each lock, and counts what it sold.
 *
 * @param server PostgreSQL URL
 * @throws Error when the system does not start, or a run leaves no verdict
 */
export async function raceSystem(system: RealSystem, server: string): Promise<readonly Result[]> {
  const name = `race_${system.name.toLowerCase()}_${process.pid}`;
  say(`${system.name} ${system.version}: filling its database …`);
  return withDatabase(server, name, undefined, async (filled) => {
    const env = await system.fill(filled);
    const results: Result[] = [];
    for (const lock of LOCKS) {
      results.push(
        await withDatabase(server, `${name}_${lock}`, name, (database) => raceOnce(system, lock, database, env)),
      );
    }
    return results;
  });
}

async function raceOnce(system: RealSystem, lock: Lock, database: string, env: Readonly<Record<string, string>>) {
  say(`${system.name} ${system.version}, lock ${lock}: starting it …`);
  const running = await system.start(lock, database);
  try {
    say('  racing …');
    const verdict = await verdictOf(system.suite, { ...env, TARGET: running.target, DATABASE_URL: database });
    const result = resultOf(system, lock, verdict, await rowsOf<Sold>(database, system.soldSql));
    say(`  ${result.asExpected ? '✓' : '✗'} ${result.verdict}; ${result.sold} sold of ${result.capacity}, by SQL`);
    return result;
  } finally {
    await running.stop();
  }
}

/** Runs the suite as a user would, with Artillery. */
async function verdictOf(suite: string, env: Readonly<Record<string, string>>) {
  const dir = temporaryFolder('race-real-system');
  try {
    const { code, output } = await runNode(
      [path.join(root, 'node_modules/artillery/bin/run'), 'run', '--quiet', suite],
      {
        cwd: dir,
        env: { ...env, ARTILLERY_DISABLE_TELEMETRY: 'true' },
        timeoutMs: RACE_TIMEOUT_MS,
      },
    );
    const verdict = verdictIn(path.join(dir, 'output'));
    if (verdict === undefined) throw new Error(`no verdict; Artillery exited with ${code}:\n${output}`);
    return verdict;
  } finally {
    removeFolder(dir);
  }
}

/** @param template the database to copy. Undefined: an empty one */
async function withDatabase<T>(
  server: string,
  name: string,
  template: string | undefined,
  use: (database: string) => Promise<T>,
): Promise<T> {
  await rowsOf(server, `CREATE DATABASE "${name}"${template === undefined ? '' : ` TEMPLATE "${template}"`}`);
  try {
    const url = new URL(server);
    url.pathname = `/${name}`;
    return await use(url.href);
  } finally {
    await rowsOf(server, `DROP DATABASE "${name}" WITH (FORCE)`);
  }
}

async function rowsOf<T extends object>(database: string, sql: string): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}
