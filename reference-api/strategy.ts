import type { Connections, StoreName } from './stores/index.ts';

/** What a booking system does between looking and writing: check a price, ask the payment provider. */
export type Work = () => Promise<void>;

/** What the race test must say of a strategy: `finding` is the id of the one that names the bug. */
export type Expectation =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fail' | 'inconclusive'; readonly finding: string };

/** The race that meets a strategy, where it is not that of the demo: one seat, one unit of it, one process. */
export interface Needs {
  /** API processes behind one port. */
  readonly processes?: number;
  /** Units of each seat: it is a pool then. */
  readonly capacity?: number;
  /** Orders of two seats each, which half of the contenders name in the opposite order. */
  readonly pairs?: true;
  /** How long to wait for an answer, where some never come; else as long as Artillery does by default. */
  readonly patienceMs?: number;
}

interface StrategyOn<Store extends StoreName, Operation> {
  /** One line for `--help` and for the table of docs/detection.md. */
  readonly summary: string;
  /** Where to read on: the manual, or who described it. */
  readonly source: string;
  readonly expected: Expectation;
  readonly needs?: Needs;
  readonly store: Store;
  /** SQL that creates its tables, beside `seats (seat_id, position, status, version, capacity)`, which is there already. */
  readonly schema: string;
  /** Called once in each process, when the tables are there. */
  readonly prepare: (connection: Connections[Store], work: Work) => Operation;
}

/**
 * One way to do what many want to do at once, right or wrong: one file each, so that they can be read side by side.
 *
 * `Operation` is what it offers to the routes; see locks/lock.ts for that of the orders.
 */
export type Strategy<Operation> = { readonly [Store in StoreName]: StrategyOn<Store, Operation> }[StoreName];
