import path from 'node:path';
import { compareRuns, lastRunText, renderComparison, type Style, type VerdictFile } from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import { parseVerdict } from '../reporting/index.ts';
import type { ReportArguments } from './arguments.ts';
import { readText } from './read-text.ts';

/**
 * Puts the verdicts of several runs side by side, and compares the others with the first. With `against`, one line about that
 * run comes first, as at the end of a run.
 *
 * @returns the text to print
 * @throws InputError if a file cannot be read or is not a verdict
 */
export function compareFiles({ files, against }: ReportArguments, style: Style): string {
  const runs = [...(against === undefined ? [] : [against]), ...files].map((file) => ({
    name: path.basename(file).replace(/\.verdict\.json$/, ''),
    file: readVerdict(file),
  }));
  const [last, now] = runs;
  const text = renderComparison(compareRuns(runs), style);
  if (against === undefined || last === undefined || now === undefined) return text;
  return `${style.text(lastRunText(last.file, now.file), 200)}\n\n${text}`;
}

function readVerdict(file: string): VerdictFile {
  if (/\.html?$/i.test(file)) {
    const meant = file.replace(/\.html?$/i, '.verdict.json');
    throw new InputError(`${file}: report reads the .verdict.json beside it: ${meant}`);
  }
  const verdict = parseVerdict(readText(file));
  if ('problem' in verdict) throw new InputError(`${file}: ${verdict.problem}`);
  return verdict;
}
