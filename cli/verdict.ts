import { readFile } from 'node:fs/promises';
import { EXIT_CODES, type Verdict } from '../model/index.ts';
import { parseJson } from '../model/json.ts';
import { verdictSchema } from '../model/verdict-file.ts';

/** How the whole command ends. */
export interface Ending {
  readonly exitCode: number;
  /** `broken` if no verdict can be believed: there is none, or Artillery's exit code contradicts a pass. */
  readonly result: Verdict | 'broken';
  /** Set if the exit code is not the one of the verdict, or if there is no verdict: one line for the user. */
  readonly problem?: string;
}

/** A verdict file that this very run wrote. */
interface WrittenVerdict {
  readonly path: string;
  readonly text: string;
}

/** One process of Artillery that has ended. */
export interface FinishedRun {
  /** Artillery's exit code. */
  readonly childExit: number;
  /** Undefined if it has written none. */
  readonly verdict: WrittenVerdict | undefined;
}

/** How a scenario ended, and its verdict file. */
export interface FinishedScenario extends Ending {
  readonly verdict?: WrittenVerdict;
}

const GRAVEST_FIRST: readonly Ending['result'][] = ['fail', 'inconclusive', 'broken', 'pass'];

/**
 * The gravest ending of several machines that raced as one. If one of them died, the others have the verdict.
 *
 * @param runs at least one; the first is the one whose output people see
 */
export function endingOfAll([first, ...others]: readonly [FinishedRun, ...FinishedRun[]]): FinishedScenario {
  let gravest = scenarioOf(first);
  for (const other of others.map(scenarioOf)) {
    if (GRAVEST_FIRST.indexOf(other.result) >= GRAVEST_FIRST.indexOf(gravest.result)) continue;
    const { result, verdict } = other;
    const problem = `the verdict of another machine is ${result}: ${verdict?.path}`;
    gravest = { ...other, ...(result !== 'broken' && { problem }) };
  }
  return gravest;
}

const scenarioOf = ({ childExit, verdict }: FinishedRun): FinishedScenario => ({
  ...endingOf(childExit, verdict?.text),
  ...(verdict && { verdict }),
});

/**
 * The exit code of a run, from Artillery's exit code and the verdict file. Artillery also exits with 0 when the plugin is
 * missing, when no virtual user started and when all of them failed. So the result is 0 only if Artillery exits with 0 and
 * this very run wrote a `pass`.
 *
 * @param childExit Artillery's exit code
 * @param file the text of this run's verdict file; undefined if there is none
 */
export function endingOf(childExit: number, file: string | undefined): Ending {
  const broken = { result: 'broken', exitCode: childExit === 0 ? 1 : childExit } as const;
  if (file === undefined) {
    return { ...broken, problem: `the run left no verdict (Artillery exited with ${childExit}): not a pass` };
  }
  const ending = readEnding(file);
  if (ending === undefined) return { ...broken, problem: 'the verdict of the run cannot be read: not a pass' };
  const { verdict, exitCode } = ending;
  if (verdict === 'pass') {
    if (childExit === exitCode) return { result: verdict, exitCode };
    const problem = `the verdict is pass, but Artillery exited with ${childExit}: not a pass`;
    return { result: 'broken', exitCode: childExit || exitCode, problem };
  }
  const disagrees = childExit === 0 && { problem: `Artillery exited with 0, but the verdict is ${verdict}` };
  return { result: verdict, exitCode, ...disagrees };
}

/** The verdict file that a run has named in its note, ORDER_VERDICT_NOTE. Undefined if it has written none. */
export async function readVerdict(note: string): Promise<WrittenVerdict | undefined> {
  try {
    const path = await readFile(note, 'utf8');
    return { path, text: await readFile(path, 'utf8') };
  } catch {
    return undefined;
  }
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
