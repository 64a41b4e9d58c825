import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, HELP, parseCommand, UsageError } from './command.ts';
import { createServer } from './server.ts';
import { type Running, startWorkers, workerOptions } from './workers.ts';

/** Connections that somebody never gives back are not waited for. */
const STOP_TIMEOUT_MS = 1_500;

try {
  const command = parseCommand(process.argv.slice(2));
  if (command === 'help') console.log(HELP.trimEnd());
  else if (cluster.isWorker) await listen(command);
  else await serve(command);
} catch (error) {
  fail(error);
}

async function serve(command: Command): Promise<void> {
  let running: Running | undefined;
  // From the beginning: what is told to end while it starts has a folder to take away already.
  const end = async () => {
    await Promise.race([running?.stop(), sleep(STOP_TIMEOUT_MS)]);
    // Bookings that still await their work have nobody left to answer; they are not waited for.
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (command.untilStdinEnds) process.stdin.resume().once('end', end).once('error', end);
  running = command.processes === 1 ? await listen(command) : await startWorkers(command);
  const { origin } = running;
  console.log(JSON.stringify({ url: `${origin}/orders`, pid: process.pid, lock: command.lockName }));
}

async function listen({ offer, location, server, host, port }: Command): Promise<Running> {
  const app = await createServer({ offer, stores: { location }, ...server, ...workerOptions() });
  return { origin: await app.listen({ host, port }), stop: () => app.close() };
}

function fail(error: unknown): void {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  const message = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
  console.error(`reference-api: ${message}${isUsage ? ' (see --help)' : ''}`);
  // At once: a store that is open would keep the process.
  process.exit(isUsage ? 2 : 1);
}
