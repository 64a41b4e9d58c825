import fs from 'node:fs';
import path from 'node:path';

/**
 * Like `mkdir -p`. Node's own (`recursive`) never ends where a folder cannot be made below one that can be read: /proc.
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
