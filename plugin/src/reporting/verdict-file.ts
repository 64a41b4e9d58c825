import { wordsFor } from '../../../model/issue-words.ts';
import { isMapping, parseJson } from '../../../model/json.ts';
import { verdictSchema } from '../../../model/verdict-file.ts';
import type { VerdictFile } from '../../../reports/index.ts';

/**
 * Reads a `verdict.json`, older ones too.
 *
 * @returns the verdict, or why the text is none
 */
export function parseVerdict(text: string): VerdictFile | { readonly problem: string } {
  const value = upgraded(parseJson(text));
  if (value === undefined) return { problem: 'not a verdict: not JSON' };
  const issue = verdictSchema.safeParse(value).error?.issues[0];
  if (issue === undefined) return value as VerdictFile;
  return { problem: `not a verdict: ${issue.path.join('.') || 'the file'}: ${wordsFor(issue)}` };
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
