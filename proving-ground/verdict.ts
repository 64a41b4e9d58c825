import fs from 'node:fs';
import path from 'node:path';
import type { VerdictFile } from '../reports/index.ts';

/** The verdict that a run has left in a folder. Undefined when there is none. */
export function verdictIn(folder: string): VerdictFile | undefined {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const name = names.find((file) => file.endsWith('.verdict.json'));
  if (name === undefined) return undefined;
  return JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as VerdictFile;
}
