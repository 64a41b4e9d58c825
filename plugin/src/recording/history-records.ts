import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import { RECORDS } from '../../../model/history-file.ts';
import { type Attempt, HISTORY_VERSIONS, type HistoryRecord } from '../../../model/index.ts';
import { wordsFor } from '../../../model/issue-words.ts';
import { isDeeperThan, ownValue, parseJson } from '../../../model/json.ts';
import { surelyFits } from '../../../model/surely-fits.ts';

/** The file is not a history. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** Any record but an attempt. */
export type OtherRecord = Exclude<HistoryRecord, { readonly type: 'attempt' }>;

/** What a line says. An attempt is without its type: half a million copies would take seconds. */
export type Said =
  | { readonly attempt: Attempt; readonly record?: undefined }
  | { readonly record: OtherRecord; readonly attempt?: undefined };

/** What a line of a history says, and its number. */
export type NumberedRecord = Said & { readonly number: number };

/**
 * The records of a history, in order.
 *
 * @param damaged gets the numbers of the lines that are not whole
 * @param isChecked the records were checked when they were read before
 * @throws HistoryError naming the line
 */
export function* recordsIn(
  pieces: Iterable<string>,
  damaged: number[] = [],
  isChecked = false,
): Generator<NumberedRecord> {
  let number = 0;
  for (const line of linesOf(pieces)) {
    number++;
    const attempt = number === 1 ? undefined : plainAttempt(line);
    if (attempt !== undefined) {
      yield { number, attempt };
      continue;
    }
    let value = parseJson(line);
    if (value === undefined && number > 1) {
      damaged.push(number);
      value = endOf(line);
      if (value === undefined) continue;
    }
    const record = isChecked ? (value as HistoryRecord) : atLine(number, () => recordIn(value, number === 1));
    if (record.type !== 'attempt') yield { number, record };
    else {
      const { type: _, ...plain } = record;
      yield { number, attempt: plain as Attempt };
    }
  }
}

/** How the line of an attempt begins that this program wrote. */
const BEGINNING_OF_ATTEMPT = '{"type":"attempt",';
const isPlain = surelyFits(RECORDS.attempt);

/** The attempt of a line in which nothing is unusual. Undefined for any other line, which `recordIn` reads or refuses. */
function plainAttempt(line: string): Attempt | undefined {
  if (!line.startsWith(BEGINNING_OF_ATTEMPT)) return undefined;
  try {
    const value: unknown = JSON.parse(`{${line.slice(BEGINNING_OF_ATTEMPT.length)}`);
    return isPlain(value) ? (value as Attempt) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws HistoryError naming the line, where `read` throws one */
export function atLine<T>(number: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof HistoryError ? new HistoryError(`line ${number}: ${error.message}`) : error;
  }
}

/** Of a line that somebody made up, not every beginning is tried: that would take the square of its length. */
const MAX_BEGINNINGS = 100;

/** The record at the end of a line: its last lines became one. Undefined where there is no whole one. */
function endOf(line: string): unknown {
  let at = line.lastIndexOf(BEGINNING);
  for (let tried = 0; at > 0 && tried < MAX_BEGINNINGS; tried++) {
    const value = parseJson(line.slice(at));
    if (value !== undefined) return value;
    at = line.lastIndexOf(BEGINNING, at - 1);
  }
  return undefined;
}

/** How the line of a record begins. In a text the quotes would be escaped. */
const BEGINNING = '{"type":';
const PIECE_BYTES = 1 << 16;

/** The text from where the file was last read to where it ends now. The decoder keeps a letter that is cut in two. */
export function* piecesOf(fd: number, decoder = new StringDecoder('utf8')): Generator<string> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  for (let size = fs.readSync(fd, buffer); size > 0; size = fs.readSync(fd, buffer)) {
    yield decoder.write(buffer.subarray(0, size));
  }
}

/** Cuts text into lines as it comes in. The beginning of a line waits in `rest()` until its end has come. */
export function createLineCutter() {
  // Not one text: to put a long line together again and again would take the square of its length.
  let rest: string[] = [];
  return {
    cut(piece: string): string[] {
      const [first = '', ...others] = piece.split('\n');
      rest.push(first);
      if (others.length === 0) return [];
      const line = rest.join('');
      rest = [others.pop() ?? ''];
      return [line, ...others];
    },
    rest: () => rest.join(''),
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

/** A record has at most ten. What is deeper could not even be quoted in a message. */
const MAX_LEVELS = 100;

/** The record of a line. It keeps the order of the fields, so that the reports are the same bytes. */
function recordIn(value: unknown, isFirst: boolean): HistoryRecord {
  if (value === undefined) throw new HistoryError('not JSON');
  if (isDeeperThan(MAX_LEVELS, value)) throw new HistoryError(`nested more than ${MAX_LEVELS} levels deep`);
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

const isType = (type: unknown): type is keyof typeof RECORDS =>
  typeof type === 'string' && Object.hasOwn(RECORDS, type);

/** `answer.status: must be a number (received "201")`. */
function describeIssue(issue: z.core.$ZodIssue, record: unknown): string {
  const { path } = issue;
  const value = path.reduce(ownValue, record);
  const shown = value === undefined ? 'missing' : `received ${JSON.stringify(value).slice(0, 60)}`;
  return `${path.join('.')}: ${wordsFor(issue)} (${shown})`;
}
