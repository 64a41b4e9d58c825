import fs from 'node:fs';
import path from 'node:path';
import { verdictSchema } from '../../../model/verdict-file.ts';
import {
  type Comparison,
  compareRuns,
  renderComparison,
  type Style,
  type VerdictFile,
} from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import type { ReportArguments } from './arguments.ts';
import { unreadable } from './unreadable.ts';

/**
 * Puts the verdicts of several runs side by side, the first as the one that the others are held against.
 *
 * @returns the text to print
 * @throws InputError for a file that cannot be read, or is no verdict
 */
export function compareFiles({ files }: ReportArguments, style: Style): string {
  const runs = files.map((file) => ({
    name: path.basename(file).replace(/\.verdict\.json$/, ''),
    file: readVerdict(file),
  }));
  const comparison: Comparison = compareRuns(runs);
  return renderComparison(comparison, style);
}

function readVerdict(file: string): VerdictFile {
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${file}: not a verdict: not JSON`);
    throw unreadable(file, error);
  }
  const issue = verdictSchema.safeParse(value).error?.issues[0];
  if (issue === undefined) return value as VerdictFile;
  throw new InputError(`${file}: not a verdict: ${issue.path.join('.') || 'the file'}: ${issue.message}`);
}
