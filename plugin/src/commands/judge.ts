import fs from 'node:fs';
import path from 'node:path';
import type { Attempt, History } from '../../../model/index.ts';
import { ConfigError, InputError, parseJudgingBlock, parseYaml } from '../config/index.ts';
import { type Concluded, conclude, type LongRun, listOf, makeFolder, reportFilesAt } from '../reporting/index.ts';
import type { JudgeArguments } from './arguments.ts';
import { historyOf } from './histories.ts';
import { readText } from './read-text.ts';
import { judgedBy } from './rejudge.ts';

/** A history that was judged, and the paths of its reports. */
export interface Judged {
  readonly concluded: Concluded;
  readonly files: readonly string[];
}

/**
 * Judges the history of a run, and writes its reports.
 *
 * @throws InputError if a file cannot be read or makes no sense, or if the reports cannot be written
 */
export async function judgeRun(args: JudgeArguments): Promise<Judged> {
  const { files, redis, config, output } = args;
  const recorded = await historyOf(args);
  const file = files[0] ?? `${redis?.run}.history.jsonl`;
  const history = config === undefined ? recorded : judgedByFile(recorded, config);
  const reports = reportFilesAt(path.join(folderOf(file, output), nameOf(file)));
  const base = path.join(path.dirname(file), nameOf(file));
  return { concluded: conclude(history, reports, base), files: listOf(reports, files[0]) };
}

/** The reports share the name of the history. Any other ending stays in it, so that no report overwrites FILE. */
const nameOf = (file: string) => path.basename(file).replace(/(\.history)?\.jsonl$/, '');

function folderOf(file: string, output: string | undefined): string {
  const folder = output ?? path.dirname(file);
  try {
    makeFolder(folder);
    fs.accessSync(folder, fs.constants.W_OK);
    return folder;
  } catch (error) {
    throw new InputError(`cannot write to the folder ${folder}: ${(error as Error).message}`);
  }
}

function judgedByFile(recorded: History | LongRun, file: string): History | LongRun {
  const history = 'frame' in recorded ? recorded.frame : recorded;
  const value = parseYaml(readText(file), file);
  try {
    const source = { environment: history.run.env, folder: path.dirname(file), env: process.env };
    const judged = judgedBy(history, parseJudgingBlock(value, source), attemptsOf(recorded));
    return 'frame' in recorded ? { ...recorded, frame: judged } : judged;
  } catch (error) {
    throw error instanceof ConfigError ? error.inside(file) : error;
  }
}

function* attemptsOf(recorded: History | LongRun): Iterable<Attempt> {
  if ('frame' in recorded) for (const { attempts } of recorded.visits()) yield* attempts;
  else yield* recorded.attempts;
}
