import fs from 'node:fs';
import { annotationsOf, type Report, renderMarkdown } from '../../../reports/index.ts';

/**
 * Tells GitHub Actions: the Markdown is appended to the job summary (GITHUB_STEP_SUMMARY), and the findings come back as
 * lines to print, which the runner turns into annotations (GITHUB_ACTIONS). Elsewhere it does nothing.
 *
 * It never throws: a summary that cannot be written changes no verdict, and a line says so.
 */
export function tellGithub(report: Report, env: NodeJS.ProcessEnv): readonly string[] {
  const annotations = env.GITHUB_ACTIONS === 'true' ? annotationsOf(report) : [];
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return annotations;
  try {
    fs.appendFileSync(file, renderMarkdown(report));
    return annotations;
  } catch (error) {
    return [...annotations, `Warning: the job summary could not be written: ${(error as Error).message}`];
  }
}
