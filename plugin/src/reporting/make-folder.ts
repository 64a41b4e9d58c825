import fs from 'node:fs';
import path from 'node:path';

/**
 * Like `mkdir -p`. The `recursive` option of Node loops forever below a readable folder that takes no new folders: /proc.
 *
 * @throws the error of the file system, e.g. EACCES
 */
export function makeFolder(folder: string): void {
  const existing = fs.statSync(folder, { throwIfNoEntry: false });
  if (existing?.isDirectory()) return;
  if (existing !== undefined) throw Object.assign(new Error(`ENOTDIR: not a folder: ${folder}`), { code: 'ENOTDIR' });
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Two runs may make the same folder at once.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
