import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { type FinishedRun, launchSuite, runSuite } from './artillery.ts';
import { warmUp } from './warm-artillery/index.ts';

let runs = 0;

/** A name for a run that no other run of these tests has, so that a test can be tried again. */
export const newRun = (title: string): string => `${title.replaceAll(/\W+/g, '-')}-${process.pid}-${++runs}`;

/** Starts a suite on several machines, as processes of this one. */
export interface Fleet {
  /** The processes in the order in which they joined: the first one is the host. */
  readonly children: readonly ChildProcess[];
  /** Each resolves once that machine has ended. */
  readonly each: readonly Promise<FinishedRun>[];
  /** Resolves once all of them have ended. */
  readonly ended: Promise<readonly FinishedRun[]>;
  /** When the last of them that nobody killed has ended, as `performance.now()`. */
  endedAtMs(): number;
}

export interface FleetOptions {
  readonly url: string;
  /** See {@link newRun}. */
  readonly run: string;
  /** How many machines the run has. */
  readonly machines: number;
  /** How many are started; by default all. */
  readonly started?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What only some machines have, by number from 1. */
  readonly envOf?: (machine: number) => Readonly<Record<string, string>>;
  readonly scriptOf?: (machine: number) => object;
  /** How many worker threads share an `arrivalRate` on each machine; by default 1. */
  readonly workers?: number;
  /** The machines are started as users start them, because the start, the environment or a signal is what is tested. */
  readonly isLaunched?: boolean;
  /** The file that starts Artillery, if they are launched; by default, that of the project's own. */
  readonly bin?: string;
}

/** Starts the machines. The first one has joined before the others start, so it is the host. */
export async function startFleet(script: object, options: FleetOptions): Promise<Fleet> {
  const { url, run, machines, started = machines, env, envOf = () => ({}), scriptOf = () => script } = options;
  const { workers = 1, bin, isLaunched = bin !== undefined } = options;
  const children: ChildProcess[] = [];
  let endedAtMs = 0;
  const start = async (machine: number): Promise<FinishedRun> => {
    const meeting = { ORDER_MACHINES: `${machines}`, ORDER_MEET: url, ORDER_RUN_ID: run };
    // On a busy computer, processes start a minute apart.
    const variables = { ...meeting, ORDER_JOIN_MS: '300000', ...env, ...envOf(machine) };
    const running = (child: ChildProcess) => {
      children[machine - 1] = child;
    };
    const ended = isLaunched
      ? launchSuite(scriptOf(machine), { env: variables, running, ...(bin !== undefined && { bin }) })
      : runSuite(scriptOf(machine), { env: variables, running, workers });
    const finished = await ended;
    endedAtMs = performance.now();
    return finished;
  };
  if (!isLaunched) await warmUp(started);
  const first = start(1);
  await Promise.race([hasJoined(url, run, 1), first]);
  const others = Array.from({ length: started - 1 }, (_, index) => start(index + 2));
  const each = [first, ...others];
  return { children, each, ended: Promise.all(each), endedAtMs: () => endedAtMs };
}

/** Resolves once so many machines have joined the run. */
export async function hasJoined(url: string, run: string, machines: number): Promise<void> {
  const redis = createClient({ url });
  redis.on('error', () => {});
  await redis.connect();
  try {
    while (Number(await redis.get(`race:{${run}}:machines`)) < machines) await sleep(20);
  } finally {
    redis.destroy();
  }
}
