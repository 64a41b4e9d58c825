import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES, type Verdict } from '../model/index.ts';
import { parseJson } from '../model/json.ts';
import { verdictSchema } from '../model/verdict-file.ts';

/** How the whole command ends. */
export interface Ending {
  readonly exitCode: number;
  /** Set if the exit code is not the one of the verdict, or if there is no verdict: one line for the user. */
  readonly problem?: string;
}

/**
 * The exit code of a run, from Artillery's exit code and the verdict file. Artillery also exits with 0 when the plugin is
 * missing, when no virtual user started and when all of them failed. So the result is 0 only if Artillery exits with 0 and
 * this very run wrote a `pass`.
 *
 * @param childExit Artillery's exit code
 * @param file the text of this run's verdict file; undefined if there is none
 */
export function endingOf(childExit: number, file: string | undefined): Ending {
  const broken = childExit === 0 ? 1 : childExit;
  if (file === undefined) {
    return { exitCode: broken, problem: `the run left no verdict (Artillery exited with ${childExit}): not a pass` };
  }
  const ending = readEnding(file);
  if (ending === undefined) {
    return { exitCode: broken, problem: 'the verdict of the run cannot be read: not a pass' };
  }
  const { verdict, exitCode } = ending;
  if (verdict === 'pass' && childExit !== exitCode) {
    const problem = `the verdict is pass, but Artillery exited with ${childExit}: not a pass`;
    return { exitCode: childExit || exitCode, problem };
  }
  if (verdict !== 'pass' && childExit === 0) {
    return { exitCode, problem: `Artillery exited with 0, but the verdict is ${verdict}` };
  }
  return { exitCode };
}

/** The verdict file of the run with this id. The folder may hold the files of many runs. */
export async function findVerdict(
  folder: string,
  runId: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const names = await readdir(folder).catch(() => []);
  // The names end in date and time, so this tries the newest first.
  const newestFirst = names
    .filter((name) => name.endsWith('.verdict.json'))
    .toSorted()
    .toReversed();
  for (const name of newestFirst) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes(JSON.stringify(runId))) return { path, text };
  }
  return undefined;
}

const endingSchema = verdictSchema.pick({ verdict: true, exitCode: true });

/** Undefined if the file is cut off or contradicts itself. Something else may have ended a run that passed. */
function readEnding(text: string): { readonly verdict: Verdict; readonly exitCode: number } | undefined {
  const { data } = endingSchema.safeParse(parseJson(text));
  if (data === undefined) return undefined;
  const { verdict, exitCode } = data;
  const isOfVerdict = EXIT_CODES[verdict] === exitCode;
  const isOfSuite = verdict === 'pass' && !(Object.values(EXIT_CODES) as number[]).includes(exitCode);
  return isOfVerdict || isOfSuite ? data : undefined;
}
