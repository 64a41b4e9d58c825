import fs from 'node:fs';
import path from 'node:path';

/**
 * Finds a program on the path, or else in the given folders.
 *
 * @param folders may contain `*`; of several matches the highest version wins
 */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const onPath = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const elsewhere = folders.flatMap((pattern) => fs.globSync(pattern).toSorted(byVersion));
  return [...onPath, ...elsewhere].map((folder) => path.join(folder, name)).find(isProgram);
}

const byVersion = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true });

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
