import fs from 'node:fs';
import { annotationsOf, type Report, renderMarkdown } from '../../../reports/index.ts';
import { warningOf } from './warning.ts';

/**
 * In GitHub Actions, appends the Markdown to the job summary (GITHUB_STEP_SUMMARY) and returns the findings as lines to
 * print, which the runner turns into annotations (GITHUB_ACTIONS). Elsewhere it does nothing. It never throws: what fails
 * becomes a line that says so.
 */
export function tellGithub(report: Report, env: NodeJS.ProcessEnv): readonly string[] {
  const lines: string[] = [];
  const { GITHUB_STEP_SUMMARY: file } = env;
  return [
    ...warningOf('the annotations', () => {
      if (env.GITHUB_ACTIONS === 'true') lines.push(...annotationsOf(report));
    }),
    ...lines,
    ...warningOf('the job summary', () => {
      if (file) fs.appendFileSync(file, renderMarkdown(report));
    }),
  ];
}
