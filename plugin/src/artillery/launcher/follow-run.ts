import { followHistory } from '../../recording/index.ts';
import { artilleryGlobal } from '../shared/artillery.ts';
import { COUNTER, headersChannel } from '../shared/run-context.ts';
import type { PreparedRun } from './prepare.ts';
import type { RunConsole } from './run-console.ts';

const POLL_MS = 100;

/** A run while its workers race: the launcher only watches. */
export interface FollowedRun {
  /** Shows on the console what the workers have written since the last look. */
  look(): void;
  /** The headers of a contender in the latest round, names and values in turn; empty before round 1. */
  rawHeaders(): readonly string[];
  /** Artillery was told to stop before the end, e.g. by Ctrl-C. */
  isInterrupted(): boolean;
  close(): void;
}

/** Looks at the history every {@link POLL_MS}, and keeps what only the workers know. */
export function followRun({ run, files }: PreparedRun, console: RunConsole): FollowedRun {
  const follower = followHistory(files.history);
  const look = () => {
    console.spawned(run.counters[COUNTER.vus] ?? 0);
    console.show(follower.newRecords());
  };
  const timer = setInterval(look, POLL_MS).unref();

  let rawHeaders: readonly string[] = [];
  const channel = headersChannel(run);
  channel.onmessage = (event) => {
    rawHeaders = (event as { readonly data: readonly string[] }).data;
  };
  channel.unref();

  let interrupted = false;
  artilleryGlobal()?.globalEvents.on('shutdown:start', (options) => {
    interrupted = options?.earlyStop === true;
  });

  return {
    look,
    rawHeaders: () => rawHeaders,
    isInterrupted: () => interrupted,
    close() {
      clearInterval(timer);
      channel.close();
      follower.close();
    },
  };
}
