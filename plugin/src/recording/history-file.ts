import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import { RECORDS } from '../../../model/history-file.ts';
import {
  type Attempt,
  type EndRecord,
  HISTORY_VERSIONS,
  type History,
  type HistoryRecord,
  OPERATIONS,
  operationOf,
  operationsOf,
  type ProblemRecord,
  problemsIn,
  type ReadBack,
  type RunRecord,
} from '../../../model/index.ts';
import { harmlessJson, parseJson } from '../../../model/json.ts';

/** The file is not a history. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** One line of `history.jsonl`. */
export const lineOf = (record: HistoryRecord): string => `${harmlessJson(record)}\n`;

/**
 * Appends to `history.jsonl`. Each call writes whole lines to a file opened for appending, so that several threads can
 * write to the same file.
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
 * Reads a history of any origin: each line is checked against the schema of its record. A last line that was cut off (the
 * run was killed while it wrote) is left out; any other line that is not a record is an error.
 *
 * @throws HistoryError naming the line, and the field in it
 */
export const parseHistory = (text: string): History => historyIn([text]);

/**
 * {@link parseHistory} of a file. It reads piece by piece: half a million attempts are 200 MB of text, too much to hold
 * at once.
 *
 * @throws HistoryError, and the error of the file system, e.g. ENOENT
 */
export function readHistory(file: string): History {
  const fd = fs.openSync(file, 'r');
  try {
    return historyIn(piecesOf(fd));
  } finally {
    fs.closeSync(fd);
  }
}

/** Reads a history while it is being written. */
export interface HistoryFollower {
  /** The records that were written since the last call. */
  newRecords(): HistoryRecord[];
  close(): void;
}

/**
 * Follows a history for the console. The history is the only channel from the workers to the launcher: what is shown is
 * what will be judged. A line that cannot be read is passed over here; the judging reports it at the end.
 *
 * @throws the error of the file system, e.g. ENOENT
 */
export function followHistory(file: string): HistoryFollower {
  const fd = fs.openSync(file, 'r');
  const lines = createLineCutter();
  const decoder = new StringDecoder('utf8');
  return {
    newRecords: () =>
      [...piecesOf(fd, decoder)]
        .flatMap(lines.cut)
        .flatMap((line) => (parseJson(line) as HistoryRecord | undefined) ?? []),
    close: () => fs.closeSync(fd),
  };
}

function historyIn(pieces: Iterable<string>): History {
  let run: RunRecord | undefined;
  let end: EndRecord | undefined;
  const attempts: Attempt[] = [];
  const unjudged: Attempt[] = [];
  const readBacks: ReadBack[] = [];
  const problems: ProblemRecord[] = [];
  const share = createPool();

  const take = (record: HistoryRecord): void => {
    switch (record.type) {
      case 'run':
        run = record;
        break;
      case 'attempt': {
        const { type: _, ...attempt } = record;
        checkOperation(attempt, run);
        (attempt.judged === false ? unjudged : attempts).push(share(attempt as Attempt));
        break;
      }
      case 'read-back': {
        const { type: _, ...readBack } = record;
        readBacks.push(readBack as ReadBack);
        break;
      }
      case 'problem':
        problems.push(record);
        break;
      case 'end':
        if (end !== undefined) throw new HistoryError('a second record of type "end"');
        end = record;
        break;
    }
  };

  let number = 0;
  for (const line of linesOf(pieces)) {
    number++;
    try {
      take(parseRecord(line, number === 1));
    } catch (error) {
      throw error instanceof HistoryError ? new HistoryError(`line ${number}: ${error.message}`) : error;
    }
  }
  if (run === undefined) throw new HistoryError('line 1: the history was cut off in its first line');
  const others = { ...(unjudged.length > 0 && { unjudged }), ...(end !== undefined && { end }) };
  return { run, attempts, readBacks, problems: problemsIn(problems), ...others };
}

const PIECE_BYTES = 1 << 16;

/** The text from where the file was last read to where it ends now. The decoder keeps a letter that is cut in two. */
function* piecesOf(fd: number, decoder = new StringDecoder('utf8')): Generator<string> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  for (let size = fs.readSync(fd, buffer); size > 0; size = fs.readSync(fd, buffer)) {
    yield decoder.write(buffer.subarray(0, size));
  }
}

/** Cuts text into lines as it comes in. The beginning of a line waits in `rest()` until its end has come. */
function createLineCutter() {
  let rest = '';
  return {
    cut(piece: string): string[] {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
    rest: () => rest,
  };
}

/** A last line without its line feed counts if it is complete: an editor may have removed the line feed. */
function* linesOf(pieces: Iterable<string>): Generator<string> {
  const lines = createLineCutter();
  let isEmpty = true;
  for (const piece of pieces) {
    yield* lines.cut(isEmpty ? piece.replace(/^\uFEFF/, '') : piece);
    isEmpty &&= piece === '';
  }
  if (isEmpty) throw new HistoryError('the history is empty');
  if (parseJson(lines.rest()) !== undefined) yield lines.rest();
}

/** Servers repeat themselves: of half a million refusals, each text and each answer is kept once. */
function createPool(): (attempt: Attempt) => Attempt {
  const texts = new Map<string, string>();
  const answers = new Map<string, Attempt['answer'] & { kind: 'answered' }>();
  const kept = (text: string): string => {
    const first = texts.get(text);
    if (first === undefined) texts.set(text, text);
    return first ?? text;
  };
  return (attempt) => {
    const pooled: Mutable<Attempt> = attempt;
    pooled.inventory = kept(pooled.inventory);
    if (pooled.outcome !== 'ok' && pooled.message !== undefined) pooled.message = kept(pooled.message);
    const { answer } = attempt;
    if (answer.kind === 'unanswered') return attempt;
    const first = answers.get(answer.body);
    if (first === undefined) answers.set(answer.body, answer);
    else if (first.status === answer.status && first.bodyBytes === answer.bodyBytes) pooled.answer = first;
    return attempt;
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The record of a line. It keeps the order of the fields, so that the reports are the same bytes. */
function parseRecord(line: string, isFirst: boolean): HistoryRecord {
  const value = parseJson(line);
  if (value === undefined) throw new HistoryError('not JSON');
  const { type, version } = (value ?? {}) as { readonly type?: unknown; readonly version?: unknown };
  if (!isType(type)) throw new HistoryError('not a record of a history');
  if (isFirst && type !== 'run') throw new HistoryError('no record of type "run", with which a history begins');
  if (!isFirst && type === 'run') throw new HistoryError('a second record of type "run"');
  if (type === 'run' && !(HISTORY_VERSIONS as readonly unknown[]).includes(version)) {
    throw new HistoryError(`version ${JSON.stringify(version)}; this program reads ${HISTORY_VERSIONS.join(', ')}`);
  }
  const issue = RECORDS[type].safeParse(value).error?.issues[0];
  if (issue !== undefined) throw new HistoryError(describeIssue(issue, value));
  return value as HistoryRecord;
}

/** @throws HistoryError if the rule of the run does not know what the attempt did */
function checkOperation(attempt: Attempt, run: RunRecord | undefined): void {
  const name = operationOf(attempt);
  const isKnown = OPERATIONS.some((operation) => operation === name) || (run && operationsOf(run.plan).includes(name));
  if (!isKnown) throw new HistoryError(`operation: "${name}" is none that the rule of the run knows`);
}

const isType = (type: unknown): type is keyof typeof RECORDS =>
  typeof type === 'string' && Object.hasOwn(RECORDS, type);

/** `answer.status: expected number, received string ("201")`. */
function describeIssue({ path, message }: z.core.$ZodIssue, record: unknown): string {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], record);
  const shown = value === undefined ? 'missing' : `received ${JSON.stringify(value).slice(0, 60)}`;
  return `${path.join('.')}: ${message.replace(/^Invalid input: /, '')} (${shown})`;
}
