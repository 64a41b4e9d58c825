import type { Attempt, HistoryRecord, ReadBack } from '../../../../model/index.ts';
import type { HistoryWriter } from '../../recording/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import { emitAttempt } from './metrics.ts';

/**
 * Keeps the records of this thread and writes them between the rounds: a write during a round would disturb it. A crash
 * therefore loses at most the round in flight.
 */
export interface Recorder {
  /** The contender was let go: from now to the end of its attempt, nothing is written. */
  released(vu: number): void;
  ended(attempt: Attempt, metrics: Metrics): void;
  problem(message: string): void;
  readBacks(answers: readonly ReadBack[]): void;
  /** Writes what is left. */
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

  return {
    released: (vu) => void inFlight.add(vu),
    ended(attempt, metrics) {
      inFlight.delete(attempt.vu);
      pending.push({ type: 'attempt', ...attempt });
      emitAttempt(metrics, attempt);
      if (inFlight.size === 0) write();
    },
    problem(message) {
      if (problems.has(message)) return;
      problems.add(message);
      pending.push({ type: 'problem', message });
      if (inFlight.size === 0) write();
    },
    readBacks(answers) {
      pending.push(...answers.map((answer) => ({ type: 'read-back', ...answer }) as const));
      if (inFlight.size === 0) write();
    },
    close() {
      write();
      writer.close();
    },
  };
}
