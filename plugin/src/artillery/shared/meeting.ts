import { MessageChannel, type MessagePort, postMessageToThread } from 'node:worker_threads';
import type { RunSettings } from '../../config/index.ts';
import {
  createHub,
  createRemoteRendezvous,
  createRendezvous,
  type Departure,
  type InstantClock,
  type Move,
  type Rendezvous,
  type RendezvousOptions,
  systemClock,
} from '../../rendezvous/index.ts';
import { garbageCollector } from './garbage.ts';
import { restDetector } from './rest.ts';
import { clockOf, type RunContext } from './run-context.ts';
import type { ArtilleryScript } from './types.ts';

/**
 * From the decision to let go to the instant at which all threads do. A message takes some 0.1 ms from thread to thread,
 * and few take more than this, on a busy machine too; a thread that hears of it later lets go later, and the spread
 * shows it.
 */
const LEAD_MS = 5;

/** What the workers are told when the contenders settle: it is time to collect garbage, in each thread its own. */
const SETTLING = 'settling';

/** What a worker says when it joins; its port stays open for as long as the worker lives. */
interface Greeting {
  readonly race: string;
  readonly port: MessagePort;
}

/** Where the contenders meet who go for an inventory for the n-th time. */
export const pointOf = (inventory: string, visit: number): string => `${inventory}\n${visit}`;

function optionsOf(run: RunContext, settings: RunSettings, collectGarbage: () => void): RendezvousOptions {
  const isAtRest = restDetector();
  const places = new Map(settings.plan.inventories.map(({ key }, index) => [pointOf(key, 1), index]));
  return {
    parties: settings.plan.contenders,
    timeoutMs: settings.rendezvousTimeoutMs,
    settleMs: settings.settleMs,
    clock: systemClock(clockOf(run)),
    settling() {
      collectGarbage();
      // What was before does not count.
      isAtRest();
    },
    isAtRest,
    // What is not planned: a rehearsal, which comes before everything.
    placeOf: (point) => places.get(point) ?? -1,
  };
}

/** Where the contenders of all workers meet. It is in the launcher, and does nothing where there is one worker. */
export function hostMeeting(run: RunContext, settings: RunSettings): { close(): void } {
  const ports = new Set<MessagePort>();
  const tellSettling = () => {
    for (const port of ports) port.postMessage(SETTLING);
  };
  const hub = createHub({ ...optionsOf(run, settings, tellSettling), leadMs: LEAD_MS });

  const greet = ({ race, port }: Partial<Greeting>) => {
    if (race !== run.runId || port === undefined) return;
    const line = hub.connect((departure) => port.postMessage(departure));
    ports.add(port);
    port.on('message', (move: Move) => line.receive(move));
    port.once('close', () => {
      ports.delete(port);
      line.lost();
    });
    port.unref();
  };
  process.on('workerMessage', greet);

  return {
    close() {
      process.off('workerMessage', greet);
      hub.close();
      for (const port of ports) port.close();
    },
  };
}

/**
 * The rendezvous, as a worker sees it. A worker that runs alone, as it does where the contenders come from an
 * `arrivalCount`, has it to itself, and nothing goes from thread to thread.
 */
export function joinMeeting(run: RunContext, settings: RunSettings, workers: number): Rendezvous {
  const collectGarbage = garbageCollector();
  if (workers === 1) return createRendezvous(optionsOf(run, settings, collectGarbage));
  const { port1: port, port2: its } = new MessageChannel();
  // Where nobody is there to meet, this rejects, and the run ends: Artillery ends with a worker that failed.
  void postMessageToThread(run.launcherThread, { race: run.runId, port: its } satisfies Greeting, [its]);
  const rendezvous = createRemoteRendezvous({
    send: (move) => port.postMessage(move),
    clock: instantClock(clockOf(run)),
  });
  port.on('message', (message: Departure | typeof SETTLING) => {
    if (message === SETTLING) collectGarbage();
    else rendezvous.receive(message);
  });
  port.unref();
  return {
    ...rendezvous,
    close() {
      port.close();
      rendezvous.close();
    },
  };
}

/**
 * Which worker runs this script, and of how many: Artillery says so in every phase that it hands to a worker. One that has all
 * contenders is alone, however many idle ones there are.
 */
export function placeOf(
  { config }: ArtilleryScript,
  { arrivals }: RunSettings['contenders'],
): { readonly worker: number; readonly workers: number } {
  if (arrivals !== undefined) return { worker: 1, workers: 1 };
  const phase = config.phases?.[0];
  return { worker: Number(phase?.worker ?? 1), workers: Number(phase?.totalWorkers ?? 1) };
}

/** How much of the wait for an instant is spent awake: what a sleeping thread may take to wake up. */
const AWAKE_MS = 0.1;

function instantClock(now: () => number): InstantClock {
  const clock = systemClock(now);
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    ...clock,
    blockUntil(atMs) {
      // Asleep, and not in a loop: where there are more threads than cores, one that loops keeps another from waking.
      const leftMs = atMs - now() - AWAKE_MS;
      if (leftMs > 0) Atomics.wait(cell, 0, 0, leftMs);
      while (now() < atMs);
    },
  };
}
