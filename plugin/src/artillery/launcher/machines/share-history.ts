import type { ClockRecord, HistoryRecord } from '../../../../../model/index.ts';
import { parseJson } from '../../../../../model/json.ts';
import { followLines, type HistoryWriter } from '../../../recording/index.ts';
import type { Machines } from './join.ts';

const POLL_MS = 100;

/** Sends this machine's history to the others while it is written. */
export interface SharedHistory {
  /** Sends what was written since the last look. */
  look(): void;
  /** Resolves once the clock of each round so far is in the history. */
  clocks(): Promise<void>;
  close(): void;
}

/**
 * Sends each line of the history, and adds how wrong this machine's clock may be in each round: that is known best soon
 * after the release.
 */
export function shareHistory(machines: Machines, file: string, history: HistoryWriter): SharedHistory {
  const follower = followLines(file);
  const rounds = new Map<number, Promise<void>>();

  const measure = async (round: number, atMs: number): Promise<void> => {
    const clock = await machines.ask('clock', { atMs });
    if (clock === undefined) return;
    const record: ClockRecord = { type: 'clock', machine: machines.machine, round, ...clock };
    history.append([record]);
  };
  const look = () => {
    const lines = follower.newLines();
    if (lines.length > 0) machines.record(lines);
    for (const line of lines) {
      const record = parseJson(line) as HistoryRecord | undefined;
      if (record?.type !== 'attempt' || record.releasedAtMs === undefined || rounds.has(record.round)) continue;
      // A history that cannot be written comes up again when it is judged.
      rounds.set(
        record.round,
        measure(record.round, record.releasedAtMs).catch(() => {}),
      );
    }
  };
  const timer = setInterval(look, POLL_MS).unref();
  return {
    look,
    async clocks() {
      look();
      await Promise.all(rounds.values());
      look();
    },
    close() {
      clearInterval(timer);
      follower.close();
    },
  };
}
