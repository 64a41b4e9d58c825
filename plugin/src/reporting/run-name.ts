import fs from 'node:fs';
import path from 'node:path';
import { type ReportFiles, reportFilesAt } from './report-files.ts';

/** A file name has at most 255 bytes, and an ending follows. */
const MAX_PART = 100;

/** The name of all files of a run: `{name}_{env}_{YYYYMMDD_HHMMSS}`, in local time, because people look for it. */
function runName(name: string, environment: string, startedAt: Date): string {
  const part = environment.replace(/[^\w.-]/g, '_').slice(0, MAX_PART);
  return `${name.slice(0, MAX_PART)}_${part}_${stamp(startedAt)}`;
}

function stamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** A run whose files need a name. */
export interface NamedRun {
  readonly dir: string;
  readonly name: string;
  readonly environment: string;
  readonly startedAt: Date;
}

/** How many runs may start in one folder in the same second. */
const MAX_NAMES = 100;

/**
 * Finds a file name for a run. If it is taken, because another run started in the same second, the time in the name moves
 * on by a second: it is only a label.
 *
 * @param claim gets the path without an ending, and returns the files of the run, or undefined if the name is taken
 * @throws Error after 100 taken names, or what `claim` throws
 */
export function claimRunName<Files>(
  { dir, name, environment, startedAt }: NamedRun,
  claim: (base: string) => Files | undefined,
): Files {
  for (let shift = 0; shift <= MAX_NAMES; shift++) {
    const shifted = new Date(startedAt.getTime() + shift * 1000);
    const files = claim(path.join(dir, runName(name, environment, shifted)));
    if (files !== undefined) return files;
  }
  throw new Error(`the names of ${MAX_NAMES} runs from ${stamp(startedAt)} on are taken`);
}

/** The report files with this path, or undefined if one of them exists. */
export function unusedReportFiles(base: string): ReportFiles | undefined {
  const files = reportFilesAt(base);
  return Object.values(files).some((file) => fs.existsSync(file)) ? undefined : files;
}
