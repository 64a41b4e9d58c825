import fs from 'node:fs';
import { InputError } from '../../../config/index.ts';

/**
 * The text of a file that a cURL command names, such as `-d @order.json`.
 *
 * @param option for the message
 */
export function readNamedFile(file: string, option: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new InputError(
      `${option}: the cURL command reads a file that cannot be read (${code}); write its text there`,
    );
  }
}
