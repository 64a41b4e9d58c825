// npm run detection -- [options]; --help lists them
//
// Every way to book a seat, right or wrong, is started and raced, and the race has to tell which is which.

import fs from 'node:fs';
import path from 'node:path';
import { describeMachine, today } from '../bench/machine.ts';
import { withSection } from '../bench/report/files.ts';
import { plain } from '../bench/report/markdown.ts';
import { type Arm, type Outcome, PLUGIN } from './arms/index.ts';
import { HELP, type Options, readOptions, UsageError } from './options.ts';
import { comparedSection, raceSection, strategySection } from './page.ts';
import { type Entrant, raceOf, startApi } from './race.ts';
import { isAsExpected, merged, type Row, rowOf } from './results.ts';
import { startServers } from './servers/index.ts';
import { removeFolder, temporaryFolder } from './servers/process.ts';

const docs = path.resolve(import.meta.dirname, '../docs');
const DATA = path.join(docs, 'detection.json');
const PAGE = path.join(docs, 'detection.md');

/** The sizes that docs/detection.md has a section of: its name, contenders and seats. */
const SECTIONS = [
  ['default', 100, 16],
  ['small', 10, 4],
] as const;

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
  const servers = await startServers(new Set(options.entrants.map(({ store }) => store)));
  const rows: Row[] = [];
  try {
    const entrants = options.entrants.filter(({ store }) => !servers.missing.has(store));
    for (const entrant of entrants) {
      for (const arm of options.arms) {
        const row = await raceAll(entrant, arm, options);
        rows.push(row);
        // Each at once: what was measured is not lost when the rest is broken off.
        if (!options.dry) write([row]);
      }
    }
  } finally {
    await servers.stop();
  }
  const raced = options.entrants.filter(({ store }) => !servers.missing.has(store));
  if (options.arms.some(({ id }) => id === PLUGIN)) process.stdout.write(`\n${raceSection(rows, raced)}\n`);
  if (options.arms.some(({ id }) => id !== PLUGIN)) process.stdout.write(`\n${comparedSection(rows, raced)}\n`);
  for (const [store, reason] of servers.missing) {
    const names = options.entrants.filter((entrant) => entrant.store === store).map(({ name }) => name);
    process.stdout.write(`\nNot raced, and not passed, for want of ${store}: ${names.join(', ')}\n  ${reason}\n`);
  }
  const isRight = rows.filter(({ arm }) => arm === PLUGIN).every(({ runs, asExpected }) => runs === asExpected);
  return isRight && servers.missing.size === 0 ? 0 : 1;
}

async function raceAll(entrant: Entrant, arm: Arm, { repeat, size }: Options): Promise<Row> {
  const outcomes: (Outcome | undefined)[] = [];
  for (let run = 1; run <= repeat; run++) {
    const startedAt = performance.now();
    const { outcome, said } = await raceOnce(entrant, arm, size);
    outcomes.push(outcome);
    const mark = isAsExpected(entrant.lock.expected, arm.id, outcome) ? '✓' : '✗';
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `${mark} ${entrant.store} ${entrant.name}, ${plain(arm.title)}, run ${run} of ${repeat}: ${said} (${seconds} s)\n`,
    );
  }
  return rowOf(entrant, arm.id, size, outcomes, { on: today(), machine: describeMachine() });
}

/** A run against an API that was just started. One that does not come to an end is no outcome, and says why. */
async function raceOnce(
  entrant: Entrant,
  arm: Arm,
  size: Options['size'],
): Promise<{ readonly outcome?: Outcome; readonly said: string }> {
  const dir = temporaryFolder('race-detection');
  try {
    const race = raceOf(entrant, size);
    const api = await startApi(entrant, race);
    try {
      const outcome = await arm.run({ ...race, url: api.url }, dir);
      const { verdict, findings, caught } = outcome;
      return {
        outcome,
        said: [verdict, findings.join(', '), caught > 0 && `${caught} seats`].filter(Boolean).join('; '),
      };
    } finally {
      await api.stop();
    }
  } catch (error) {
    return { said: `broken: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    removeFolder(dir);
  }
}

function write(fresh: readonly Row[]): void {
  const rows = merged(readRows(), fresh);
  fs.writeFileSync(DATA, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
  let page = fs.readFileSync(PAGE, 'utf8');
  for (const [name, contenders, seats] of SECTIONS) {
    const ofSize = rows.filter((row) => row.contenders === contenders && row.seats === seats);
    page = withSection(page, name, raceSection(ofSize));
    page = withSection(page, `compared-${name}`, comparedSection(ofSize));
  }
  fs.writeFileSync(PAGE, withSection(page, 'strategies', strategySection()));
}

function readRows(): readonly Row[] {
  return fs.existsSync(DATA) ? (JSON.parse(fs.readFileSync(DATA, 'utf8')) as readonly Row[]) : [];
}
