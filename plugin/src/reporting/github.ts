import fs from 'node:fs';
import {
  annotationsOf,
  type PackVerdictFile,
  packAnnotationsOf,
  type Report,
  renderMarkdown,
  renderPackMarkdown,
} from '../../../reports/index.ts';
import { warningOf } from './warning.ts';

/**
 * In GitHub Actions, appends the Markdown to the job summary (GITHUB_STEP_SUMMARY) and returns the findings as lines to
 * print, which the runner turns into annotations (GITHUB_ACTIONS). Elsewhere it does nothing. It never throws: what fails
 * becomes a line that says so.
 */
export const tellGithub = (report: Report, env: NodeJS.ProcessEnv): readonly string[] =>
  tell(
    () => annotationsOf(report),
    () => renderMarkdown(report),
    env,
  );

/** Like {@link tellGithub}, about several scenarios together: ten annotations and one summary for all of them. */
export const tellGithubOfPack = (pack: PackVerdictFile, env: NodeJS.ProcessEnv): readonly string[] =>
  tell(
    () => packAnnotationsOf(pack),
    () => renderPackMarkdown(pack),
    env,
  );

function tell(annotations: () => readonly string[], summary: () => string, env: NodeJS.ProcessEnv): readonly string[] {
  const lines: string[] = [];
  const { GITHUB_STEP_SUMMARY: file } = env;
  return [
    ...warningOf('the annotations', () => {
      if (env.GITHUB_ACTIONS === 'true') lines.push(...annotations());
    }),
    ...lines,
    ...warningOf('the job summary', () => {
      if (file) fs.appendFileSync(file, summary());
    }),
  ];
}
