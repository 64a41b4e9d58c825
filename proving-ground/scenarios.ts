// npm run detection:scenarios -- [options]; --help lists them
//
// Runs each other scenario against each lock of its flow, right or wrong, as a user runs it: at the sizes of the demo, with
// one command. The figures go to docs/detection.json, the table to docs/detection.md.

import path from 'node:path';
import { describeMachine, today } from '../bench/machine.ts';
import { runNode } from '../bench/processes.ts';
import { UsageError } from '../reference-api/command-line.ts';
import type { Outcome } from './arms/index.ts';
import { PACK_HELP, type PackOptions, readPackOptions } from './options.ts';
import { resultCells, sectionsOf } from './page.ts';
import { PAIRINGS, type Pairing, pairingName } from './pairings.ts';
import { type Row, rowOf, SCENARIO } from './results.ts';
import { savedRow, saveRows } from './results-file.ts';
import { startServers } from './servers/index.ts';
import { removeFolder, temporaryFolder } from './servers/process.ts';
import { verdictIn } from './verdict.ts';

const root = path.resolve(import.meta.dirname, '..');
const RUN_TIMEOUT_MS = 60_000;
/** The scenario and the demo decide about the size. */
const DEMO_SIZE = { contenders: 0, seats: 0 };

try {
  const options = readPackOptions(process.argv.slice(2), new Set(PAIRINGS.map(({ scenario }) => scenario)));
  if (options === 'help') process.stdout.write(PACK_HELP);
  else process.exitCode = await raceAll(options);
} catch (error) {
  process.stderr.write(`Error: ${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the exit code: 0 when everything was raced, with the expected result */
async function raceAll({ scenarios, repeat, dry, resume }: PackOptions): Promise<number> {
  const pairings = PAIRINGS.filter(({ scenario }) => scenarios.has(scenario));
  const servers = await startServers(new Set(pairings.map(({ store }) => store)));
  const rows: Row[] = [];
  try {
    for (const pairing of pairings.filter(({ store }) => !servers.missing.has(store))) {
      const wanted = { store: pairing.store, name: pairingName(pairing), arm: SCENARIO, ...DEMO_SIZE };
      const saved = resume ? savedRow(wanted, repeat) : undefined;
      const row = saved ?? (await measure(pairing, repeat));
      rows.push(row);
      // Saved at once, so that an interrupted run keeps what it has measured.
      if (!dry && saved === undefined) saveRows([row], sectionsOf);
    }
  } finally {
    await servers.stop();
  }
  for (const [store, reason] of servers.missing) {
    process.stdout.write(`Not raced because ${store} is missing: ${reason}\n`);
  }
  return servers.missing.size === 0 && rows.every(({ runs, asExpected }) => runs === asExpected) ? 0 : 1;
}

async function measure(pairing: Pairing, repeat: number): Promise<Row> {
  const { scenario, lock, store, expected } = pairing;
  const outcomes: (Outcome | undefined)[] = [];
  for (let run = 1; run <= repeat; run++) outcomes.push(await race(pairing));
  const taken = { on: today(), machine: describeMachine() };
  const row = rowOf({ store, name: pairingName(pairing), expected }, SCENARIO, DEMO_SIZE, outcomes, taken);
  const cells = [scenario, lock, store, ...resultCells(expected, row)];
  process.stdout.write(`${row.asExpected} of ${row.runs}: ${cells.join(', ')}\n`);
  return row;
}

/** @returns undefined for a run that left no verdict */
async function race({ scenario, lock, store }: Pairing): Promise<Outcome | undefined> {
  const outputDir = temporaryFolder('race-scenario');
  try {
    const args = ['--quiet', '--scenario', scenario, 'demo', '--store', store, '--lock', lock];
    await runNode([path.join(root, 'cli/main.ts'), ...args], {
      cwd: root,
      env: { ORDER_OUTPUT_DIR: outputDir },
      timeoutMs: RUN_TIMEOUT_MS,
    });
    const verdict = verdictIn(outputDir);
    if (verdict === undefined) return undefined;
    return {
      exitCode: verdict.exitCode,
      verdict: verdict.verdict,
      findings: [...new Set(verdict.findings.map(({ id }) => id))],
      caught: new Set(verdict.findings.flatMap(({ round }) => round ?? [])).size,
    };
  } finally {
    removeFolder(outputDir);
  }
}
