import fs from 'node:fs';
import { InputError } from '../config/index.ts';

/** @throws InputError if the file cannot be read */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Explains an error of the file system to the user. */
export function unreadable(file: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code ?? ''];
  return new InputError(`cannot read ${file}: ${why ?? message}`);
}
