// npm run real-systems -- [options]; --help lists them
//
// Races booking systems of others, with their locks and without, and compares the verdicts with their databases.

import { describeMachine, today } from '../../bench/machine.ts';
import { UsageError } from '../../reference-api/command-line.ts';
import { say } from '../progress.ts';
import { startPostgres } from '../servers/postgres.ts';
import { helpOf, type Options, readOptions } from './options.ts';
import { tableOf, writePage } from './page.ts';
import { pretix } from './pretix/index.ts';
import { raceSystem } from './race.ts';
import type { Result } from './result.ts';
import type { RealSystem } from './system.ts';
import { vendure } from './vendure/index.ts';

const SYSTEMS: readonly RealSystem[] = [pretix, vendure];

try {
  const options = readOptions(process.argv.slice(2), SYSTEMS);
  if (options === 'help') process.stdout.write(helpOf(SYSTEMS));
  else process.exitCode = await raceAll(options);
} catch (error) {
  say(`Error: ${(error as Error).message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the exit code */
async function raceAll({ systems, json, dry }: Options): Promise<number> {
  for (const system of systems) {
    const missing = await system.missing();
    if (missing !== undefined) throw new UsageError(`${system.name} needs ${missing}`);
  }
  // One of its own, so that nothing is left in anybody's database, also where the run is interrupted.
  const server = await startPostgres().catch((error: Error) => {
    throw new UsageError(error.message);
  });
  const results: Result[] = [];
  try {
    for (const system of systems) {
      await system.install();
      const ofSystem = await raceSystem(system, server.url);
      if (!dry) writePage(system.name, ofSystem, [`Measured on ${today()}`, ...describeMachine()]);
      results.push(...ofSystem);
    }
  } finally {
    await server.stop();
  }
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : `${tableOf(results)}\n`);
  return results.every(({ asExpected }) => asExpected) ? 0 : 1;
}
