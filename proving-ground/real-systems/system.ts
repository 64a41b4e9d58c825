/** Whether the guard of the seats is there. */
export type Lock = 'right' | 'disabled';

export const LOCKS: readonly Lock[] = ['right', 'disabled'];

/** A running system. */
export interface RunningSystem {
  /** Where it answers. The suite reads it as `TARGET`. */
  readonly target: string;
  stop(): Promise<void>;
}

/** A booking system of others, raced as it comes from its package manager. */
export interface RealSystem {
  /** In lower case. */
  readonly name: string;
  /** The fixed version that is installed. */
  readonly version: string;
  /** The suite that races it, an absolute path. */
  readonly suite: string;
  /** What is for sale, one unit each. The suite names the same. */
  readonly seats: readonly string[];
  /** What this machine lacks to install it, and how to get it. Undefined where nothing is missing. */
  missing(): Promise<string | undefined>;
  /** Installs it into .node/ where it is not there yet, and shows how far it is. */
  install(): Promise<void>;
  /**
   * Creates the system's tables, and the seats that are for sale.
   *
   * @param database PostgreSQL URL of an empty database of its own
   * @returns environment variables that the suite reads, such as a token
   */
  fill(database: string): Promise<Readonly<Record<string, string>>>;
  /**
   * Starts the system on the loopback.
   *
   * @param database a copy of the database that was filled
   */
  start(lock: Lock, database: string): Promise<RunningSystem>;
  /** A SQL question to the system's own tables: one row for each seat that was sold, with `seat` and `sold`. */
  readonly soldSql: string;
}
