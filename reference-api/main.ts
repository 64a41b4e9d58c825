import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_SEATS, demoSeats } from './demo.ts';
import { LOCKS } from './locks/index.ts';
import { createServer, type ServerOptions } from './server.ts';

const HELP = `Usage: node reference-api/main.ts [options]

A small booking API, right by default and wrong on request. When it listens it prints one line of JSON:
{"url":"http://127.0.0.1:PORT/orders","pid":123,"lock":"unique"}

  --lock NAME        how seats are booked (default: unique)
${Object.entries(LOCKS)
  .map(([name, { summary }]) => `                       ${name.padEnd(8)} ${summary}`)
  .join('\n')}
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

/** A mistake on the command line: one line, exit code 2. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Command {
  readonly host: string;
  readonly port: number;
  readonly lockName: string;
  readonly untilStdinEnds: boolean;
  readonly server: ServerOptions;
}

function parseCommand(args: readonly string[]): Command | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lock: { type: 'string', default: 'unique' },
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

  const lock = Object.hasOwn(LOCKS, values.lock) ? LOCKS[values.lock] : undefined;
  if (lock === undefined) {
    throw new UsageError(`--lock: there is no lock "${values.lock}"; known: ${Object.keys(LOCKS).join(', ')}`);
  }
  const workMs = whole('--work-ms', values['work-ms'], 0, 60_000);
  return {
    host: values.host,
    port: whole('--port', values.port, 0, 65_535),
    lockName: values.lock,
    untilStdinEnds: values['until-stdin-ends'],
    server: {
      lock,
      seats: parseSeats(values.seats, values['seat-count']),
      database: values.database,
      tokenTtlSeconds: whole('--token-ttl', values['token-ttl'], 1, 31_536_000),
      work: () => sleep(workMs),
    },
  };
}

function parseSeats(list: string | undefined, count: string | undefined): readonly string[] {
  if (list === undefined) return count === undefined ? DEMO_SEATS : demoSeats(whole('--seat-count', count, 1, 10_000));
  if (count !== undefined) throw new UsageError('--seats and --seat-count: give one of them, not both');
  const ids = list.split(',').map((id) => id.trim());
  if (ids.includes('')) throw new UsageError('--seats: has an empty id; separate the ids by single commas');
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`--seats: names ${twice} twice`);
  return ids;
}

function whole(flag: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${flag}: must be a whole number from ${min} to ${max}, not "${text}"`);
}

async function serve({ host, port, lockName, untilStdinEnds, server }: Command): Promise<void> {
  const app = await createServer(server);
  const stop = async () => {
    await app.close();
    // Bookings that still await their work have nobody left to answer; they are not waited for.
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (untilStdinEnds) process.stdin.resume().once('end', stop).once('error', stop);
  const origin = await app.listen({ host, port });
  console.log(JSON.stringify({ url: `${origin}/orders`, pid: process.pid, lock: lockName }));
}

function fail(error: unknown): void {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  const message = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
  console.error(`reference-api: ${message}${isUsage ? ' (see --help)' : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}

try {
  const command = parseCommand(process.argv.slice(2));
  if (command === 'help') console.log(HELP.trimEnd());
  else await serve(command);
} catch (error) {
  fail(error);
}
