import { InputError } from '../config/index.ts';
import type { CapturedAuth } from './capture.ts';
import { type Draft, draftOf, type Login } from './draft.ts';
import type { Step } from './suite.ts';
import type { Users } from './users.ts';
import { environmentTemplate, prefixFor } from './variables.ts';

/** A request, and the steps before it that sign its sender in. */
export interface SignedIn {
  readonly request: Draft;
  readonly before: readonly Step[];
}

/**
 * Signs a request in: as the users of `--user`, else as whoever sent it.
 *
 * @param auth how the input says that it signs in, if it does
 * @throws InputError if it signs in by something that no name and password give
 */
export function signedIn(draft: Draft, auth: CapturedAuth | undefined, users: Users | undefined): SignedIn {
  if (users?.token !== undefined) return { request: withToken(draft, users.token), before: [] };
  if (auth?.scheme === 'oauth2-password' || auth?.scheme === 'oauth2-client') {
    return { request: draft, before: [tokenStep(draft, auth, users?.login)] };
  }
  return { request: users?.login === undefined ? draft : withLogin(draft, users.login), before: [] };
}

const withoutAuthorization = ({ headers }: Draft) => headers.filter(([name]) => !/^authorization$/i.test(name));

function withToken({ login: _, ...draft }: Draft, token: string): Draft {
  return { ...draft, headers: [...withoutAuthorization(draft), ['authorization', `Bearer ${token}`]] };
}

function withLogin(draft: Draft, login: Login): Draft {
  const other = draft.headers.find(([name]) => /^(?:authorization|cookie)$/i.test(name));
  if (draft.login !== undefined || other === undefined)
    return { ...draft, headers: withoutAuthorization(draft), login };
  throw new InputError(
    `--user: the request signs in by its ${other[0].toLowerCase()}, which no name and password give; ` +
      'take a HAR that has the sign-in too, or a CSV file with a column token',
  );
}

type OAuth2 = Extract<CapturedAuth, { readonly tokenUrl: string }>;

/** Gets a token, which the request sends as `{{ token }}`. */
function tokenStep({ origin }: Draft, { scheme, tokenUrl, clientId }: OAuth2, login: Login | undefined): Step {
  const variable = (name: string) => environmentTemplate(`${prefixFor(origin)}_${name}`);
  const client = login?.user ?? clientId ?? variable('CLIENT_ID');
  const fields: (readonly [string, string])[] =
    scheme === 'oauth2-client'
      ? [
          ['grant_type', 'client_credentials'],
          ['client_id', client],
          ['client_secret', login?.pass ?? variable('CLIENT_SECRET')],
        ]
      : [
          ['grant_type', 'password'],
          ['username', login?.user ?? variable('USER')],
          ['password', login?.pass ?? variable('PASSWORD')],
          ...(clientId === undefined ? [] : [['client_id', clientId] as const]),
        ];
  const url = tokenUrl.startsWith('/') ? `${origin}${tokenUrl}` : tokenUrl;
  const request = draftOf({ name: 'sign in', method: 'POST', url, headers: [], body: { kind: 'form', fields } });
  return { request, capture: { json: '$.access_token', as: 'token' } };
}
