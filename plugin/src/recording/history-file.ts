import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import { RECORDS } from '../../../model/history-schema.ts';
import {
  type Attempt,
  type EndRecord,
  HISTORY_VERSIONS,
  type History,
  type HistoryRecord,
  type ReadBack,
  type RunRecord,
} from '../../../model/index.ts';
import { parseJson } from '../../../model/json.ts';

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
 * Reads a history, whoever wrote it: each line is checked against the schema of its record. A last line that was cut off
 * (the run was killed while it wrote) is left out; anything else that is not a record is an error.
 *
 * @throws HistoryError naming the line, and the field in it
 */
export const parseHistory = (text: string): History => historyIn([text]);

/**
 * {@link parseHistory} of a file, piece by piece: half a million attempts are 200 MB of text, which is never held as a
 * whole.
 *
 * @throws HistoryError, and the error of the file system, e.g. ENOENT
 */
export const readHistory = (file: string): History => historyIn(piecesOf(file));

function historyIn(pieces: Iterable<string>): History {
  let run: RunRecord | undefined;
  let end: EndRecord | undefined;
  const attempts: Attempt[] = [];
  const readBacks: ReadBack[] = [];
  const problems = new Set<string>();
  const share = createPool();

  const take = (record: HistoryRecord): void => {
    switch (record.type) {
      case 'run':
        run = record;
        break;
      case 'attempt': {
        const { type: _, ...attempt } = record;
        attempts.push(share(attempt as Attempt));
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
  return { run, attempts, readBacks, problems: [...problems], ...(end === undefined ? {} : { end }) };
}

const PIECE_BYTES = 1 << 16;

function* piecesOf(file: string): Generator<string> {
  const fd = fs.openSync(file, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.alloc(PIECE_BYTES);
    for (let size = fs.readSync(fd, buffer); size > 0; size = fs.readSync(fd, buffer)) {
      yield decoder.write(buffer.subarray(0, size));
    }
    yield decoder.end();
  } finally {
    fs.closeSync(fd);
  }
}

/** A last line without its line feed counts where it is whole: an editor may have taken the line feed away. */
function* linesOf(pieces: Iterable<string>): Generator<string> {
  let rest = '';
  let isEmpty = true;
  for (const piece of pieces) {
    const lines = (isEmpty ? piece.replace(/^\uFEFF/, '') : rest + piece).split('\n');
    isEmpty &&= piece === '';
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (isEmpty) throw new HistoryError('the history is empty');
  if (parseJson(rest) !== undefined) yield rest;
}

/** Servers repeat themselves: of half a million refusals each text and each answer is kept once. */
function createPool(): (attempt: Attempt) => Attempt {
  const texts = new Map<string, string>();
  const answers = new Map<string, Attempt['answer'] & { kind: 'answered' }>();
  const kept = (text: string): string => {
    const first = texts.get(text);
    if (first === undefined) texts.set(text, text);
    return first ?? text;
  };
  return (attempt) => {
    const its: Mutable<Attempt> = attempt;
    its.inventory = kept(its.inventory);
    if (its.outcome !== 'ok' && its.message !== undefined) its.message = kept(its.message);
    const { answer } = attempt;
    if (answer.kind === 'unanswered') return attempt;
    const first = answers.get(answer.body);
    if (first === undefined) answers.set(answer.body, answer);
    else if (first.status === answer.status && first.bodyBytes === answer.bodyBytes) its.answer = first;
    return attempt;
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The record in a line, as it stands there: the order of its fields is kept, so that reports come out the same. */
function parseRecord(line: string, isFirst: boolean): HistoryRecord {
  const value = parseJson(line);
  if (value === undefined) throw new HistoryError('not JSON');
  const { type, version } = (value ?? {}) as { readonly type?: unknown; readonly version?: unknown };
  if (!isType(type)) throw new HistoryError('not a record of a history');
  if (isFirst && type !== 'run') throw new HistoryError('no record of type "run", with which a history begins');
  if (!isFirst && type === 'run') throw new HistoryError('a second record of type "run"');
  if (type === 'run' && !(HISTORY_VERSIONS as readonly unknown[]).includes(version)) {
    throw new HistoryError(`version ${JSON.stringify(version)}; this program reads ${HISTORY_VERSIONS.join(' and ')}`);
  }
  const issue = RECORDS[type].safeParse(value).error?.issues[0];
  if (issue !== undefined) throw new HistoryError(describeIssue(issue, value));
  return value as HistoryRecord;
}

const isType = (type: unknown): type is keyof typeof RECORDS =>
  typeof type === 'string' && Object.hasOwn(RECORDS, type);

/** `answer.status: expected number, received string ("201")`. */
function describeIssue({ path, message }: z.core.$ZodIssue, record: unknown): string {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], record);
  const shown = value === undefined ? 'missing' : `received ${JSON.stringify(value).slice(0, 60)}`;
  return `${path.join('.')}: ${message.replace(/^Invalid input: /, '')} (${shown})`;
}
