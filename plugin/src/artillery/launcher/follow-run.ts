import { constants } from 'node:os';
import type { HistoryRecord } from '../../../../model/index.ts';
import { followHistory } from '../../recording/index.ts';
import { artilleryGlobal } from '../shared/artillery.ts';
import { COUNTER, headersChannel } from '../shared/run-context.ts';
import type { PreparedRun } from './prepare.ts';
import type { RunConsole } from './run-console.ts';

const POLL_MS = 100;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Somebody stopped the run. */
export interface Interruption {
  /** 128 plus the number of the signal, such as 130 after Ctrl-C. */
  readonly exitCode: number;
}

/** A run while its workers race: the launcher only watches. */
export interface FollowedRun {
  /** Shows on the console what the workers have written since the last look. */
  look(): void;
  /** The headers of a contender in the latest round, names and values in turn; empty before round 1. */
  rawHeaders(): readonly string[];
  /** Undefined unless the run was stopped before its end. */
  interruption(): Interruption | undefined;
  /** Calls the listener with all records that come from now on. */
  listen(listener: (records: readonly HistoryRecord[]) => void): void;
  /**
   * From now on a signal does not end the run at once: Artillery hears of it so many milliseconds later, or at the next signal.
   * Until then the run may end by itself.
   */
  holdSignals(graceMs: number): void;
  /** Resolves once the run is stopped before its end. */
  readonly interrupted: Promise<void>;
  close(): void;
}

/** Looks at the history every {@link POLL_MS}, and keeps what only the workers know. */
export function followRun({ run, files, blotter }: PreparedRun, console: RunConsole): FollowedRun {
  const follower = followHistory(files.history);
  const listeners: ((records: readonly HistoryRecord[]) => void)[] = [];
  const look = () => {
    console.spawned(run.counters[COUNTER.vus] ?? 0);
    const records = follower.newRecords();
    blotter.keep(records.flatMap(idsIn));
    console.show(records);
    for (const listener of listeners) listener(records);
  };
  const timer = setInterval(look, POLL_MS).unref();

  let rawHeaders: readonly string[] = [];
  const channel = headersChannel(run);
  channel.onmessage = (event) => {
    rawHeaders = (event as { readonly data: readonly string[] }).data;
  };
  channel.unref();

  const interruption = followInterruption();
  return {
    look,
    rawHeaders: () => rawHeaders,
    listen: (listener) => void listeners.push(listener),
    holdSignals: interruption.hold,
    interruption: interruption.now,
    interrupted: interruption.happened,
    close() {
      clearInterval(timer);
      channel.close();
      follower.close();
      interruption.close();
    },
  };
}

/** Fields of records that hold ids. */
const ID_FIELDS = ['orderId', 'grantedIds', 'orderIds', 'owners', 'holds', 'user', 'inventory'];

/** The ids in a record. The read-back names them again, and then they must be the same. */
const idsIn = (record: HistoryRecord): string[] =>
  Object.entries(record).flatMap(([name, value]) => (ID_FIELDS.includes(name) ? [value].flat().map(String) : []));

/**
 * Artillery says that it stops early, but ignores a signal that comes while it ends, and then the server may still be asked
 * for a long time. So this listens to the signals as well.
 */
function followInterruption() {
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  let interruption: Interruption | undefined;
  const interrupt = (exitCode: number) => {
    interruption ??= { exitCode };
    resolve();
  };
  const onSignal = (signal: NodeJS.Signals) => interrupt(128 + constants.signals[signal]);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  artilleryGlobal()?.globalEvents.on('shutdown:start', (options) => {
    if (options?.earlyStop === true) interrupt(options.exitCode ?? 128 + constants.signals.SIGINT);
  });
  let letGo = () => {};
  return {
    now: () => interruption,
    hold(graceMs: number) {
      letGo = holdFrom(onSignal, graceMs);
    },
    happened,
    close() {
      letGo();
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** A terminal sends Ctrl-C to the script and to its child, and the script passes it on: that is one. */
const SAME_SIGNAL_MS = 1000;

/**
 * Lets everybody who listens to signals hear of one only so many milliseconds later, or of the next one.
 *
 * @param listening hears of signals at once, as before
 * @returns ends this
 */
function holdFrom(listening: (signal: NodeJS.Signals) => void, graceMs: number): () => void {
  const timers: NodeJS.Timeout[] = [];
  let firstMs: number | undefined;
  const held = SIGNALS.map((signal) => {
    const others = process.listeners(signal).filter((listener) => listener !== listening);
    const tell = () => {
      for (const listener of others) listener(signal);
    };
    const hold = () => {
      const now = performance.now();
      firstMs ??= now;
      if (now === firstMs) timers.push(setTimeout(tell, graceMs));
      // Whoever presses Ctrl-C again does not want to wait.
      else if (now - firstMs > SAME_SIGNAL_MS) tell();
    };
    for (const listener of others) process.off(signal, listener);
    process.on(signal, hold);
    return { signal, others, hold };
  });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    for (const { signal, others, hold } of held) {
      process.off(signal, hold);
      for (const listener of others) process.on(signal, listener);
    }
  };
}
