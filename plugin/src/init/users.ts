import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../config/index.ts';
import type { Login } from './draft.ts';
import type { Vault } from './secrets.ts';

/** Who signs in, as a suite says it. */
export interface Users {
  /** Templates for the name and the password of a virtual user. */
  readonly login?: Login;
  /** A template for its token, where the CSV has one. */
  readonly token?: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly payload?: { readonly path: string; readonly fields: readonly string[] };
}

/**
 * Reads `--user`.
 *
 * @param folder of the suite: the path of a CSV is relative to it
 * @throws InputError if one is neither `name:password` nor a CSV
 */
export function usersFrom(texts: readonly string[], vault: Vault, folder: string): Users | undefined {
  const [first] = texts;
  if (first === undefined) return undefined;
  if (isCsv(first)) {
    if (texts.length > 1) throw new InputError('--user: one CSV file, or name:password once for each user');
    return fromCsv(first, folder);
  }
  const pairs = texts.map((text): Login => {
    const [, user, pass] = /^([^:]+):(.+)$/s.exec(text) ?? [];
    // The text may be a password.
    if (user === undefined || pass === undefined) throw new InputError('--user: must be name:password, or a CSV file');
    return { user, pass };
  });
  const names = new Set(pairs.map(({ user }) => user));
  if (names.size < pairs.length) throw new InputError('--user: names a user twice');
  return pairs.length === 1 ? { login: hidden(pairs[0] as Login, '', vault), variables: {} } : several(pairs, vault);
}

const isCsv = (text: string): boolean => /\.csv$/i.test(text) || (!text.includes(':') && fs.existsSync(text));

const hidden = ({ user, pass }: Login, number: string, vault: Vault): Login => ({
  user: vault.hide(`USER${number}`, user),
  pass: vault.hide(`PASSWORD${number}`, pass),
});

/** `inTurn` of the suite deals the list out to the virtual users. */
function several(pairs: readonly Login[], vault: Vault): Users {
  const list = pairs.map((pair, index) => {
    const { user, pass } = hidden(pair, `_${index + 1}`, vault);
    return { name: user, password: pass };
  });
  return { login: { user: '{{ user.name }}', pass: '{{ user.password }}' }, variables: { user: list } };
}

function fromCsv(file: string, folder: string): Users {
  const header = headerOf(file);
  const has = (...names: readonly string[]) => header.find((name) => names.includes(name.toLowerCase()));
  const [user, pass, token] = [
    has('username', 'user', 'name', 'email', 'client_id'),
    has('password', 'pass', 'client_secret'),
    has('token'),
  ];
  const payload = { path: relativePath(folder, file), fields: header };
  if (token !== undefined) return { token: `{{ ${token} }}`, variables: {}, payload };
  if (user !== undefined && pass !== undefined) {
    return { login: { user: `{{ ${user} }}`, pass: `{{ ${pass} }}` }, variables: {}, payload };
  }
  throw new InputError(`--user: ${file}: its first line must be username,password or token`);
}

function headerOf(file: string): string[] {
  if (!fs.existsSync(file)) throw new InputError(`--user: there is no file ${file}`);
  const [first = '', second = ''] = fs
    .readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if (second.trim() === '') throw new InputError(`--user: ${file}: has no user below its first line`);
  return first.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

/** With slashes, on Windows too. */
export function relativePath(from: string, to: string): string {
  return path.relative(path.resolve(from), path.resolve(to)).split(path.sep).join('/');
}
