import { BroadcastChannel, getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import type { Plan } from '../../../../model/index.ts';
import { createRoundTable, type RoundTable } from './round-table.ts';

const KEY = 'artillery-plugin-race';

/** What the launcher and its workers share about the run. It is set before any worker starts. */
export interface RunContext {
  readonly runId: string;
  readonly historyFile: string;
  /** `process.hrtime.bigint()` at the start of the run: one clock for all threads of the process. */
  readonly originNs: bigint;
  /** Counters, see {@link COUNTER}. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  readonly rounds: RoundTable;
  /** The id of the thread that the launcher runs in. */
  readonly launcherThread: number;
}

/** Places in the shared counters. */
export const COUNTER = { vus: 0, openWorkers: 1, lostRecords: 2 } as const;

export function shareRun(runId: string, historyFile: string, plan: Plan): RunContext {
  const context: RunContext = {
    runId,
    historyFile,
    originNs: process.hrtime.bigint(),
    counters: new Int32Array(new SharedArrayBuffer(Object.keys(COUNTER).length * Int32Array.BYTES_PER_ELEMENT)),
    rounds: createRoundTable(plan),
    launcherThread: threadId,
  };
  setEnvironmentData(KEY, context as never);
  return context;
}

/** @throws Error in a thread whose launcher did not start the run */
export function joinRun(): RunContext {
  const context = getEnvironmentData(KEY) as unknown as RunContext | undefined;
  if (context === undefined) throw new Error('artillery-plugin-race: the launcher of this run did not load the plugin');
  return context;
}

const clocks = new WeakMap<RunContext, () => number>();

/** Milliseconds since the start of the run, on the monotonic clock that all threads share; one and the same in a thread. */
export function clockOf(run: RunContext): () => number {
  const known = clocks.get(run);
  if (known !== undefined) return known;
  // The same clock as hrtime, counted from the start of this thread, and read without making a bigint.
  const threadStartMs = Number(process.hrtime.bigint() - run.originNs) / 1e6 - performance.now();
  const clock = () => threadStartMs + performance.now();
  clocks.set(run, clock);
  return clock;
}

/**
 * How a worker hands the launcher the headers of a contender, so that the read-back is asked by somebody who is signed
 * in. They hold secrets: they go from memory to memory, and never into a file.
 */
export const headersChannel = ({ runId }: RunContext) => new BroadcastChannel(`${KEY}:${runId}`);
