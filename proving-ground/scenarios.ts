// npm run detection:scenarios -- [options]; --help lists them
//
// The scenario pack against each way to do what it asks, right or wrong, as a user runs it: the demo's sizes, one command.
// The figures go to docs/detection.json, the table to docs/detection.md.

import fs from 'node:fs';
import path from 'node:path';
import { describeMachine, today } from '../bench/machine.ts';
import { runNode } from '../bench/processes.ts';
import { withSection } from '../bench/report/files.ts';
import { table } from '../bench/report/markdown.ts';
import type { Backend } from '../reference-api/flows/flow.ts';
import { FLOWS } from '../reference-api/flows/index.ts';
import type { VerdictFile } from '../reports/index.ts';
import { PACK_HELP, type PackOptions, readPackOptions, UsageError } from './options.ts';
import { merged, type Row, tally } from './results.ts';
import { startServers } from './servers/index.ts';
import { removeFolder, temporaryFolder } from './servers/process.ts';

const root = path.resolve(import.meta.dirname, '..');
const DATA = path.join(root, 'docs/detection.json');
const PAGE = path.join(root, 'docs/detection.md');
/** Tells its rows from those of the order race. */
const ARM = 'scenario';
const RUN_MS = 60_000;

/** A way to do what a scenario asks. */
interface Way {
  readonly scenario: string;
  readonly lock: string;
  readonly backend: Backend;
}

const WAYS: readonly Way[] = Object.entries(FLOWS)
  .filter(([scenario]) => scenario !== 'order-race')
  .flatMap(([scenario, stores]) =>
    Object.values(stores).flatMap((backends) =>
      Object.entries(backends).map(([lock, backend]) => ({ scenario, lock, backend })),
    ),
  );

try {
  const options = readPackOptions(process.argv.slice(2), new Set(WAYS.map(({ scenario }) => scenario)));
  if (options === 'help') process.stdout.write(PACK_HELP);
  else process.exitCode = await raceAll(options);
} catch (error) {
  process.stderr.write(`Error: ${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the exit code: 0 when everything was raced and came to what it should */
async function raceAll({ scenarios, repeat, dry }: PackOptions): Promise<number> {
  const ways = WAYS.filter(({ scenario }) => scenarios.has(scenario));
  const servers = await startServers(new Set(ways.map(({ backend }) => backend.store)));
  const rows: Row[] = [];
  try {
    for (const way of ways.filter(({ backend }) => !servers.missing.has(backend.store))) {
      const verdicts: (VerdictFile | undefined)[] = [];
      for (let run = 1; run <= repeat; run++) verdicts.push(await race(way));
      const row = rowOf(way, verdicts);
      rows.push(row);
      process.stdout.write(`${row.asExpected} of ${row.runs}: ${cellsOf(way, row).join(', ')}\n`);
      // Each at once: what was measured is not lost when the rest is broken off.
      if (!dry) write([row]);
    }
  } finally {
    await servers.stop();
  }
  for (const [store, reason] of servers.missing) process.stdout.write(`Not raced for want of ${store}: ${reason}\n`);
  return servers.missing.size === 0 && rows.every(({ runs, asExpected }) => runs === asExpected) ? 0 : 1;
}

/** @returns undefined for a run that left no verdict */
async function race({ scenario, lock, backend: { store } }: Way): Promise<VerdictFile | undefined> {
  const output = temporaryFolder('race-scenario');
  try {
    const args = ['--quiet', '--scenario', scenario, 'demo', '--store', store, '--lock', lock];
    await runNode([path.join(root, 'cli/main.ts'), ...args], {
      cwd: root,
      env: { ORDER_OUTPUT_DIR: output },
      timeoutMs: RUN_MS,
    });
    const name = fs.readdirSync(output).find((file) => file.endsWith('.verdict.json'));
    return name === undefined
      ? undefined
      : (JSON.parse(fs.readFileSync(path.join(output, name), 'utf8')) as VerdictFile);
  } finally {
    removeFolder(output);
  }
}

function rowOf(
  { scenario, lock, backend: { store, expected } }: Way,
  verdicts: readonly (VerdictFile | undefined)[],
): Row {
  const ids = verdicts.map((its): readonly string[] => [...new Set(its?.findings.map(({ id }) => id))]);
  const isRight = (its: VerdictFile | undefined, index: number) =>
    its?.verdict === expected.verdict &&
    (expected.verdict === 'pass' || ids[index]?.includes(expected.finding) === true);
  const caught = verdicts.map((its) => new Set(its?.findings.flatMap(({ round }) => round ?? [])).size);
  return {
    store,
    name: `${scenario}/${lock}`,
    arm: ARM,
    // As the scenario and the demo have them.
    contenders: 0,
    seats: 0,
    runs: verdicts.length,
    asExpected: verdicts.filter(isRight).length,
    verdicts: tally(verdicts.map((its) => its?.verdict ?? 'broken')),
    findings: tally(ids.flat()),
    caught: [Math.min(...caught), Math.max(...caught)],
    taken: { on: today(), machine: describeMachine() },
  };
}

function cellsOf({ scenario, lock, backend: { store, expected } }: Way, row: Row): string[] {
  const verdicts = Object.entries(row.verdicts).map(([verdict, runs]) => `${verdict} ${runs} of ${row.runs}`);
  const findings = Object.entries(row.findings).map(([id, runs]) => (runs === row.runs ? id : `${id} (${runs})`));
  return [
    `[${scenario}](../scenarios/${scenario}.yml)`,
    lock,
    store,
    expected.verdict === 'pass' ? 'pass' : `${expected.verdict}: ${expected.finding}`,
    `${row.asExpected === row.runs ? '✓' : '✗'} ${verdicts.join(', ')}`,
    findings.join(', '),
  ];
}

function write(fresh: readonly Row[]): void {
  const rows = merged(fs.existsSync(DATA) ? (JSON.parse(fs.readFileSync(DATA, 'utf8')) as Row[]) : [], fresh);
  fs.writeFileSync(DATA, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
  const lines = WAYS.flatMap((way) => {
    const row = rows.find(
      ({ arm, store, name }) => arm === ARM && store === way.backend.store && name === `${way.scenario}/${way.lock}`,
    );
    return row === undefined ? [] : [cellsOf(way, row)];
  });
  const section = table(['scenario', 'strategy', 'store', 'expected', 'verdict', 'findings'], lines);
  fs.writeFileSync(PAGE, withSection(fs.readFileSync(PAGE, 'utf8'), 'scenarios', section));
}
