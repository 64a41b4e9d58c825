import fs from 'node:fs';
import path from 'node:path';
import { type Report, renderHtml, renderJunit, renderMarkdown, verdictFileOf } from '../../../reports/index.ts';

/** Where the reports on one history are written. */
export interface ReportFiles {
  readonly html: string;
  readonly verdict: string;
  readonly junit: string;
  readonly markdown: string;
}

/** The reports' paths: all of one name, with an ending each. `base` is the path without the ending. */
export const reportFilesAt = (base: string): ReportFiles => ({
  html: `${base}.html`,
  verdict: `${base}.verdict.json`,
  junit: `${base}.junit.xml`,
  markdown: `${base}.md`,
});

/** The paths in the order in which people want them. */
export const listOf = (files: ReportFiles, history?: string): string[] => [
  files.html,
  files.verdict,
  ...(history === undefined ? [] : [history]),
  files.junit,
  files.markdown,
];

/** A path as seen from the working directory; what is not below it is shown as it is. */
export function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * Writes every rendering of a report, each whole or not at all. The verdict comes last: where there is one, everything
 * that explains it is there too, and a run that broke in between has left none.
 *
 * @throws the error of the file system; what was written by then stays
 */
export function writeReports(files: ReportFiles, report: Report): void {
  writeAll([
    [files.html, renderHtml(report)],
    [files.junit, renderJunit(report)],
    [files.markdown, renderMarkdown(report)],
    [files.verdict, `${JSON.stringify(verdictFileOf(report), undefined, 2)}\n`],
  ]);
}

/**
 * Writes each text whole or not at all, in this order.
 *
 * @throws the error of the file system; what was written by then stays
 */
export function writeAll(texts: readonly (readonly [file: string, text: string])[]): void {
  for (const [file, text] of texts) writeWhole(file, text);
}

function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.tmp`;
  try {
    fs.writeFileSync(unfinished, text);
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}
