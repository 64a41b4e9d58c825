import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, HELP, parseCommand } from './command.ts';
import { UsageError } from './command-line.ts';
import { createServer } from './server.ts';
import { type Running, startWorkers, workerOptions } from './workers.ts';

/** The store may wait for connections that nobody releases; the process ends after this long anyway. */
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
  // Registered before the start: a process that is stopped while it starts may already have a folder to remove.
  const end = async () => {
    await Promise.race([running?.stop(), sleep(STOP_TIMEOUT_MS)]);
    // Bookings that are still at work are cut off: nobody is left to answer.
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (command.untilStdinEnds) process.stdin.resume().once('end', end).once('error', end);
  running = command.processes === 1 ? await listen(command) : await startWorkers(command);
  const { origin } = running;
  console.log(JSON.stringify({ url: `${origin}/orders`, pid: process.pid, lock: command.lockName }));
}

async function listen({ backend, sqliteFile, server, host, port }: Command): Promise<Running> {
  const app = await createServer({ backend, stores: { sqliteFile }, ...server, ...workerOptions() });
  return { origin: await app.listen({ host, port }), stop: () => app.close() };
}

function fail(error: unknown): void {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  const message = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
  console.error(`reference-api: ${message}${isUsage ? ' (see --help)' : ''}`);
  // Exits at once, because an open store would keep the process alive.
  process.exit(isUsage ? 2 : 1);
}
