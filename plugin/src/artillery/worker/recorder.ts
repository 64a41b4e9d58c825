import type { Attempt, HistoryRecord, ProblemRecord } from '../../../../model/index.ts';
import type { Blotter, HistoryWriter } from '../../recording/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import type { AttemptMetrics } from './metrics.ts';

/** Answers of more bytes than this do not wait to be read: memory would run out. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;

/** So many characters of a reason are recorded. */
const MAX_REASON = 500;
/** And so many of the answer. */
const MAX_ANSWER = 200;

/** What goes into the history about something that went wrong around the attempts. */
export type RecordedProblem = Omit<Extract<ProblemRecord, { readonly reason: string }>, 'type'>;

/**
 * Collects the records of this thread, and reads and writes them while no request is in flight: parsing answers or writing
 * in the middle of a round would delay the other answers, and look like a slow target. So a crash loses at most the round in
 * flight.
 */
export interface Recorder {
  /** The request of this contender was released; until its attempt has ended, nothing is written. */
  released(vu: number): void;
  /** The request of this contender is over; its attempt comes later. */
  answered(vu: number): void;
  /**
   * The attempt of this contender is over.
   *
   * @param read makes the attempt of its answer; called later, once. It never rejects
   * @param bodyBytes the size of the answer, which stays in memory until then
   */
  ended(vu: number, read: () => Attempt | Promise<Attempt>, metrics: Metrics, bodyBytes: number): void;
  /** The same problem of the same virtual user is written once. */
  problem(problem: RecordedProblem): void;
  /** Writes the remaining records; resolves once the last attempt is read. */
  close(): Promise<void>;
}

/**
 * @param blotter blots the secrets out of problems
 * @param emitted emits the metrics of each attempt
 * @param lost called with the error when records could not be written; they are gone
 */
export function createRecorder(
  writer: HistoryWriter,
  blotter: Pick<Blotter, 'text'>,
  emitted: Pick<AttemptMetrics, 'attempt'>,
  lost: (error: Error) => void,
): Recorder {
  let pending: (() => HistoryRecord | Promise<HistoryRecord>)[] = [];
  /** Records whose answers are being read by a function of the suite. */
  const reading = new Set<Promise<void>>();
  let waitingBytes = 0;
  const inFlight = new Set<number>();
  const problems = new Set<string>();

  const write = () => {
    const due = pending;
    pending = [];
    waitingBytes = 0;
    try {
      writer.append(
        due.map((record) => record()).flatMap((record) => (record instanceof Promise ? later(record) : record)),
      );
    } catch (error) {
      lost(error as Error);
    }
  };
  const add = (...records: typeof pending) => {
    pending.push(...records);
    if (inFlight.size === 0 || waitingBytes > MAX_WAITING_BYTES) write();
  };
  const later = (record: Promise<HistoryRecord>): [] => {
    const read = record.then((made) => {
      reading.delete(read);
      add(() => made);
    });
    reading.add(read);
    return [];
  };

  return {
    released: (vu) => void inFlight.add(vu),
    answered(vu) {
      inFlight.delete(vu);
      add();
    },
    ended(vu, read, metrics, bodyBytes) {
      inFlight.delete(vu);
      waitingBytes += bodyBytes;
      const recordOf = (attempt: Attempt): HistoryRecord => {
        if (attempt.judged !== false) emitted.attempt(metrics, attempt);
        return { type: 'attempt', ...attempt };
      };
      add(() => {
        const attempt = read();
        return attempt instanceof Promise ? attempt.then(recordOf) : recordOf(attempt);
      });
    },
    problem(problem) {
      const { reason, step, vu } = problem;
      const key = JSON.stringify([reason, step, vu]);
      if (problems.has(key)) return;
      problems.add(key);
      const { answer } = problem;
      add(() => ({
        type: 'problem',
        ...problem,
        reason: blotter.text(reason, MAX_REASON),
        ...(answer !== undefined && { answer: blotter.text(answer, MAX_ANSWER) }),
      }));
    },
    async close() {
      write();
      while (reading.size > 0) {
        await Promise.all(reading);
        write();
      }
      writer.close();
    },
  };
}
