import { readFileSync } from 'node:fs';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { SignInError } from './sign-in-error.mts';

/** Whom a virtual user signs in as; what is absent comes from the settings. */
export interface Identity {
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
}

/** What the file's header says that its rows are. */
export type IdentityKind = 'token' | 'password' | 'client_credentials';

export interface Identities {
  readonly kind: IdentityKind;
  /** Row n belongs to virtual user n. */
  readonly rows: readonly Identity[];
}

/** Each header that is understood, and where its columns go. */
const HEADERS: Readonly<Record<IdentityKind, Readonly<Record<string, keyof Identity>>>> = {
  token: { token: 'token' },
  password: { username: 'username', password: 'password' },
  client_credentials: { client_id: 'clientId', client_secret: 'clientSecret' },
};
const KINDS = Object.keys(HEADERS) as IdentityKind[];

/**
 * Reads a CSV file of identities: `username,password`, `client_id,client_secret` or `token`.
 *
 * @throws SignInError naming the file, and the line where there is one; never what stands in it
 */
export function readIdentities(file: string): Identities {
  const [header = [], ...records] = readRecords(file);
  const kind = KINDS.find((its) => Object.keys(HEADERS[its]).toSorted().join() === header.toSorted().join());
  if (kind === undefined) {
    const known = KINDS.map((its) => Object.keys(HEADERS[its]).join(',')).join(' or ');
    // The header is not shown: where there is none, the first line is somebody's password.
    throw new SignInError(`signIn.identities: the first line of ${file} must be the header ${known}`);
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
    // A CsvError's message quotes the field that it stumbled over.
    if (error instanceof CsvError) {
      throw new SignInError(`signIn.identities: ${file} is no valid CSV (${error.code}, line ${error.lines}); mend it`);
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SignInError(
      `signIn.identities: cannot read ${file} (${code}); the path is relative to the scenario file`,
    );
  }
}
