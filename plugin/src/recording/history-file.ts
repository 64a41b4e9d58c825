import fs from 'node:fs';
import {
  type Attempt,
  type EndRecord,
  HISTORY_VERSION,
  type History,
  type HistoryRecord,
  type ReadBack,
  type RunRecord,
} from '../model/index.ts';

/** A history that cannot be read as one. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** One line of `history.jsonl`. */
export const lineOf = (record: HistoryRecord): string => `${JSON.stringify(record)}\n`;

/**
 * Appends to `history.jsonl`. Each call is one write of whole lines to a file opened for appending, so that several
 * threads can write to the same file.
 */
export interface HistoryWriter {
  /** @throws the error of the file system, e.g. ENOSPC */
  append(records: readonly HistoryRecord[]): void;
  close(): void;
}

export function openHistory(file: string): HistoryWriter {
  const fd = fs.openSync(file, 'a');
  return {
    append(records) {
      if (records.length === 0) return;
      let bytes = Buffer.from(records.map(lineOf).join(''));
      while (bytes.length > 0) bytes = bytes.subarray(fs.writeSync(fd, bytes));
    },
    close: () => fs.closeSync(fd),
  };
}

/**
 * Reads a history. A last line that was cut off (the run was killed while it wrote) is left out; anything else that is
 * not a record is an error.
 *
 * @throws HistoryError naming the line
 */
export function parseHistory(text: string): History {
  const lines = text.split('\n');
  lines.pop();
  let run: RunRecord | undefined;
  let end: EndRecord | undefined;
  const attempts: Attempt[] = [];
  const readBacks: ReadBack[] = [];
  const problems = new Set<string>();
  lines.forEach((line, index) => {
    const record = parseLine(line, index + 1);
    switch (record.type) {
      case 'run':
        if (record.version !== HISTORY_VERSION) {
          throw new HistoryError(`line ${index + 1}: version ${record.version}; this program reads ${HISTORY_VERSION}`);
        }
        run = record;
        break;
      case 'attempt': {
        const { type: _, ...attempt } = record;
        attempts.push(attempt as Attempt);
        break;
      }
      case 'read-back': {
        const { type: _, ...readBack } = record;
        readBacks.push(readBack as ReadBack);
        break;
      }
      case 'problem':
        problems.add(record.message);
        break;
      case 'end':
        end = record;
        break;
      default:
        throw new HistoryError(`line ${index + 1}: not a record of a history`);
    }
  });
  if (run === undefined) {
    throw new HistoryError(text === '' ? 'the history is empty' : 'the history has no record of type "run"');
  }
  return { run, attempts, readBacks, problems: [...problems], ...(end === undefined ? {} : { end }) };
}

function parseLine(line: string, number: number): HistoryRecord {
  try {
    return JSON.parse(line) as HistoryRecord;
  } catch {
    throw new HistoryError(`line ${number}: not JSON`);
  }
}
