import type { History } from '../../../model/index.ts';
import { InputError } from '../config/index.ts';
import {
  HistoryError,
  type LongHistory,
  mergeMachines,
  parseHistory,
  readHistory,
  readLongHistory,
} from '../recording/index.ts';
import type { JudgeArguments } from './arguments.ts';
import { unreadable } from './read-text.ts';

type Sources = Pick<JudgeArguments, 'files' | 'redis'>;

/**
 * The history of a run: one file, the files of all its machines, or what Redis holds of it.
 *
 * @throws InputError if one cannot be read, or if they are not of one run
 */
export async function historyOf({ files, redis }: Sources): Promise<History | LongHistory> {
  const [file, ...others] = files;
  const long = file !== undefined && others.length === 0 ? readingOf(file, readLongHistory) : undefined;
  if (long !== undefined) return long;
  if (redis === undefined) return mergeMachines(checkOneRun(files.map((file) => [file, historyIn(file)])));
  // Few people need a Redis, so its client is loaded only here.
  const { readRun } = await import('../meet/history.ts');
  const machines = await readRun(redis.url, redis.run).catch((error: Error) => {
    throw new InputError(error.message);
  });
  return mergeMachines(
    machines.map(({ machine, lines }) =>
      readable(`machine ${machine} of the run "${redis.run}"`, () => parseHistory(lines.join('\n'))),
    ),
  );
}

const historyIn = (file: string): History => readingOf(file, readHistory);

function readingOf<T>(file: string, read: (file: string) => T): T {
  try {
    return readable(file, () => read(file));
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(file, error);
  }
}

function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof HistoryError ? new InputError(`${name}: not a history: ${error.message}`) : error;
  }
}

function checkOneRun(named: readonly (readonly [file: string, history: History])[]): readonly History[] {
  const [first, ...others] = named;
  const seen = new Map<number | undefined, string>();
  for (const [file, { run }] of named) {
    const other = seen.get(run.machine);
    if (other !== undefined) throw new InputError(`${other} and ${file} are both ${machineName(run.machine)}`);
    seen.set(run.machine, file);
  }
  for (const [file, { run }] of others) {
    if (first !== undefined && run.runId !== first[1].run.runId) {
      throw new InputError(`${first[0]} is of the run "${first[1].run.runId}", and ${file} of the run "${run.runId}"`);
    }
  }
  return named.map(([, history]) => history);
}

const machineName = (machine: number | undefined): string =>
  machine === undefined ? 'of a single machine' : `of machine ${machine}`;
