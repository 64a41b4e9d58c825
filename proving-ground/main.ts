// npm run detection -- [options]; --help lists them
//
// Starts and races every lock, right or wrong, and checks that the race can tell which is which.

import { describeMachine, today } from '../bench/machine.ts';
import { plain } from '../bench/report/markdown.ts';
import { UsageError } from '../reference-api/command-line.ts';
import { type Arm, type Outcome, PLUGIN } from './arms/index.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { comparedSection, raceSection, sectionsOf } from './page.ts';
import { type NamedLock, raceOf, startApi } from './race.ts';
import { isAsExpected, type Row, type RowKey, rowOf } from './results.ts';
import { savedRow, saveRows } from './results-file.ts';
import { startServers } from './servers/index.ts';
import { removeFolder, temporaryFolder } from './servers/process.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(HELP);
  else process.exitCode = await detect(options);
} catch (error) {
  process.stderr.write(`Error: ${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the exit code */
async function detect(options: Options): Promise<number> {
  const servers = await startServers(new Set(options.locks.map(({ store }) => store)));
  const raced = options.locks.filter(({ store }) => !servers.missing.has(store));
  const rows: Row[] = [];
  try {
    for (const lock of raced) {
      for (const arm of options.arms) {
        const saved = options.resume ? savedRow(rowKeyOf(lock, arm, options.size), options.repeat) : undefined;
        const row = saved ?? (await raceAll(lock, arm, options));
        rows.push(row);
        if (saved !== undefined) continue;
        // Saved at once, so that an interrupted run keeps what it has measured.
        if (!options.dry) saveRows([row], sectionsOf);
      }
    }
  } finally {
    await servers.stop();
  }
  if (options.arms.some(({ id }) => id === PLUGIN)) process.stdout.write(`\n${raceSection(rows, raced)}\n`);
  if (options.arms.some(({ id }) => id !== PLUGIN)) process.stdout.write(`\n${comparedSection(rows, raced)}\n`);
  for (const [store, reason] of servers.missing) {
    const names = options.locks.filter((lock) => lock.store === store).map(({ name }) => name);
    process.stdout.write(`\nNot raced, so not passed, because ${store} is missing: ${names.join(', ')}\n  ${reason}\n`);
  }
  const isRight = rows.filter(({ arm }) => arm === PLUGIN).every(({ runs, asExpected }) => runs === asExpected);
  return isRight && servers.missing.size === 0 ? 0 : 1;
}

function rowKeyOf({ store, name }: NamedLock, arm: Arm, size: Options['size']): RowKey {
  return { store, name, arm: arm.id, ...size };
}

async function raceAll(lock: NamedLock, arm: Arm, { repeat, size }: Options): Promise<Row> {
  const { store, name } = lock;
  const { expected } = lock.lock;
  const outcomes: (Outcome | undefined)[] = [];
  for (let run = 1; run <= repeat; run++) {
    const startedAt = performance.now();
    const { outcome, summary } = await raceOnce(lock, arm, size);
    outcomes.push(outcome);
    const mark = isAsExpected(expected, arm.id, outcome) ? '✓' : '✗';
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `${mark} ${store} ${name}, ${plain(arm.title)}, run ${run} of ${repeat}: ${summary} (${seconds} s)\n`,
    );
  }
  return rowOf({ store, name, expected }, arm.id, size, outcomes, { on: today(), machine: describeMachine() });
}

/** One run against an API that has just started. A run that breaks has no outcome; the summary says why. */
async function raceOnce(
  lock: NamedLock,
  arm: Arm,
  size: Options['size'],
): Promise<{ readonly outcome?: Outcome; readonly summary: string }> {
  const dir = temporaryFolder('race-detection');
  try {
    const race = raceOf(lock, size);
    const api = await startApi(lock, race);
    try {
      const outcome = await arm.run({ ...race, url: api.url }, dir);
      const { verdict, findings, caught } = outcome;
      const summary = [verdict, findings.join(', '), caught > 0 && `${caught} seats`].filter(Boolean).join('; ');
      return { outcome, summary };
    } finally {
      await api.stop();
    }
  } catch (error) {
    return { summary: `broken: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    removeFolder(dir);
  }
}
