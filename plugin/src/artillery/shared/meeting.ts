import type { MessagePort } from 'node:worker_threads';
import type { RunSettings } from '../../config/index.ts';
import { type RendezvousOptions, systemClock } from '../../rendezvous/index.ts';
import { passPoint } from './passes.ts';
import { idleDetector } from './process-load.ts';
import { visitKey } from './round-table.ts';
import { COUNTER, clockOf, type RunContext } from './run-context.ts';
import { isTurnPoint } from './turns.ts';

/** Tells every worker that its contenders settle: now each may collect the garbage of its thread. */
export const SETTLING = 'settling';

/** A worker joins with this message. It keeps the port open for as long as it lives. */
export interface Greeting {
  /** The run's id: another race may run in the same process. */
  readonly race: string;
  readonly port: MessagePort;
}

/** Where contenders meet who go for whatever they like: a release lets all of them go. */
export const ANYWHERE = 'anywhere';

/** Settings of a rendezvous in which contenders settle before each release. */
export type RendezvousSettings = RendezvousOptions & { readonly settling: () => void };

/** Whoever goes first waits for all others, where they go one after the other. */
const queueMs = ({ plan, attemptTimeoutMs }: RunSettings): number =>
  plan.oneAtATime === true ? plan.contenders * attemptTimeoutMs : 0;

/** @param settling called when all contenders have arrived and settle before their release */
export function rendezvousOptions(run: RunContext, settings: RunSettings, settling: () => void): RendezvousSettings {
  const isIdle = idleDetector();
  const all = run.racers === undefined ? undefined : run.racers * run.machines;
  const order = new Map(settings.plan.inventories.map(({ key }, index) => [visitKey(key, 1), index]));
  // What prepares a round comes before it.
  order.set(ANYWHERE, 0);
  order.set(passPoint(1), Infinity);
  return {
    // Nobody waits for more than there are.
    parties: Math.min(settings.plan.contenders, all ?? Infinity),
    all,
    timeoutMs: settings.rendezvousTimeoutMs + queueMs(settings),
    settleMs: settings.settleMs,
    clock: systemClock(clockOf(run)),
    settling() {
      settling();
      // Asking starts a new measurement, so that the garbage collection does not count as load.
      isIdle();
    },
    isAtRest: isIdle,
    released({ point }) {
      if (point === ANYWHERE) Atomics.add(run.counters, COUNTER.releases, 1);
    },
    // The rehearsal is not in the plan, and comes before every round.
    orderOf: (point) => order.get(point) ?? (isTurnPoint(point) ? Infinity : -1),
  };
}
