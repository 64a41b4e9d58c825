import fs from 'node:fs';
import { parseEnv } from 'node:util';
import { InputError } from '../config/index.ts';

/** Only the user may read it. */
const OWN = 0o600;

/** The variables that a `.env` has; empty if there is no such file. */
export function readEnvFile(file: string): Map<string, string> {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']));
}

/**
 * Adds variables to a `.env`, which is made where there is none, readable by its owner alone. What is in it stays as it is.
 *
 * @returns how many were added
 */
export function addToEnvFile(file: string, values: ReadonlyMap<string, string>): number {
  const known = readEnvFile(file);
  const added = [...values].filter(([name]) => !known.has(name));
  if (added.length === 0) return 0;
  append(
    file,
    added.map(([name, value]) => `${name}=${quoted(name, value)}`),
    OWN,
  );
  fs.chmodSync(file, OWN);
  return added.length;
}

/** Adds names without values to a `.env.example`. */
export function addToExample(file: string, names: readonly string[]): void {
  const known = readEnvFile(file);
  const added = names.filter((name) => !known.has(name));
  if (added.length > 0)
    append(
      file,
      added.map((name) => `${name}=`),
      0o644,
    );
}

function append(file: string, lines: readonly string[], mode: number): void {
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  fs.appendFileSync(file, `${gap}${lines.join('\n')}\n`, { mode });
}

/** Node and Artillery (dotenv) read it the same way: each way to quote is tried until the value comes back. */
function quoted(name: string, value: string): string {
  const ways = [/^[\w@%+=:,./-]+$/.test(value) ? value : undefined, `'${value}'`, `"${value}"`, `\`${value}\``, value];
  const right = ways.find((text) => text !== undefined && isSafe(text, value) && parseEnv(`X=${text}\n`).X === value);
  if (right !== undefined) return right;
  throw new InputError(`the value for ${name} cannot be written to a .env: it has every kind of quote in it`);
}

/** A quote ends at the next of its kind; in double quotes `\n` is a line break. */
function isSafe(text: string, value: string): boolean {
  const [quote = ''] = text;
  if (!/['"`]/.test(quote) || text === value) return !/[\r\n#]/.test(value) && !/^\s|\s$/.test(value);
  return !value.includes(quote) && !(quote === '"' && value.includes('\\'));
}
