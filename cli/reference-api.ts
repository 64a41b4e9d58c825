import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from './input-error.ts';

/** The bundled API while it runs. */
export interface ReferenceApi {
  /** The URL that takes the bookings. */
  readonly url: string;
  readonly pid: number;
  /** The name of its lock. */
  readonly lock: string;
  /** Ends it: politely, and after 2 s not so. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ReferenceApiOptions {
  /** The repository. */
  readonly root: string;
  readonly seats: readonly string[];
  /** What is asked of it, by the name of the rule; undefined: orders of seats. */
  readonly flow?: string | undefined;
  /** Where the seats are; undefined: SQLite. */
  readonly store?: string | undefined;
  /** How they are booked; undefined: as the store does by default. */
  readonly lock: string | undefined;
  /** Units of each seat; undefined: 1. */
  readonly capacity?: number | undefined;
  /** Ends the wait for it. */
  readonly signal: AbortSignal;
}

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts the bundled API on a free port and waits until it listens, at most 10 s.
 *
 * @throws InputError with its own words where it does not start
 */
export async function startReferenceApi({
  root,
  seats,
  flow,
  store,
  lock,
  capacity,
  signal,
}: ReferenceApiOptions): Promise<ReferenceApi> {
  const args = [join(root, 'reference-api/main.ts'), '--port', '0', '--until-stdin-ends', '--seats', seats.join(',')];
  if (flow !== undefined) args.push('--flow', flow);
  if (store !== undefined) args.push('--store', store);
  if (lock !== undefined) args.push('--lock', lock);
  if (capacity !== undefined) args.push('--capacity', String(capacity));
  // node:sqlite is experimental, which is not news to the users of a demo. A process group of its own: Ctrl-C in a
  // terminal goes to the whole group, and the race still needs the API to end in order.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    // Its stdin ends with this process, however that ends: then it stops by itself.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // Should this process end in a way that passes over `stop`. Politely: it has a folder of its own to take away.
  const kill = () => void child.kill('SIGTERM');
  process.once('exit', kill);
  const stop = async () => {
    await end(child);
    process.off('exit', kill);
  };

  try {
    const stderr = text(child.stderr);
    const line = await Promise.race([firstLine(child, signal), sleep(START_TIMEOUT_MS, undefined, { ref: false })]);
    if (line === undefined) {
      await stop();
      throw new InputError(`the reference API did not start: ${reasonIn(await stderr)}`);
    }
    const { url, pid, lock: name } = parseAnnouncement(line);
    return { url, pid, lock: name, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout, signal });
  let first: string | undefined;
  // Ends without a line when the process does.
  for await (const line of lines) {
    first = line;
    break;
  }
  // What it prints from here on is of no interest, but has to go somewhere.
  child.stdout.resume();
  return first;
}

function parseAnnouncement(line: string): { url: string; pid: number; lock: string } {
  const announced: unknown = JSON.parse(line);
  if (
    typeof announced === 'object' &&
    announced !== null &&
    'url' in announced &&
    typeof announced.url === 'string' &&
    'pid' in announced &&
    typeof announced.pid === 'number' &&
    'lock' in announced &&
    typeof announced.lock === 'string'
  ) {
    return { url: announced.url, pid: announced.pid, lock: announced.lock };
  }
  throw new Error(`the reference API announced itself in a form unknown here: ${line}`);
}

function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  // A stack names its error in the middle; its own messages are one line.
  const reason = lines.find((line) => /^\w*Error/.test(line)) ?? lines[0] ?? '';
  return reason.replace(/^reference-api: /, '').replace(/ \(see --help\)$/, '') || 'it was silent for 10 s';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
