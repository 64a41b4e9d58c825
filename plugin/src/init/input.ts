import fs from 'node:fs';
import { InputError } from '../config/index.ts';

/** Larger recordings are of a whole day. */
const MAX_BYTES = 50e6;
const AT_MOST = `at most ${MAX_BYTES / 1e6} MB, so record less`;

/**
 * The text of a file, or of stdin for `-`.
 *
 * @throws InputError if there is none, or if it is no text
 */
export async function readInput(file: string): Promise<string> {
  const text = file === '-' ? await readStdin() : readFile(file);
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') throw new InputError(`${nameOf(file)}: is empty`);
  if (bare.includes('\0')) throw new InputError(`${nameOf(file)}: is no text`);
  return bare;
}

/** What messages call the input. */
export const nameOf = (file: string): string => (file === '-' ? 'stdin' : file);

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw new InputError(`stdin: is too large; ${AT_MOST}`);
  }
  return Buffer.concat(chunks).toString();
}

function readFile(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > MAX_BYTES) throw new InputError(`${file}: is too large (${Math.round(size / 1e6)} MB); ${AT_MOST}`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code ?? ''];
    throw new InputError(`cannot read ${file}: ${why ?? message}`);
  }
}
