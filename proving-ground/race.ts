import path from 'node:path';
import { type ReferenceApi, startReferenceApi } from '../cli/reference-api.ts';
import { demoSeats } from '../reference-api/demo.ts';
import { LOCKS } from '../reference-api/locks/index.ts';
import type { Lock } from '../reference-api/locks/lock.ts';
import type { StoreName } from '../reference-api/stores/index.ts';

const root = path.resolve(import.meta.dirname, '..');

/** A lock with the names that `--store` and `--lock` take. */
export interface NamedLock {
  readonly store: StoreName;
  readonly name: string;
  readonly lock: Lock;
}

export const ALL_LOCKS: readonly NamedLock[] = Object.entries(LOCKS).flatMap(([store, locks]) =>
  Object.entries(locks).map(([name, lock]) => ({ store: store as StoreName, name, lock })),
);

/** The size of a race: contenders for each seat, and seats. */
export interface Size {
  readonly contenders: number;
  readonly seats: number;
}

/** A race against a lock, in plain values, because some arms are separate processes. */
export interface Race {
  readonly url: string;
  readonly contenders: number;
  /** The seats of an order, round by round; the first seat names the round. */
  readonly orders: readonly (readonly string[])[];
  /** Whether every other contender lists the seats of an order in reverse. */
  readonly pairs: boolean;
  /** Units of each seat. */
  readonly capacity: number;
  /** How long to wait for an answer. */
  readonly timeoutMs: number;
}

/** Artillery's default. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The race that a lock needs. The URL follows when the API has started. */
export function raceOf({ lock: { needs = {} } }: NamedLock, { contenders, seats }: Size): Omit<Race, 'url'> {
  const { pairs = false, capacity = 1, timeoutMs = ANSWER_TIMEOUT_MS } = needs;
  const orders = demoSeats(seats).map((seat) => (pairs ? [seat, `${seat}-neighbour`] : [seat]));
  return { contenders, orders, pairs, capacity, timeoutMs };
}

export const startApi = ({ store, name }: NamedLock, { orders, capacity }: Omit<Race, 'url'>): Promise<ReferenceApi> =>
  startReferenceApi({
    root,
    seats: orders.flat(),
    store,
    lock: name,
    capacity,
    signal: new AbortController().signal,
  });
