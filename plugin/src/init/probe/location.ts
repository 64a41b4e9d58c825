import type { ReadableAnswer } from '../../recording/index.ts';
import { escaped, type Gaps } from './gaps.ts';
import { ORDER_NAME, SIGN_IN_PLACE } from './names.ts';

const ORIGIN = /^https?:\/\/[^/?#]*/i;
/** A part of an address that is an id, whatever it looks like. */
const ANY = '[^\\/?#&]+';

/** Where a redirect leads; undefined for every other answer. */
export function placeIn(answer: ReadableAnswer): string | undefined {
  const isRedirect = answer.status >= 300 && answer.status < 400;
  return isRedirect ? answer.header('location')[0] : undefined;
}

/** A redirect to where people sign in. */
export const leadsToSignIn = (answer: ReadableAnswer): boolean =>
  SIGN_IN_PLACE.test((placeIn(answer) ?? '').replace(ORIGIN, '').replace(/\?.*$/s, ''));

/** A pattern for a `location`: ids, the seat and users may be others there. */
export function placePattern(place: string, gaps: Gaps): string {
  const path = place.replace(ORIGIN, '') || '/';
  // The host differs between environments, and some servers name it, some do not.
  const begin = ORIGIN.test(place) ? '' : '^';
  const [, before = '', query = ''] = /^([^?#]*)(.*)$/s.exec(path) ?? [];
  const wanted = queryPattern(query, gaps);
  return `/${begin}${pathPattern(before, gaps)}${wanted.text}${wanted.isWhole ? '$' : ''}/`;
}

function pathPattern(path: string, gaps: Gaps): string {
  const segments = path.split('/');
  return segments
    .map((segment, at) => (isIdIn(segments, at, gaps) ? idPattern(segment, gaps) : gapped(segment, gaps)))
    .join('\\/');
}

/** The id of an order may be letters: what follows `orders`, unless it is a word such as `thanks`. */
function isIdIn(segments: readonly string[], at: number, gaps: Gaps): boolean {
  const segment = segments[at] ?? '';
  if (segment === '') return false;
  if (gaps.isAll(segment)) return true;
  return ORDER_NAME.test(segments[at - 1] ?? '') && /^[A-Z]{4,}$|^(?=.*[A-Z])(?=.*[a-z])[A-Za-z]{6,}$/.test(segment);
}

/** Another seat may be called by letters where this one is a number. */
const idPattern = (text: string, gaps: Gaps): string => (/^\d+$/.test(text) && !gaps.isOwn(text) ? '\\d+' : ANY);

const gapped = (text: string, gaps: Gaps): string =>
  gaps
    .split(text)
    .map((part) => (part.isGap ? idPattern(part.text, gaps) : escaped(part.text)))
    .join('');

/**
 * The query and the fragment, up to the last word in them: `?ok=1` says something, a longer number is an id. Fewer gaps make a
 * quicker pattern.
 */
function queryPattern(query: string, gaps: Gaps): { readonly text: string; readonly isWhole: boolean } {
  const parts = query
    .split(/(?=[?&#])/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = part, value] = /^([^=]*=)(.*)$/s.exec(part) ?? [];
      const isWord = value !== undefined && (/^[01]$/.test(value) ? !gaps.isOwn(value) : !gaps.isIn(value));
      const shown = value === undefined ? '' : isWord ? escaped(value) : '[^&#]*';
      return { text: gapped(name, gaps) + shown, isWord: isWord || value === undefined };
    });
  const kept = Math.max(1, parts.findLastIndex(({ isWord }) => isWord) + 1);
  return {
    text: parts
      .slice(0, kept)
      .map(({ text }) => text)
      .join(''),
    isWhole: parts.length <= kept,
  };
}
