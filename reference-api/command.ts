import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_SEATS, demoSeats } from './demo.ts';
import { LOCKS } from './locks/index.ts';
import type { Lock } from './locks/lock.ts';
import type { ServerOptions } from './server.ts';
import { STORES, type StoreName } from './stores/index.ts';

/** A mistake on the command line: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Command {
  readonly host: string;
  readonly port: number;
  readonly lockName: string;
  readonly lock: Lock;
  /** API processes behind the port. */
  readonly processes: number;
  readonly untilStdinEnds: boolean;
  /** The SQLite database: a file, or `:memory:`. */
  readonly location: string;
  readonly server: Omit<ServerOptions, 'lock' | 'stores'> & Required<Pick<ServerOptions, 'seats' | 'capacity'>>;
}

const storeNames = Object.keys(STORES) as readonly StoreName[];

const list = (entries: readonly (readonly [string, string])[]) =>
  entries.map(([name, summary]) => `      ${name.padEnd(21)} ${summary}`).join('\n');

/** Most of it is the list of locks: right ones first in each store. */
export const HELP = `Usage: node reference-api/main.ts [options]

A small booking API, right by default and wrong on request. When it listens it prints one line of JSON:
{"url":"http://127.0.0.1:PORT/orders","pid":123,"lock":"unique"}

  --store NAME       where the seats are (default: sqlite)
${list(Object.entries(STORES))}
  --lock NAME        how they are booked (default: the first of the store)
${storeNames
  .map((store) => {
    const locks = Object.entries(LOCKS[store]).map(([name, { summary }]) => [name, summary] as const);
    return `    in ${store}:\n${list(locks)}`;
  })
  .join('\n')}
  --processes N      that many API processes behind the port (default: what the lock is about, mostly 1)
  --capacity N       units of each seat (default: 1)
  --seats ID,ID,...  the seats (default: the ${DEMO_SEATS.length} of the demo)
  --seat-count N     that many seats, the demo's own first
  --work-ms N        what each booking awaits before it writes, in milliseconds (default: 5)
  --token-ttl N      how long a token is good, in seconds (default: 3600)
  --database FILE    a SQLite file, laid out afresh at each start (default: :memory:)
  --host HOST        (default: 127.0.0.1)
  --port N           (default: 0, any free port)
  --until-stdin-ends stop when stdin ends: with whoever started it
  --help
`;

/** @throws UsageError, or an error of `parseArgs` */
export function parseCommand(args: readonly string[]): Command | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'sqlite' },
      lock: { type: 'string' },
      processes: { type: 'string' },
      capacity: { type: 'string', default: '1' },
      seats: { type: 'string' },
      'seat-count': { type: 'string' },
      'work-ms': { type: 'string', default: '5' },
      'token-ttl': { type: 'string', default: '3600' },
      database: { type: 'string', default: ':memory:' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'until-stdin-ends': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';

  const { name: lockName, lock } = findLock(values.store, values.lock);
  const workMs = whole('--work-ms', values['work-ms'], 0, 60_000);
  return {
    host: values.host,
    port: whole('--port', values.port, 0, 65_535),
    lockName,
    lock,
    processes:
      values.processes === undefined ? (lock.needs?.processes ?? 1) : whole('--processes', values.processes, 1, 64),
    untilStdinEnds: values['until-stdin-ends'],
    location: values.database,
    server: {
      seats: parseSeats(values.seats, values['seat-count']),
      capacity: whole('--capacity', values.capacity, 1, 1_000_000),
      tokenTtlSeconds: whole('--token-ttl', values['token-ttl'], 1, 31_536_000),
      work: () => sleep(workMs),
    },
  };
}

/** @throws UsageError that names the ones that there are */
function findLock(store: string, given: string | undefined): { readonly name: string; readonly lock: Lock } {
  const locks = isStore(store) ? LOCKS[store] : undefined;
  if (locks === undefined) {
    throw new UsageError(`--store: there is no store "${store}"; known: ${storeNames.join(', ')}`);
  }
  const name = given ?? Object.keys(locks)[0] ?? '';
  const lock = Object.hasOwn(locks, name) ? locks[name] : undefined;
  if (lock !== undefined) return { name, lock };
  const elsewhere = storeNames.find((other) => Object.hasOwn(LOCKS[other], name));
  if (elsewhere !== undefined) {
    throw new UsageError(`--lock: "${name}" is a lock of the store ${elsewhere}: add --store ${elsewhere}`);
  }
  throw new UsageError(`--lock: there is no lock "${name}"; known: ${Object.keys(locks).join(', ')}`);
}

const isStore = (name: string): name is StoreName => Object.hasOwn(STORES, name);

function parseSeats(ids: string | undefined, count: string | undefined): readonly string[] {
  if (ids === undefined) return count === undefined ? DEMO_SEATS : demoSeats(whole('--seat-count', count, 1, 10_000));
  if (count !== undefined) throw new UsageError('--seats and --seat-count: give one of them, not both');
  const seats = ids.split(',').map((id) => id.trim());
  if (seats.includes('')) throw new UsageError('--seats: has an empty id; separate the ids by single commas');
  const twice = seats.find((id, index) => seats.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`--seats: names ${twice} twice`);
  return seats;
}

function whole(flag: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${flag}: must be a whole number from ${min} to ${max}, not "${text}"`);
}
