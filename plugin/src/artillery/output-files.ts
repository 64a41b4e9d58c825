import fs from 'node:fs';
import path from 'node:path';
import { makeFolder, type ReportFiles, reportFilesAt } from '../reporting/index.ts';

/** The files of one run: `{name}_{env}_{YYYYMMDD_HHMMSS}` and an ending each. */
export interface OutputFiles extends ReportFiles {
  readonly history: string;
}

/** How many runs may start in one folder within one second. */
const MAX_NAMES = 100;

/**
 * Makes the folder and an empty history of a name that no other run has; a name that is taken (two runs in the same
 * second) is moved on by a second: the time in it only labels.
 *
 * @throws the error of the file system, e.g. EACCES
 */
export function createOutputFiles(dir: string, name: string, environment: string, startedAt: Date): OutputFiles {
  makeFolder(dir);
  for (let shift = 0; ; shift++) {
    const base = path.join(dir, `${name}_${safe(environment)}_${stamp(new Date(startedAt.getTime() + shift * 1000))}`);
    const files: OutputFiles = { history: `${base}.history.jsonl`, ...reportFilesAt(base) };
    try {
      if (Object.values(files).some((file) => fs.existsSync(file))) throw taken();
      fs.closeSync(fs.openSync(files.history, 'wx'));
      return files;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || shift >= MAX_NAMES) throw error;
    }
  }
}

const taken = () => Object.assign(new Error('the name is taken'), { code: 'EEXIST' });

const safe = (name: string) => name.replace(/[^\w.-]/g, '_');

/** `YYYYMMDD_HHMMSS`, local time: it stands in file names that people look for. */
function stamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
