import type { Attempt, HistoryRecord, ReadBack } from '../../../../model/index.ts';
import type { HistoryWriter } from '../../recording/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import { emitAttempt } from './metrics.ts';

/**
 * Collects the records of this thread, and writes them while no request is in flight: a write in the middle of a round
 * would disturb it. So a crash loses at most the round in flight.
 */
export interface Recorder {
  /** The request of this contender was released; until its attempt has ended, nothing is written. */
  released(vu: number): void;
  ended(attempt: Attempt, metrics: Metrics): void;
  /** The same message is written once. */
  problem(message: string): void;
  readBacks(answers: readonly ReadBack[]): void;
  /** Writes the remaining records. */
  close(): void;
}

/** @param lost called with the error when records could not be written; they are gone */
export function createRecorder(writer: HistoryWriter, lost: (error: Error) => void): Recorder {
  let pending: HistoryRecord[] = [];
  const inFlight = new Set<number>();
  const problems = new Set<string>();

  const write = () => {
    const records = pending;
    pending = [];
    try {
      writer.append(records);
    } catch (error) {
      lost(error as Error);
    }
  };
  const add = (...records: readonly HistoryRecord[]) => {
    pending.push(...records);
    if (inFlight.size === 0) write();
  };

  return {
    released: (vu) => void inFlight.add(vu),
    ended(attempt, metrics) {
      inFlight.delete(attempt.vu);
      emitAttempt(metrics, attempt);
      add({ type: 'attempt', ...attempt });
    },
    problem(message) {
      if (problems.has(message)) return;
      problems.add(message);
      add({ type: 'problem', reason: message });
    },
    readBacks: (answers) => add(...answers.map((answer) => ({ type: 'read-back', ...answer }) as const)),
    close() {
      write();
      writer.close();
    },
  };
}
