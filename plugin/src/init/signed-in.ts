import { InputError } from '../config/index.ts';
import type { Draft } from './draft.ts';
import type { Users } from './users.ts';

/**
 * The request signed in as the users of `--user`.
 *
 * @throws InputError if it signs in by something that no name and password give
 */
export function signedIn(draft: Draft, users: Users | undefined): Draft {
  if (users === undefined) return draft;
  const { login: _, ...rest } = draft;
  const others = draft.headers.filter(([name]) => !/^authorization$/i.test(name));
  if (users.token !== undefined) return { ...rest, headers: [...others, ['authorization', `Bearer ${users.token}`]] };
  const other = draft.headers.find(([name]) => /^(?:authorization|cookie)$/i.test(name));
  if (draft.login !== undefined || other === undefined)
    return { ...draft, headers: others, ...(users.login && { login: users.login }) };
  throw new InputError(
    `--user: the request signs in by its ${other[0].toLowerCase()}, which no name and password give; ` +
      'take a HAR that has the sign-in too, or a CSV file with a column token',
  );
}
