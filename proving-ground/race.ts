import path from 'node:path';
import { type ReferenceApi, startReferenceApi } from '../cli/reference-api.ts';
import { demoSeats } from '../reference-api/demo.ts';
import { LOCKS } from '../reference-api/locks/index.ts';
import type { Lock } from '../reference-api/locks/lock.ts';
import type { StoreName } from '../reference-api/stores/index.ts';

const root = path.resolve(import.meta.dirname, '..');

/** A strategy under the names that `--store` and `--lock` take. */
export interface Entrant {
  readonly store: StoreName;
  readonly name: string;
  readonly lock: Lock;
}

export const ENTRANTS: readonly Entrant[] = Object.entries(LOCKS).flatMap(([store, locks]) =>
  Object.entries(locks).map(([name, lock]) => ({ store: store as StoreName, name, lock })),
);

/** How many go for how many seats. */
export interface Size {
  readonly contenders: number;
  readonly seats: number;
}

/** A race against a strategy, as every arm is told it: plain values, for arms are processes of their own. */
export interface Race {
  readonly url: string;
  readonly contenders: number;
  /** The seats of an order, round by round; the first of them is what the round is about. */
  readonly orders: readonly (readonly string[])[];
  /** Whether every other contender names the seats of an order in the opposite order. */
  readonly pairs: boolean;
  readonly capacity: number;
  /** How long to wait for an answer. */
  readonly patienceMs: number;
}

/** What Artillery waits by default. */
const PATIENCE_MS = 10_000;

/** The race that a strategy needs, against an API that is yet to be started. */
export function raceOf({ lock: { needs = {} } }: Entrant, { contenders, seats }: Size): Omit<Race, 'url'> {
  const { pairs = false, capacity = 1, timeoutMs: patienceMs = PATIENCE_MS } = needs;
  const orders = demoSeats(seats).map((seat) => (pairs ? [seat, `${seat}-neighbour`] : [seat]));
  return { contenders, orders, pairs, capacity, patienceMs };
}

export function startApi({ store, name }: Entrant, { orders, capacity }: Omit<Race, 'url'>): Promise<ReferenceApi> {
  return startReferenceApi({
    root,
    seats: orders.flat(),
    store,
    lock: name,
    capacity,
    signal: new AbortController().signal,
  });
}
