import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { harmlessJson } from '../../../model/json.ts';
import { RENDERERS, type Renderer } from '../../../reports/index.ts';
import { warningOf } from './warning.ts';

/** Where the verdict on one history and each report that explains it are written, by the name of the renderer. */
export type ReportFiles = Readonly<Record<'verdict' | (typeof RENDERERS)[number]['name'], string>>;

/** The paths of a run's reports. `base` is the part that they share: the path without the ending. */
export const reportFilesAt = (base: string): ReportFiles => ({
  verdict: `${base}.verdict.json`,
  ...(Object.fromEntries(RENDERERS.map(({ name, file }) => [name, base + file])) as Omit<ReportFiles, 'verdict'>),
});

/** The paths of the written files, the most useful to people first. A report that failed is missing. */
export function listOf(files: ReportFiles, history?: string): string[] {
  const reports = RENDERERS.map(({ name }) => files[name]);
  const inOrder = new Set([files.html, files.verdict, ...(history === undefined ? [] : [history]), ...reports]);
  return [...inOrder].filter((file) => fs.existsSync(file));
}

/** A path relative to the working directory; one outside of it stays absolute. */
export function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/** What {@link writeReports} writes, and where. */
export interface Reports<R> {
  readonly files: ReportFiles;
  /** What goes into `verdict.json`. */
  readonly verdict: object;
  readonly report: R;
  readonly renderers: readonly Renderer<R>[];
}

/**
 * Writes the verdict, then every report that explains it, each file whole or not at all. What cannot be rendered or written
 * costs that file only. An older file of that name is deleted: it would be about another verdict.
 *
 * @returns a warning for each file that failed
 */
export function writeReports<R>({ files, verdict, report, renderers }: Reports<R>): readonly string[] {
  const write = (file: string, text: () => string) =>
    warningOf(path.basename(file), () => {
      fs.rmSync(file, { force: true });
      writeWhole(file, text());
    });
  return [
    ...write(files.verdict, () => `${harmlessJson(verdict, 2)}\n`),
    ...renderers.flatMap(({ name, render }) => write(files[name as keyof ReportFiles], () => render(report))),
  ];
}

/** A symbolic link of that name is replaced, and nothing is written to where it points. */
function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    fs.writeFileSync(unfinished, text, { flag: 'wx' });
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}
