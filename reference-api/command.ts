import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UsageError, wholeNumber } from './command-line.ts';
import { DEMO_SEATS, demoSeats } from './demo.ts';
import type { Backend, Flow } from './flows/flow.ts';
import { FLOWS } from './flows/index.ts';
import type { ServerOptions } from './server.ts';
import { STORES, type StoreName } from './stores/index.ts';

/** What the command line asks for. */
export interface Command {
  readonly host: string;
  readonly port: number;
  readonly lockName: string;
  readonly backend: Backend;
  /** API processes behind the port. */
  readonly processes: number;
  readonly untilStdinEnds: boolean;
  /** The SQLite database: a file, or `:memory:`. */
  readonly sqliteFile: string;
  readonly server: Omit<ServerOptions, 'lock' | 'backend' | 'stores'> &
    Required<Pick<ServerOptions, 'seats' | 'capacity'>>;
}

const DEFAULT_FLOW = 'order-race';
const storeNames = Object.keys(STORES) as readonly StoreName[];

const list = (entries: readonly (readonly [string, string])[]) =>
  entries.map(([name, summary]) => `      ${name.padEnd(22)} ${summary}`).join('\n');

const describeFlow = (flow: Flow) =>
  storeNames
    .flatMap((store) => {
      const locks = Object.entries(flow[store] ?? {}).map(([name, { summary }]) => [name, summary] as const);
      return locks.length === 0 ? [] : [`    in ${store}:\n${list(locks)}`];
    })
    .join('\n');

/** Most of the text is the list of locks; the first of each store is right. */
export const HELP = `Usage: node reference-api/main.ts [options]

A small booking API, right by default and wrong on request. Once it listens, it prints one line of JSON:
{"url":"http://127.0.0.1:PORT/orders","pid":123,"lock":"unique"}

  --store NAME       where it keeps the seats (default: sqlite)
${list(Object.entries(STORES))}
  --flow NAME        what it sells, by the name of the scenario's rule (default: ${DEFAULT_FLOW})
  --lock NAME        how it guards what it sells (default: the first of the flow in that store)
${Object.entries(FLOWS)
  .map(([name, flow]) => `   ${name}\n${describeFlow(flow)}`)
  .join('\n')}
  --processes N      API processes behind the port (default: what the lock needs, mostly 1)
  --capacity N       units of each seat (default: 1)
  --seats ID,ID,...  the seats (default: the ${DEMO_SEATS.length} of the demo)
  --seat-count N     that many seats, the demo's first
  --work-ms N        how long each booking waits before it writes, in milliseconds (default: 5)
  --token-ttl N      how long a token is valid, in seconds (default: 3600)
  --seed N           decides which rounds one-in-thirty gets wrong (default: chance)
  --database FILE    the SQLite file, emptied at each start (default: :memory:)
  --host HOST        (default: 127.0.0.1)
  --port N           (default: 0, any free port)
  --until-stdin-ends stop when stdin ends, so it never outlives the process that started it
  --help
`;

/** @throws UsageError, or an error of `parseArgs` */
export function parseCommand(args: readonly string[]): Command | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'sqlite' },
      flow: { type: 'string', default: DEFAULT_FLOW },
      lock: { type: 'string' },
      processes: { type: 'string' },
      capacity: { type: 'string', default: '1' },
      seats: { type: 'string' },
      'seat-count': { type: 'string' },
      'work-ms': { type: 'string', default: '5' },
      'token-ttl': { type: 'string', default: '3600' },
      seed: { type: 'string' },
      database: { type: 'string', default: ':memory:' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'until-stdin-ends': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';

  const { name: lockName, backend } = findBackend(values.flow, values.store, values.lock);
  if (values.seed !== undefined)
    process.env.REFERENCE_API_SEED = String(wholeNumber('--seed', values.seed, 0, 2_147_483_647));
  const workMs = wholeNumber('--work-ms', values['work-ms'], 0, 60_000);
  return {
    host: values.host,
    port: wholeNumber('--port', values.port, 0, 65_535),
    lockName,
    backend,
    processes:
      values.processes === undefined
        ? (backend.needs?.processes ?? 1)
        : wholeNumber('--processes', values.processes, 1, 64),
    untilStdinEnds: values['until-stdin-ends'],
    sqliteFile: values.database,
    server: {
      seats: parseSeats(values.seats, values['seat-count']),
      capacity: wholeNumber('--capacity', values.capacity, 1, 1_000_000),
      tokenTtlSeconds: wholeNumber('--token-ttl', values['token-ttl'], 1, 31_536_000),
      work: () => sleep(workMs),
    },
  };
}

/** @throws UsageError that lists the known names */
function findBackend(flowName: string, store: string, given: string | undefined): { name: string; backend: Backend } {
  const flow = Object.hasOwn(FLOWS, flowName) ? FLOWS[flowName] : undefined;
  if (flow === undefined) {
    throw new UsageError(`--flow: there is no flow "${flowName}"; known: ${Object.keys(FLOWS).join(', ')}`);
  }
  if (!isStore(store)) {
    throw new UsageError(`--store: there is no store "${store}"; known: ${storeNames.join(', ')}`);
  }
  const locks = flow[store];
  if (locks === undefined) {
    throw new UsageError(`--store: the flow ${flowName} is not in ${store}, but in ${Object.keys(flow).join(', ')}`);
  }
  const name = given ?? Object.keys(locks)[0] ?? '';
  const backend = Object.hasOwn(locks, name) ? locks[name] : undefined;
  if (backend !== undefined) return { name, backend };
  const elsewhere = storeNames.find((other) => Object.hasOwn(flow[other] ?? {}, name));
  if (elsewhere !== undefined) {
    throw new UsageError(`--lock: "${name}" is a lock of the store ${elsewhere}: add --store ${elsewhere}`);
  }
  const flowsWithIt = Object.keys(FLOWS).filter((other) => Object.hasOwn(FLOWS[other]?.[store] ?? {}, name));
  const hint = flowsWithIt.length === 0 ? '' : ` (it is one of ${flowsWithIt.join(' and ')})`;
  throw new UsageError(`--lock: there is no lock "${name}"${hint}; known: ${Object.keys(locks).join(', ')}`);
}

const isStore = (name: string): name is StoreName => Object.hasOwn(STORES, name);

function parseSeats(ids: string | undefined, count: string | undefined): readonly string[] {
  if (ids === undefined)
    return count === undefined ? DEMO_SEATS : demoSeats(wholeNumber('--seat-count', count, 1, 10_000));
  if (count !== undefined) throw new UsageError('--seats and --seat-count: give one of them, not both');
  const seats = ids.split(',').map((id) => id.trim());
  if (seats.includes('')) throw new UsageError('--seats: has an empty id; separate the ids by single commas');
  const repeated = seats.find((id, index) => seats.indexOf(id) !== index);
  if (repeated !== undefined) throw new UsageError(`--seats: names ${repeated} twice`);
  return seats;
}
