import path from 'node:path';
import { wordsFor } from '../../../model/issue-words.ts';
import { isMapping, parseJson } from '../../../model/json.ts';
import { verdictSchema } from '../../../model/verdict-file.ts';
import { compareRuns, renderComparison, type Style, type VerdictFile } from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import type { ReportArguments } from './arguments.ts';
import { readText } from './read-text.ts';

/**
 * Puts the verdicts of several runs side by side, and compares the others with the first.
 *
 * @returns the text to print
 * @throws InputError if a file cannot be read or is not a verdict
 */
export function compareFiles({ files }: ReportArguments, style: Style): string {
  const runs = files.map((file) => ({
    name: path.basename(file).replace(/\.verdict\.json$/, ''),
    file: readVerdict(file),
  }));
  return renderComparison(compareRuns(runs), style);
}

/** A verdict of version 1 as this version says it: a problem was a sentence, and what was promised was not told apart. */
function upgraded(value: unknown): unknown {
  if (!isMapping(value) || value.version !== 1) return value;
  const problems = Array.isArray(value.problems) ? value.problems : [];
  const { ok: promised } = isMapping(value.totals) ? value.totals : {};
  return {
    headline: '',
    promised,
    refusals: [],
    unrecognised: [],
    notes: [],
    ...value,
    version: 2,
    problems: problems.map((reason) => ({ reason, count: 1, vus: [] })),
  };
}

function readVerdict(file: string): VerdictFile {
  const value = upgraded(parseJson(readText(file)));
  if (value === undefined) throw new InputError(`${file}: not a verdict: not JSON`);
  const issue = verdictSchema.safeParse(value).error?.issues[0];
  if (issue === undefined) return value as VerdictFile;
  throw new InputError(`${file}: not a verdict: ${issue.path.join('.') || 'the file'}: ${wordsFor(issue)}`);
}
