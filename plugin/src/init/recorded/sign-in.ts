import type { Capture, CapturedRequest } from '../capture.ts';
import { type Draft, draftOf, leavesOf, mapLeaves } from '../draft.ts';
import type { SignedIn } from '../signed-in.ts';
import type { Users } from '../users.ts';
import { around, leavesOfAnswer } from './answers.ts';

/** The request that signed in, and what of its answer the booking is sent with. */
export interface RecordedSignIn {
  readonly request: CapturedRequest;
  /** The token that the booking sends; absent where a cookie says who it is. */
  readonly token?: { readonly path: string; readonly value: string };
}

const PASSWORD = /^(?:user_?|login_?)?(?:pass(?:word|wd|code|phrase)?|pwd|pin)$/i;
const USER = /^(?:user_?(?:name|id)?|e?-?mail|login|name|account|identifier|email_?address)$/i;
const MIN_TOKEN = 8;

/**
 * The sign-in that an input shows before the booking: its answer holds a token that the booking sends, or sets a cookie that
 * it sends.
 */
export function recordedSignIn(capture: Capture, booking: CapturedRequest): RecordedSignIn | undefined {
  const { earlier } = around(capture, booking);
  const posts = earlier.filter(({ method }) => method === 'POST' || method === 'PUT').toReversed();
  for (const request of posts) {
    const token = tokenOf(request, booking) ?? tokenSetBy(request, booking);
    if (token !== undefined) return { request, token };
  }
  const request = posts.find((post) => hasPassword(post) && setsCookieOf(post, booking));
  return request === undefined ? undefined : { request };
}

function tokenOf(request: CapturedRequest, booking: CapturedRequest): RecordedSignIn['token'] {
  const sent = [...booking.headers.filter(([name]) => !/^cookie$/i.test(name)).map(([, value]) => value)];
  for (const { path, value } of leavesOfAnswer(request)) {
    const isSent = typeof value === 'string' && value.length >= MIN_TOKEN && sent.some((text) => endsWith(text, value));
    if (isSent && (hasPassword(request) || /token|jwt|key|session/i.test(path))) return { path, value };
  }
  return undefined;
}

/** A script puts the token into a variable, which the booking sends. */
function tokenSetBy({ sets = [] }: CapturedRequest, booking: CapturedRequest): RecordedSignIn['token'] {
  const sent = draftOf(booking).headers.map(([, value]) => value);
  const found = sets.find(({ template }) => sent.some((text) => endsWith(text, template)));
  return found && { path: found.json, value: found.template };
}

/** `Bearer abc` ends with `abc`. */
const endsWith = (text: string, token: string): boolean => text === token || text.endsWith(` ${token}`);

const hasPassword = (request: CapturedRequest): boolean =>
  request.auth?.scheme === 'basic' || leavesOf(draftOf(request)).some(({ name }) => PASSWORD.test(name));

function setsCookieOf({ answer }: CapturedRequest, booking: CapturedRequest): boolean {
  const sent = new Set(
    booking.headers
      .filter(([name]) => /^cookie$/i.test(name))
      .flatMap(([, value]) => value.split(/;\s*/).map((pair) => pair.replace(/=.*$/s, ''))),
  );
  return (answer?.headers ?? []).some(
    // Chrome writes several cookies into one header, a line each.
    ([name, value]) =>
      /^set-cookie$/i.test(name) && value.split('\n').some((line) => sent.has(line.replace(/=.*$/s, '').trim())),
  );
}

/** The booking with the token of a step before it, or without the cookies that this step sets. */
export function signedInAsRecorded(
  draft: Draft,
  { request, token }: RecordedSignIn,
  users: Users | undefined,
): SignedIn {
  const login = withUser(draftOf(request), users);
  if (token === undefined) {
    const headers = draft.headers.filter(([name]) => !/^cookie$/i.test(name));
    return { request: { ...draft, headers }, before: [{ request: login }] };
  }
  const raced = mapLeaves(draft, ({ in: place, value }) =>
    place === 'header' && endsWith(String(value), token.value)
      ? String(value).replace(token.value, '{{ token }}')
      : value,
  );
  return { request: raced, before: [{ request: login, capture: { json: token.path, as: 'token' } }] };
}

/** `--user` takes the place of who signed in. */
function withUser(draft: Draft, users: Users | undefined): Draft {
  const login = users?.login;
  if (login === undefined) return draft;
  const isUser = leavesOf(draft).find(
    ({ in: place, name }) => place !== 'path' && place !== 'header' && USER.test(name),
  );
  return mapLeaves(draft, (leaf) => {
    if (leaf.in === 'path' || leaf.in === 'header') return leaf.value;
    if (PASSWORD.test(leaf.name) || leaf.path === 'the password') return login.pass;
    return leaf.path === isUser?.path || leaf.path === 'the user name' ? login.user : leaf.value;
  });
}
