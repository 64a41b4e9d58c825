import fs from 'node:fs';
import path from 'node:path';
import { makeFolder, type ReportFiles, reportFilesAt, runName } from '../../reporting/index.ts';

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
    const base = path.join(dir, runName(name, environment, new Date(startedAt.getTime() + shift * 1000)));
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
