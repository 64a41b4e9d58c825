import { type Connections, STORE_OPENERS, type StoreName } from './stores/index.ts';
import type { Seats, Setup, Store, StoreSettings } from './stores/store.ts';

/** What a booking system does between checking and writing: compute a price, ask the payment provider. */
export type Work = () => Promise<void>;

/** The verdict that a race must give a strategy; `finding` is the id of the finding that names the bug. */
export type Expectation =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fail' | 'inconclusive'; readonly finding: string };

/** How the race must differ from the demo to show what a strategy does. */
export interface Needs {
  /** API processes behind one port. Default: 1. */
  readonly processes?: number;
  /** Units of each seat, which makes it a pool. Default: 1. */
  readonly capacity?: number;
  /** Orders of two seats each; half of the contenders list the two in opposite order. */
  readonly pairs?: true;
  /** How long to wait for an answer, for strategies that sometimes never answer. Default: 10 s, as in Artillery. */
  readonly timeoutMs?: number;
}

interface StrategyOn<Name extends StoreName, Operations> {
  /** One line for `--help` and for the table in docs/detection.md. */
  readonly summary: string;
  /** URL of the manual page or article that describes it. */
  readonly source: string;
  readonly expected: Expectation;
  readonly needs?: Needs;
  readonly store: Name;
  /** SQL that creates its tables. The table `seats (seat_id, position, status, version, capacity)` exists already. */
  readonly schema: string;
  /** Called once in each process, after the tables were created. */
  readonly prepare: (connection: Connections[Name], work: Work) => Operations;
}

/**
 * One way, right or wrong, to do what many want to do at once. Each is one file, so that they can be read side by side.
 *
 * `Operations` is what the routes call; for the order race that is `Book` in locks/lock.ts.
 */
export type Strategy<Operations> = { readonly [Name in StoreName]: StrategyOn<Name, Operations> }[StoreName];

/** A strategy on an open store. */
export interface OpenStrategy<Operations> {
  /** Creates the tables. One process does this; the others wait for it. */
  readonly setUp: (setup: Omit<Setup, 'schema'>) => Promise<void>;
  /** Takes everything back that was sold since `setUp`. */
  readonly reset: (setup: Omit<Setup, 'schema'>) => Promise<void>;
  /** Call it after `setUp`, which may have run in another process. */
  readonly prepare: (work: Work) => Operations;
  readonly openSeats: () => Seats;
  readonly close: () => Promise<void>;
}

/** @throws StoreError when the store cannot be opened */
export async function openStrategy<Operations>(
  strategy: Strategy<Operations>,
  settings: StoreSettings,
): Promise<OpenStrategy<Operations>> {
  switch (strategy.store) {
    case 'sqlite':
      return onStore(strategy, await STORE_OPENERS.sqlite(settings));
    case 'postgres':
      return onStore(strategy, await STORE_OPENERS.postgres(settings));
    case 'redis':
      return onStore(strategy, await STORE_OPENERS.redis(settings));
  }
}

const onStore = <Name extends StoreName, Operations>(
  { schema, prepare }: StrategyOn<Name, Operations>,
  { connection, setUp, reset, openSeats, close }: Store<Connections[Name]>,
): OpenStrategy<Operations> => ({
  setUp: (setup) => setUp({ ...setup, schema }),
  reset: (setup) => reset({ ...setup, schema }),
  prepare: (work) => prepare(connection, work),
  openSeats,
  close,
});
