import { publicUrl } from '../config/public-url.ts';
import { type Identity, type IdentityKind, readIdentities } from './identities.ts';
import { type Field, parseSettings, type SignInSettings } from './settings.ts';
import { SignInError } from './sign-in-error.ts';
import { type Grant, requestToken } from './token-request.ts';
import { createTokenSource, type TokenSource } from './token-source.ts';

/** How the virtual users are signed in. */
export interface SignIn {
  /**
   * A valid token; `undefined` if the API needs no sign-in.
   *
   * @param vu the virtual user's number, from 1
   * @throws SignInError if there is no token for it
   */
  readonly tokenFor: (vu: number) => Promise<string | undefined>;
  /**
   * A valid token of the row of `signIn.identities` with this username or client id.
   *
   * @throws SignInError if there is no row, or no token for it
   */
  readonly tokenAs: (name: string) => Promise<string>;
}

export interface SignInOptions {
  /** How many virtual users there will be, so that missing identities show at once. Default: not known. */
  readonly vus?: number | undefined;
  /** The usernames or client ids of rows that no virtual user gets. Default: none. */
  readonly reserved?: readonly string[] | undefined;
  /** Monotonic clock in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
  /** How long a token request may take, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Signs the virtual users in: with the given token, or each as one row of a CSV file, or all as the same user.
 *
 * @param input the settings, see `SignInSettings`; `{}` if the API needs no token
 * @throws SignInError if the settings or the CSV file are wrong or incomplete
 */
export function createSignIn(input: unknown, options: SignInOptions = {}): SignIn {
  const settings = parseSettings(input);
  const { token, identities } = settings;
  const tokenAs = async (name: string) => asRow(settings, name, options);
  if (token !== undefined) return { tokenFor: async () => token, tokenAs };
  if (identities !== undefined) return { ...oneEach(settings, identities, options), tokenAs };
  if (Object.keys(settings).length === 0) return { tokenFor: async () => undefined, tokenAs };

  const { grant } = settings;
  if (grant === undefined) {
    throw new SignInError('signIn.grant: is missing; set it to password or client_credentials, or give a token');
  }
  const source = tokenSource(settings, grant, {}, 'signIn', options);
  return { tokenFor: source, tokenAs };
}

/** A token for one row, whoever else is signed in, and however. */
async function asRow(settings: SignInSettings, name: string, options: SignInOptions): Promise<string> {
  const { identities: file } = settings;
  if (file === undefined) throw new SignInError(`signIn.identities: is missing; it needs a row for "${name}"`);
  const { kind, rows } = readIdentities(file);
  const at = rows.findIndex((row) => nameOf(row) === name);
  const row = rows[at];
  if (row === undefined) throw new SignInError(`signIn.identities: no row of ${file} is for "${name}"; add it`);
  return tokenSource(settings, kind, row, `row ${at + 1} of ${file}`, options)();
}

const nameOf = ({ username, clientId }: Identity) => username ?? clientId;

function oneEach(settings: SignInSettings, file: string, options: SignInOptions): Pick<SignIn, 'tokenFor'> {
  const { kind, rows: all } = readIdentities(file);
  const rows = all.filter((row) => !options.reserved?.includes(nameOf(row) ?? ''));
  if (rows.length < (options.vus ?? 1)) throw tooFewRows(rows.length, options.vus ?? 1, file);
  if (settings.grant !== undefined && kind !== 'token' && kind !== settings.grant) {
    throw new SignInError(
      `signIn.grant: is ${settings.grant}, but the header of ${file} is for ${kind}; change one of them`,
    );
  }
  const sources = rows.map((row) =>
    tokenSource(settings, kind, row, `row ${all.indexOf(row) + 1} of ${file}`, options),
  );
  return {
    tokenFor: async (vu) => {
      const source = sources[vu - 1];
      if (source === undefined) throw tooFewRows(rows.length, Math.max(vu, options.vus ?? 0), file);
      return source();
    },
  };
}

function tooFewRows(has: number, needed: number, file: string): SignInError {
  return new SignInError(
    `signIn.identities: ${file} has too few rows: ${has}, but ${needed} are needed, one for each virtual user; add rows, or lower ORDER_VUS`,
  );
}

function tokenSource(
  settings: SignInSettings,
  kind: IdentityKind,
  identity: Identity,
  source: string,
  { now = () => performance.now(), timeoutMs = 10_000 }: SignInOptions,
): TokenSource {
  const { token } = identity;
  if (token !== undefined) return async () => token;
  const grant = grantOf({ ...settings, ...identity }, kind === 'password' ? 'password' : 'client_credentials', source);
  return createTokenSource(() => requestToken(grant, timeoutMs), now);
}

function grantOf(settings: SignInSettings, kind: 'password' | 'client_credentials', source: string): Grant {
  const { scope, clientId, clientSecret } = settings;
  if (kind === 'password') {
    const { tokenUrl, username, password } = needed(settings, ['tokenUrl', 'username', 'password'], kind);
    const credentials = { grant: kind, username, password, clientId, clientSecret };
    return { tokenUrl: parseTokenUrl(tokenUrl), scope, source, credentials };
  }
  const { tokenUrl, ...client } = needed(settings, ['tokenUrl', 'clientId', 'clientSecret'], kind);
  return { tokenUrl: parseTokenUrl(tokenUrl), scope, source, credentials: { grant: kind, ...client } };
}

/** @throws SignInError naming every missing field */
function needed<F extends Field>(settings: SignInSettings, fields: readonly F[], kind: string): Record<F, string> {
  const missing = fields.filter((field) => settings[field] === undefined);
  if (missing.length > 0) {
    const names = missing.map((field) => `signIn.${field}`).join(', ');
    throw new SignInError(`${names}: missing, but the grant ${kind} needs it; set it, or give a token by ORDER_TOKEN`);
  }
  return Object.fromEntries(fields.map((field) => [field, settings[field]])) as Record<F, string>;
}

/** `fetch` refuses credentials in a URL too, but the message repeats them. */
function parseTokenUrl(text: string): URL {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return url;
  throw new SignInError(
    `signIn.tokenUrl: ${publicUrl(url)} is given with credentials; move them to signIn.clientId and signIn.clientSecret`,
  );
}
