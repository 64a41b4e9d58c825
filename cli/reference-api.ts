import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { parseJson } from '../model/json.ts';
import { InputError } from '../plugin/src/config/index.ts';

/** The bundled API while it runs. */
export interface ReferenceApi {
  /** The URL that takes the bookings. */
  readonly url: string;
  readonly pid: number;
  /** The name of its lock. */
  readonly lock: string;
  /** Ends the API, by force after 2 s. May be called twice. */
  stop(): Promise<void>;
}

export interface ReferenceApiOptions {
  /** The repository. */
  readonly root: string;
  readonly seats: readonly string[];
  /** What the API offers, named after a rule; undefined: orders of seats. */
  readonly flow?: string | undefined;
  /** Where the API keeps its seats; undefined: SQLite. */
  readonly store?: string | undefined;
  /** How the API guards its seats; undefined: the default of the store. */
  readonly lock: string | undefined;
  /** Units of each seat; undefined: 1. */
  readonly capacity?: number | undefined;
  /** Stops waiting for the API to start. */
  readonly signal: AbortSignal;
}

/** It takes half a second, and many times that on a machine whose cores are busy. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts the bundled API on a free port and waits until it listens, at most a minute.
 *
 * @throws InputError with the API's own message if it does not start
 */
export async function startReferenceApi(options: ReferenceApiOptions): Promise<ReferenceApi> {
  const { root, signal } = options;
  // `detached` puts the API into another process group: Ctrl-C in a terminal reaches the whole group, and the race needs the
  // API until it has ended in order.
  const child = spawn(process.execPath, argumentsOf(options), {
    cwd: root,
    // The API stops when its stdin ends, and that ends with this process, even if it is killed.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // In case this process exits without `stop`. SIGTERM, because the API has to remove a folder.
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
    return { ...parseAnnouncement(line), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsOf({ root, seats, flow, store, lock, capacity }: ReferenceApiOptions): readonly string[] {
  const values = { port: '0', seats: seats.join(','), flow, store, lock, capacity };
  return [
    // Users of a demo need no warning that node:sqlite is experimental.
    '--disable-warning=ExperimentalWarning',
    join(root, 'reference-api/main.ts'),
    '--until-stdin-ends',
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
  ];
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout, signal });
  let first: string | undefined;
  // If the process ends, the loop ends without a line.
  for await (const line of lines) {
    first = line;
    break;
  }
  // Nobody reads the rest, but a full pipe would block the API.
  child.stdout.resume();
  return first;
}

/** The line of JSON that the API prints once it listens. */
const announcement = z.object({ url: z.string(), pid: z.number(), lock: z.string() });

function parseAnnouncement(line: string): z.output<typeof announcement> {
  const { data } = announcement.safeParse(parseJson(line));
  if (data === undefined) throw new Error(`the reference API printed an unexpected first line: ${line}`);
  return data;
}

function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  // In a stack trace the error is in the middle. The API's own messages are one line.
  const reason = lines.find((line) => /^\w*Error/.test(line)) ?? lines[0] ?? '';
  return (
    reason.replace(/^reference-api: /, '').replace(/ \(see --help\)$/, '') ||
    `it printed nothing for ${START_TIMEOUT_MS / 1000} s`
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
