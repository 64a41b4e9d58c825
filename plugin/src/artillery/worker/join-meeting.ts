import { MessageChannel, postMessageToThread } from 'node:worker_threads';
import type { RunSettings } from '../../config/index.ts';
import {
  type Call,
  createRemoteRendezvous,
  createRendezvous,
  type InstantClock,
  type Rendezvous,
  systemClock,
} from '../../rendezvous/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';
import { type Greeting, rendezvousOptions, SETTLING } from '../shared/meeting.ts';
import { clockOf, type RunContext } from '../shared/run-context.ts';
import { garbageCollector } from './garbage.ts';

/** The rendezvous of a worker. */
interface RaceMeeting extends Rendezvous {
  /** Lets everybody go who waits in this worker, and tells no other worker. What the gate holds must be given up before. */
  giveUp(): void;
}

/**
 * The rendezvous for the contenders of this worker. A single worker has it in its own thread, and sends no messages; of
 * several, and on one of several machines, each is connected to the launcher.
 *
 * @param workers how many workers have contenders
 */
export function joinMeeting(run: RunContext, settings: RunSettings, workers: number): RaceMeeting {
  const collectGarbage = garbageCollector();
  if (workers === 1 && run.machines === 1) {
    const own = createRendezvous(rendezvousOptions(run, settings, collectGarbage));
    return { ...own, giveUp: own.close };
  }
  const { port1: port, port2: launcherPort } = new MessageChannel();
  // Rejects where the launcher is gone; the worker then fails, and Artillery ends the run.
  void postMessageToThread(run.launcherThread, { race: run.runId, port: launcherPort } satisfies Greeting, [
    launcherPort,
  ]);
  const rendezvous = createRemoteRendezvous({
    send: (move) => port.postMessage(move),
    clock: instantClock(clockOf(run)),
  });
  port.on('message', (message: Call | typeof SETTLING) => {
    if (message === SETTLING) collectGarbage();
    else rendezvous.receive(message);
  });
  port.unref();
  return {
    ...rendezvous,
    giveUp: rendezvous.close,
    close() {
      port.close();
      rendezvous.close();
    },
  };
}

/**
 * The number of the worker that runs this script, and how many workers have contenders. Artillery writes both into every
 * phase that it hands to a worker; but with an `arrivalCount` the first worker has all contenders, and the others idle.
 */
export function workerOf(
  { config }: ArtilleryScript,
  { arrivals }: RunSettings['contenders'],
): { readonly worker: number; readonly workers: number } {
  if (arrivals !== undefined) return { worker: 1, workers: 1 };
  const phase = config.phases?.[0];
  return { worker: Number(phase?.worker ?? 1), workers: Number(phase?.totalWorkers ?? 1) };
}

/** The last part of a wait is spent awake: a sleeping thread may take this long to wake up. */
const AWAKE_MS = 0.1;

function instantClock(now: () => number): InstantClock {
  const clock = systemClock(now);
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    ...clock,
    blockUntil(atMs) {
      // Sleeps first: with more threads than cores, a thread that only loops keeps another from waking.
      const leftMs = atMs - now() - AWAKE_MS;
      if (leftMs > 0) Atomics.wait(cell, 0, 0, leftMs);
      while (now() < atMs);
    },
  };
}
