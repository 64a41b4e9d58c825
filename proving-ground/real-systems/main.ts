// npm run real-systems -- [options]; --help lists them
//
// Races booking systems of others, with their locks and without, and compares the verdicts with their databases.

import { describeMachine, today } from '../../bench/machine.ts';
import { UsageError } from '../../reference-api/command-line.ts';
import { say } from '../progress.ts';
import { startServers } from '../servers/index.ts';
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
  const servers = await startServers(new Set(['postgres']));
  const results: Result[] = [];
  try {
    const [reason] = servers.missing.values();
    if (reason !== undefined) throw new UsageError(reason);
    for (const system of systems) {
      await system.install();
      results.push(...(await raceSystem(system, process.env.DATABASE_URL ?? '')));
    }
  } finally {
    await servers.stop();
  }
  if (!dry) writePage(results, [`Measured on ${today()}`, ...describeMachine()]);
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : `${tableOf(results)}\n`);
  return results.every(({ asExpected }) => asExpected) ? 0 : 1;
}
