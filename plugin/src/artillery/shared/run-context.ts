import { BroadcastChannel, getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import type { Plan } from '../../../../model/index.ts';
import type { SourcedInventory } from '../../config/index.ts';
import { createSharedSecrets, type SharedSecrets } from '../../recording/index.ts';
import { createPassTable, type PassTable } from './passes.ts';
import { createRoundTable, type RoundTable } from './round-table.ts';

const KEY = 'artillery-plugin-race';
/** Eight in each of the rounds that a run may have at most. Memory that is not used yet takes no space. */
const MAX_MEETINGS = 1 << 19;

/** What the launcher and its workers share. The launcher sets it before any worker starts. */
export interface RunContext {
  readonly runId: string;
  readonly historyFile: string;
  /** `process.hrtime.bigint()` at the start of the run: all threads of the process count from here. */
  readonly originNs: bigint;
  /** Counters, see {@link COUNTER}. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  readonly rounds: RoundTable;
  readonly passes: PassTable;
  /** How many virtual users race in the whole run; undefined where nobody can know. */
  readonly racers: number | undefined;
  /** The inventories, where the suite only says where they come from. */
  readonly sourced: readonly SourcedInventory[] | undefined;
  readonly secrets: SharedSecrets;
  /** A hash of each meeting at which one contender sends a request for all; 0: not used yet. */
  readonly meetings: BigInt64Array<SharedArrayBuffer>;
  /** Tickets of those that go one after the other. */
  readonly queue: Int32Array<SharedArrayBuffer>;
  /** The number of this machine, and how many there are. */
  readonly machine: number;
  readonly machines: number;
  /** The id of the thread that the launcher runs in. */
  readonly launcherThread: number;
}

/**
 * The index of each shared counter. `gone`: virtual users that an error ended before anybody was released. `alone`: 1 once too
 * few are left for a race. `ended`: raced requests whose attempts were handed to the history. `over`: 1 once rounds that repeat
 * are not to go on.
 */
export const COUNTER = {
  vus: 0,
  openWorkers: 1,
  lostRecords: 2,
  released: 3,
  gone: 4,
  alone: 5,
  releases: 6,
  lost: 7,
  ended: 8,
  over: 9,
} as const;

/** What the launcher knows beforehand. By default there are no secrets, and one machine, whose clock starts now. */
type Shared = Pick<RunContext, 'runId' | 'historyFile' | 'racers'> &
  Partial<Pick<RunContext, 'secrets' | 'sourced' | 'machine' | 'machines' | 'originNs'>>;

export function shareRun(
  {
    secrets = createSharedSecrets(),
    sourced,
    machine = 1,
    machines = 1,
    originNs = process.hrtime.bigint(),
    ...shared
  }: Shared,
  plan: Plan,
): RunContext {
  const context: RunContext = {
    ...shared,
    sourced,
    originNs,
    machine,
    machines,
    counters: new Int32Array(new SharedArrayBuffer(Object.keys(COUNTER).length * Int32Array.BYTES_PER_ELEMENT)),
    rounds: createRoundTable(plan),
    passes: createPassTable(plan.inventories.length),
    secrets,
    meetings: new BigInt64Array(new SharedArrayBuffer(MAX_MEETINGS * 8)),
    queue: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
    launcherThread: threadId,
  };
  setEnvironmentData(KEY, context as never);
  return context;
}

/** @throws Error if the launcher did not share a run */
export function joinRun(): RunContext {
  const context = getEnvironmentData(KEY) as unknown as RunContext | undefined;
  if (context === undefined) throw new Error('artillery-plugin-race: the launcher of this run did not load the plugin');
  return context;
}

const clocks = new WeakMap<RunContext, () => number>();

/**
 * The run's clock: milliseconds since the start of the run, monotonic, the same in all threads. A thread always gets the
 * same function.
 */
export function clockOf(run: RunContext): () => number {
  const known = clocks.get(run);
  if (known !== undefined) return known;
  // performance.now() is the same clock, counted from the start of this thread, and makes no bigint.
  const startMs = threadStartMs(run);
  const clock = () => startMs + performance.now();
  clocks.set(run, clock);
  return clock;
}

const READINGS = 20;

/**
 * When this thread started, on the run's clock. The first call of `performance.now()` takes milliseconds, and a thread may
 * be paused between two readings; both would make its clock wrong for the whole run. So the closest readings count.
 */
function threadStartMs({ originNs }: Pick<RunContext, 'originNs'>): number {
  let closestMs = Infinity;
  let startMs = 0;
  for (let i = 0; i < READINGS; i++) {
    const beforeNs = process.hrtime.bigint();
    const nowMs = performance.now();
    const tookMs = Number(process.hrtime.bigint() - beforeNs) / 1e6;
    if (tookMs >= closestMs) continue;
    closestMs = tookMs;
    startMs = Number(beforeNs - originNs) / 1e6 + tookMs / 2 - nowMs;
  }
  return startMs;
}

/**
 * Takes the headers of a contender from a worker to the launcher, so that the read-back is sent by somebody who is signed
 * in. Headers hold secrets: they go from memory to memory, never into a file.
 */
export const headersChannel = ({ runId }: RunContext) => new BroadcastChannel(`${KEY}:${runId}`);

/** Tells the workers that a machine was lost: what was not released yet is given up. */
export const haltChannel = ({ runId }: RunContext) => new BroadcastChannel(`${KEY}:${runId}:halt`);

/** Takes the answer to a request that one contender sent for all from its worker to the others. */
export const answersChannelOf = ({ runId }: Pick<RunContext, 'runId'>): string => `${KEY}:${runId}:answers`;
