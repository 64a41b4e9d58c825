import { readFileSync } from 'node:fs';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { SignInError } from './sign-in-error.ts';

/** The credentials of one virtual user. Absent ones come from the settings. */
export interface Identity {
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
}

/** What the rows of the file are, by its header. */
export type IdentityKind = 'token' | 'password' | 'client_credentials';

export interface Identities {
  readonly kind: IdentityKind;
  /** Row n belongs to virtual user n. */
  readonly rows: readonly Identity[];
}

/** The columns of each header that is known, and what they set. */
const HEADERS: Readonly<Record<IdentityKind, Readonly<Record<string, keyof Identity>>>> = {
  token: { token: 'token' },
  password: { username: 'username', password: 'password' },
  client_credentials: { client_id: 'clientId', client_secret: 'clientSecret' },
};
const KINDS = Object.keys(HEADERS) as IdentityKind[];

/**
 * Reads a CSV file of identities: `username,password`, `client_id,client_secret` or `token`.
 *
 * @throws SignInError naming the file, and the line if there is one, but never the content
 */
export function readIdentities(file: string): Identities {
  const [header = [], ...records] = readRecords(file);
  const kind = KINDS.find((known) => Object.keys(HEADERS[known]).toSorted().join() === header.toSorted().join());
  if (kind === undefined) {
    const headers = KINDS.map((known) => Object.keys(HEADERS[known]).join(',')).join(' or ');
    // Not shown: in a file without a header, the first line holds somebody's password.
    throw new SignInError(`signIn.identities: the first line of ${file} must be the header ${headers}`);
  }
  const columns = HEADERS[kind];
  const rows = records.map((record, index): Identity => {
    if (record.includes('')) {
      throw new SignInError(`signIn.identities: row ${index + 1} of ${file} has an empty field; fill it in`);
    }
    return Object.fromEntries(header.map((name, at) => [columns[name], record[at]]));
  });
  return { kind, rows };
}

function readRecords(file: string): string[][] {
  try {
    return parse(readFileSync(file), { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    // The message of a CsvError quotes the field, which may be a secret.
    if (error instanceof CsvError) {
      throw new SignInError(
        `signIn.identities: ${file} is not a valid CSV file (${error.code}, line ${error.lines}); fix it`,
      );
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SignInError(
      `signIn.identities: cannot read ${file} (${code}); the path is relative to the scenario file`,
    );
  }
}
