import { messageReader, type ReadableAnswer, type WireReply } from '../../recording/index.ts';
import { type Booking, readable } from './evidence.ts';
import { createGaps } from './gaps.ts';
import type { Unlearnt } from './learnt.ts';
import { lastName, leavesOf } from './leaves.ts';
import { leadsToSignIn } from './location.ts';
import { BAD_FLAG, ERROR_NAME, GOOD_FLAG, REFUSED_STATE, STATE_NAME } from './names.ts';

/** Makes what a server says fit to print: no secrets, no control characters, at most so long. */
export type Show = (text: string, maxLength: number) => string;

/** Why an answer teaches nothing: nobody answered, nobody was signed in, the server broke. Undefined where it may teach. */
export function troubleIn(booking: Booking, which: 'first' | 'second' | 'third', show: Show): Unlearnt | undefined {
  const { reply, user } = booking;
  const who = `the ${which} booking${user === undefined ? '' : ` (as ${show(user, 40)})`}`;
  if (reply.kind !== 'complete') {
    return { problem: 'no-answer', message: `${who} got no answer: ${show(reply.error, 120)}` };
  }
  const { status } = reply;
  const answer = readable(reply);
  if (status === 401 || status === 403 || (answer !== undefined && isSignIn(answer))) {
    return {
      problem: 'not-signed-in',
      message:
        `${who} was answered ${status}${saidIn(reply, show)}, so the sign-in failed or lacks a right: ` +
        'correct the secrets in .env, or name who books with --user name:password',
    };
  }
  if (status === 429) {
    return { problem: 'rate-limited', message: `${who} was answered 429${saidIn(reply, show)}: wait, and try again` };
  }
  if (status >= 500) {
    return {
      problem: 'server-error',
      message: `${who} was answered ${status}${saidIn(reply, show)}: the server failed`,
    };
  }
  return undefined;
}

/** A refusal by its status, or by what everybody calls one. */
export function looksRefused(answer: ReadableAnswer): boolean {
  if (answer.status >= 400) return true;
  return leavesOf(answer.json, createGaps([])).some((leaf) => {
    const { value } = leaf;
    const name = lastName(leaf);
    if (typeof value === 'boolean') return value ? BAD_FLAG.test(name) : GOOD_FLAG.test(name) && leaf.names.length <= 2;
    if (typeof value === 'string' && STATE_NAME.test(name) && REFUSED_STATE.test(value)) return leaf.names.length <= 2;
    return leaf.names.some((one) => ERROR_NAME.test(one)) && value !== null && value !== '' && value !== 0;
  });
}

const isSignIn = (answer: ReadableAnswer): boolean =>
  leadsToSignIn(answer) || (answer.isPage && /<input\b[^<>]*\btype=["']?password\b/i.test(answer.text));

const messageOf = messageReader('$.message');

/** What the answer says about itself, in brackets, for a sentence; empty where it says nothing. */
export function saidIn(reply: WireReply, show: Show): string {
  const answer = readable(reply);
  const text = answer === undefined ? undefined : messageOf(answer);
  return text === undefined ? '' : ` ("${show(text, 80)}")`;
}
