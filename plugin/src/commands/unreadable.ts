import { InputError } from '../config/index.ts';

/** The error of the file system as one that the user can mend. */
export function unreadable(file: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code ?? ''];
  return new InputError(`cannot read ${file}: ${why ?? message}`);
}
