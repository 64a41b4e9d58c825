import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { InputError } from '../plugin/src/config/index.ts';

/** The Redis where the machines of a demo meet, while it runs. */
export interface MeetingPlace {
  readonly url: string;
  /** May be called twice. */
  stop(): Promise<void>;
}

const SERVERS = ['redis-server', 'valkey-server'];
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts a Redis on a free port of this machine. It keeps everything in memory.
 *
 * @throws InputError that says what to install, or why it does not start
 */
export async function startMeetingPlace(signal: AbortSignal): Promise<MeetingPlace> {
  for (const command of SERVERS) {
    const place = await start(command, signal);
    if (place !== undefined) return place;
  }
  throw new InputError(
    '--machines needs redis-server or valkey-server: install one (Debian: apt-get install redis-server)',
  );
}

/** Undefined where there is no such program. */
async function start(command: string, signal: AbortSignal): Promise<MeetingPlace | undefined> {
  const port = await freePort();
  const settings = { port: `${port}`, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // In a process group of its own: Ctrl-C in a terminal must not end it before the race.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const kill = () => void child.kill('SIGTERM');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };
  const isMissing = once(child, 'error').then(() => 'missing' as const);
  const isOver = once(child, 'exit').then(() => 'over' as const);
  const outcome = await Promise.race([isMissing, isOver, untilReady(child.stdout, signal)]).catch(
    () => 'over' as const,
  );
  if (outcome === 'ready') return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  if (outcome === 'missing') return undefined;
  signal.throwIfAborted();
  throw new InputError(`${command} did not start`);
}

async function untilReady(stdout: NodeJS.ReadableStream, signal: AbortSignal): Promise<'ready' | 'over'> {
  const lines = createInterface({
    input: stdout,
    signal: AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]),
  });
  let isReady = false;
  for await (const line of lines) {
    isReady = /ready to accept connections/i.test(line);
    if (isReady) break;
  }
  // Nobody reads the rest, but a full pipe would block it.
  stdout.resume();
  return isReady ? 'ready' : 'over';
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
