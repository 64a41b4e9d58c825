import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import {
  type Attempt,
  type ClockRecord,
  type EndRecord,
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
import { parseJson } from '../../../model/json.ts';
import { atLine, createLineCutter, HistoryError, piecesOf, recordsIn, type Said } from './history-records.ts';

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
  const damaged: number[] = [];
  const collector = createCollector();
  for (const line of recordsIn(pieces, damaged)) atLine(line.number, () => collector.take(line));
  return collector.history(damaged);
}

/** Sorts the records of a history by kind. */
export function createCollector() {
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

  /** @throws HistoryError where what is said cannot be in this history */
  const take = ({ attempt, record }: Said): void => {
    if (attempt !== undefined) {
      checkOperation(attempt, run);
      (attempt.judged === false ? unjudged : attempts).push(share(attempt));
      return;
    }
    switch (record.type) {
      case 'run':
        run = record;
        break;
      case 'more':
        more.push(...record.inventories);
        break;
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

  /** @param damaged the numbers of lines that are not whole */
  const history = (damaged: readonly number[] = []): History => {
    if (run === undefined) throw new HistoryError('line 1: the history was cut off in its first line');
    return {
      run: withMore(run, more),
      attempts,
      readBacks,
      problems: [...problemsIn(problems), ...problemsOf(damaged)],
      ...(unjudged.length > 0 && { unjudged }),
      ...(clocks.length > 0 && { clocks }),
      ...(lost.length > 0 && { lost }),
      ...(end !== undefined && { end }),
    };
  };
  return { take, history };
}

/** A run with what requests have named since it began, as though the plan had named it from the beginning. */
const withMore = (run: RunRecord, more: readonly Inventory[]): RunRecord =>
  more.length === 0 ? run : { ...run, plan: { ...run.plan, inventories: [...run.plan.inventories, ...more] } };

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

/** Servers repeat themselves: of half a million refusals, each text and each answer is kept once. */
function createPool(): (attempt: Attempt) => Attempt {
  const texts = new Map<string, string>();
  const answers = new Map<string, Answered>();
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
    else if (isSame(first, answer)) pooled.answer = first;
    return attempt;
  };
}

type Answered = Attempt['answer'] & { kind: 'answered' };

/** Of answers with the same body. One that lost its end may have as much of it as one that is whole. */
const isSame = (one: Answered, other: Answered): boolean =>
  one.status === other.status && one.bodyBytes === other.bodyBytes && one.bodyLost === other.bodyLost;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** @throws HistoryError if the rule of the run does not know what the attempt did, and the attempt is to be judged by it */
export function checkOperation(attempt: Attempt, run: RunRecord | undefined): void {
  if (attempt.judged === false) return;
  const name = operationOf(attempt);
  const isKnown = OPERATIONS.some((operation) => operation === name) || (run && operationsOf(run.plan).includes(name));
  if (!isKnown) throw new HistoryError(`operation: "${name}" is unknown under the rule of the run`);
}
