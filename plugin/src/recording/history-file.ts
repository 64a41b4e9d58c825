import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type * as z from 'zod';
import { RECORDS } from '../../../model/history-file.ts';
import {
  type Attempt,
  type ClockRecord,
  type EndRecord,
  HISTORY_VERSIONS,
  type History,
  type HistoryRecord,
  type Inventory,
  type LostRecord,
  OPERATIONS,
  operationOf,
  operationsOf,
  type Problem,
  type ProblemRecord,
  problemsIn,
  type ReadBack,
  type RunRecord,
} from '../../../model/index.ts';
import { wordsFor } from '../../../model/issue-words.ts';
import { parseJson } from '../../../model/json.ts';

/** The file is not a history. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/**
 * Reads a history of any origin: each line is checked against the schema of its record. A last line that was cut off (the
 * run was killed while it wrote) is left out. Any other line that is not whole is left out too, such as two lines that a full
 * disk made one; a problem of the history names them by their numbers. What is whole and no record is an error.
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
  const lines = followLines(file);
  return {
    newRecords: () => lines.newLines().flatMap((line) => (parseJson(line) as HistoryRecord | undefined) ?? []),
    close: lines.close,
  };
}

/** Follows a history as text, line by line, without line feeds. */
export function followLines(file: string): { newLines(): string[]; close(): void } {
  const fd = fs.openSync(file, 'r');
  const lines = createLineCutter();
  const decoder = new StringDecoder('utf8');
  return {
    newLines: () => [...piecesOf(fd, decoder)].flatMap(lines.cut),
    close: () => fs.closeSync(fd),
  };
}

function historyIn(pieces: Iterable<string>): History {
  let run: RunRecord | undefined;
  let end: EndRecord | undefined;
  const more: Inventory[] = [];
  const attempts: Attempt[] = [];
  const unjudged: Attempt[] = [];
  const readBacks: ReadBack[] = [];
  const problems: ProblemRecord[] = [];
  const clocks: ClockRecord[] = [];
  const lost: LostRecord[] = [];
  const share = createPool();

  const take = (record: HistoryRecord): void => {
    switch (record.type) {
      case 'run':
        run = record;
        break;
      case 'more':
        more.push(...record.inventories);
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
      case 'clock':
        clocks.push(record);
        break;
      case 'lost':
        lost.push(record);
        break;
      case 'end':
        if (end !== undefined) throw new HistoryError('a second record of type "end"');
        end = record;
        break;
    }
  };

  const damaged = takeAll(pieces, take);
  if (run === undefined) throw new HistoryError('line 1: the history was cut off in its first line');
  const others = {
    ...(unjudged.length > 0 && { unjudged }),
    ...(clocks.length > 0 && { clocks }),
    ...(lost.length > 0 && { lost }),
    ...(end !== undefined && { end }),
  };
  return {
    run: withMore(run, more),
    attempts,
    readBacks,
    problems: [...problemsIn(problems), ...problemsOf(damaged)],
    ...others,
  };
}

/**
 * Takes each record.
 *
 * @returns the numbers of the lines that are not whole
 * @throws HistoryError naming the line
 */
function takeAll(pieces: Iterable<string>, take: (record: HistoryRecord) => void): readonly number[] {
  const damaged: number[] = [];
  let number = 0;
  for (const line of linesOf(pieces)) {
    number++;
    let value = parseJson(line);
    if (value === undefined && number > 1) {
      damaged.push(number);
      value = endOf(line);
      if (value === undefined) continue;
    }
    try {
      take(recordIn(value, number === 1));
    } catch (error) {
      throw error instanceof HistoryError ? new HistoryError(`line ${number}: ${error.message}`) : error;
    }
  }
  return damaged;
}

/** A run with what requests have named since it began, as though the plan had named it from the beginning. */
const withMore = (run: RunRecord, more: readonly Inventory[]): RunRecord =>
  more.length === 0 ? run : { ...run, plan: { ...run.plan, inventories: [...run.plan.inventories, ...more] } };

/** The end of a line, if that is a whole line; undefined where no part is. */
function endOf(line: string): unknown {
  for (let at = line.indexOf(BEGINNING, 1); at > 0; at = line.indexOf(BEGINNING, at + 1)) {
    const value = parseJson(line.slice(at));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** How the line of a record begins. In a text the quotes would be escaped. */
const BEGINNING = '{"type":';
/** So many lines are named. */
const MAX_NAMED = 5;

function problemsOf(damaged: readonly number[]): Problem[] {
  if (damaged.length === 0) return [];
  const more = damaged.length > MAX_NAMED ? ` and ${damaged.length - MAX_NAMED} more` : '';
  const lines = `${damaged.length === 1 ? 'line' : 'lines'} ${damaged.slice(0, MAX_NAMED).join(', ')}${more}`;
  return [
    { reason: `the history is damaged, perhaps by a full disk: ${lines} cannot be read whole`, count: 1, vus: [] },
  ];
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
function recordIn(value: unknown, isFirst: boolean): HistoryRecord {
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
  if (!isKnown) throw new HistoryError(`operation: "${name}" is unknown under the rule of the run`);
}

const isType = (type: unknown): type is keyof typeof RECORDS =>
  typeof type === 'string' && Object.hasOwn(RECORDS, type);

/** `answer.status: must be a number (received "201")`. */
function describeIssue(issue: z.core.$ZodIssue, record: unknown): string {
  const { path } = issue;
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], record);
  const shown = value === undefined ? 'missing' : `received ${JSON.stringify(value).slice(0, 60)}`;
  return `${path.join('.')}: ${wordsFor(issue)} (${shown})`;
}
