import fs from 'node:fs';
import { claimRunName, makeFolder, type ReportFiles, unusedReportFiles } from '../../reporting/index.ts';

/** The files of one run. They share the name `{name}_{env}_{YYYYMMDD_HHMMSS}`, and `_m{K}` where several machines race. */
export interface OutputFiles extends ReportFiles {
  readonly history: string;
}

/**
 * Makes the folder, and an empty history under a name that no other run has.
 *
 * @param machine the number of this machine, where there are several
 * @throws the error of the file system, e.g. EACCES
 */
export function createOutputFiles(
  { dir, name, environment, startedAt }: Parameters<typeof claimRunName>[0],
  machine?: number,
): OutputFiles {
  makeFolder(dir);
  return claimRunName({ dir, name, environment, startedAt }, (unnumbered) => {
    const base = machine === undefined ? unnumbered : `${unnumbered}_m${machine}`;
    const history = `${base}.history.jsonl`;
    const reports = unusedReportFiles(base);
    return reports !== undefined && isCreated(history) ? { history, ...reports } : undefined;
  });
}

/** False if the file exists: of two runs in the same second, only one creates it. */
function isCreated(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
