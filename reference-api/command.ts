import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_SEATS, demoSeats } from './demo.ts';
import type { Flow, Offer } from './flows/flow.ts';
import { FLOWS } from './flows/index.ts';
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
  readonly offer: Offer;
  /** API processes behind the port. */
  readonly processes: number;
  readonly untilStdinEnds: boolean;
  /** The SQLite database: a file, or `:memory:`. */
  readonly location: string;
  readonly server: Omit<ServerOptions, 'lock' | 'offer' | 'stores'> &
    Required<Pick<ServerOptions, 'seats' | 'capacity'>>;
}

const DEFAULT_FLOW = 'order-race';
const storeNames = Object.keys(STORES) as readonly StoreName[];

const list = (entries: readonly (readonly [string, string])[]) =>
  entries.map(([name, summary]) => `      ${name.padEnd(22)} ${summary}`).join('\n');

const describeFlow = (flow: Flow) =>
  storeNames
    .flatMap((store) => {
      const its = Object.entries(flow[store] ?? {}).map(([name, { summary }]) => [name, summary] as const);
      return its.length === 0 ? [] : [`    in ${store}:\n${list(its)}`];
    })
    .join('\n');

/** Most of it is the list of locks: a right one first in each store. */
export const HELP = `Usage: node reference-api/main.ts [options]

A small booking API, right by default and wrong on request. When it listens it prints one line of JSON:
{"url":"http://127.0.0.1:PORT/orders","pid":123,"lock":"unique"}

  --store NAME       where the seats are (default: sqlite)
${list(Object.entries(STORES))}
  --flow NAME        what is asked of it, by the scenario's rule (default: ${DEFAULT_FLOW})
  --lock NAME        how it is done (default: the first of the flow and the store)
${Object.entries(FLOWS)
  .map(([name, flow]) => `   ${name}\n${describeFlow(flow)}`)
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
      flow: { type: 'string', default: DEFAULT_FLOW },
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

  const { name: lockName, offer } = findOffer(values.flow, values.store, values.lock);
  const workMs = whole('--work-ms', values['work-ms'], 0, 60_000);
  return {
    host: values.host,
    port: whole('--port', values.port, 0, 65_535),
    lockName,
    offer,
    processes:
      values.processes === undefined ? (offer.needs?.processes ?? 1) : whole('--processes', values.processes, 1, 64),
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
function findOffer(flowName: string, store: string, given: string | undefined): { name: string; offer: Offer } {
  const flow = Object.hasOwn(FLOWS, flowName) ? FLOWS[flowName] : undefined;
  if (flow === undefined) {
    throw new UsageError(`--flow: there is no flow "${flowName}"; known: ${Object.keys(FLOWS).join(', ')}`);
  }
  if (!isStore(store)) {
    throw new UsageError(`--store: there is no store "${store}"; known: ${storeNames.join(', ')}`);
  }
  const offers = flow[store];
  if (offers === undefined) {
    throw new UsageError(`--store: the flow ${flowName} is not in ${store}, but in ${Object.keys(flow).join(', ')}`);
  }
  const name = given ?? Object.keys(offers)[0] ?? '';
  const offer = Object.hasOwn(offers, name) ? offers[name] : undefined;
  if (offer !== undefined) return { name, offer };
  const elsewhere = storeNames.find((other) => Object.hasOwn(flow[other] ?? {}, name));
  if (elsewhere !== undefined) {
    throw new UsageError(`--lock: "${name}" is a lock of the store ${elsewhere}: add --store ${elsewhere}`);
  }
  const flows = Object.entries(FLOWS).filter(([, its]) => Object.hasOwn(its[store] ?? {}, name));
  const hint = flows.length === 0 ? '' : ` (it is one of ${flows.map(([its]) => its).join(' and ')})`;
  throw new UsageError(`--lock: there is no lock "${name}"${hint}; known: ${Object.keys(offers).join(', ')}`);
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
