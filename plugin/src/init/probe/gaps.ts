/** A part of a text: a gap holds what belongs to this one booking, so another answer of the same kind has something else there. */
export interface Part {
  readonly text: string;
  readonly isGap: boolean;
}

/** Splits texts into what all answers of their kind say, and gaps. */
export interface Gaps {
  split(text: string): readonly Part[];
  /** Whether there is a gap in it. */
  isIn(text: string): boolean;
  /** Whether it is one gap from end to end. */
  isAll(text: string): boolean;
  /** Whether it is a value that was sent, as text: the seat, a user. */
  isOwn(value: string): boolean;
}

const MONTH = 'jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec';
const DAY = '(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?';
const DATE = `(?:${DAY},? )?(?:\\d{1,2}\\.? (?:${MONTH})[a-z]*\\.?|(?:${MONTH})[a-z]*\\.? \\d{1,2})(?:,? \\d{4})?`;
const CHARACTER = '[\\w\\u0080-\\uffff-]';
const BEGINS = `(?<!${CHARACTER})`;
/** A word with a digit in it: a number, an id, a UUID, a part of a time. */
const ID = `${BEGINS}${CHARACTER}*\\d${CHARACTER}*`;
/** Letters that nobody reads. */
const RANDOM = `${BEGINS}[a-z]{24,}`;
/** One for all: to compile it takes longer than to search with it. */
const PASSING = new RegExp(`${DATE}|${ID}|${RANDOM}`, 'gi');

/** A longer text says nothing more. */
const MAX_SPLIT = 4096;

/**
 * @param own what was sent: the seat, the users
 * @param orders ids of orders, which were told
 */
export function createGaps(own: readonly string[], orders: readonly string[] = []): Gaps {
  const known = [...new Set([...own, ...orders].flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  const lower = new Set(own.map((text) => text.toLowerCase()));
  const split = (text: string) =>
    known
      .reduce<readonly Part[]>(
        (parts, name) => parts.flatMap((part) => withoutName(part, name)),
        [{ text: text.slice(0, MAX_SPLIT), isGap: false }],
      )
      .flatMap((part) => (part.isGap ? part : withoutPassing(part.text)));
  return {
    split,
    isIn: (text) => split(text).some(({ isGap }) => isGap),
    isAll: (text) => split(text).every(({ isGap }) => isGap),
    isOwn: (value) => lower.has(value.toLowerCase()),
  };
}

/** As it stands in a text, in a path and in a query; in lower case. */
const spellings = (text: string): readonly string[] => {
  const encoded = encodeURIComponent(text.toWellFormed());
  return [text, encoded, encoded.replaceAll('%20', '+')]
    .map((one) => one.toLowerCase())
    .filter((one) => one.trim() !== '');
};

/** The text with a gap wherever the name stands as a word by itself: a seat "a" takes no letter out of "taken". */
function withoutName(part: Part, name: string): readonly Part[] {
  if (part.isGap) return [part];
  const lower = part.text.toLowerCase();
  // Few letters change their length in lower case; such a text is left as it is.
  if (lower.length !== part.text.length) return [part];
  const parts: Part[] = [];
  let end = 0;
  for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
    const after = at + name.length;
    if (at < end || isLetter(lower[at - 1]) || isLetter(lower[after])) continue;
    parts.push({ text: part.text.slice(end, at), isGap: false }, { text: part.text.slice(at, after), isGap: true });
    end = after;
  }
  return [...parts, { text: part.text.slice(end), isGap: false }].filter(({ text }) => text !== '');
}

const isLetter = (character: string | undefined): boolean =>
  character !== undefined && /[\w\u0080-\uffff]/.test(character);

function withoutPassing(text: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  PASSING.lastIndex = 0;
  for (let match = PASSING.exec(text); match !== null; match = PASSING.exec(text)) {
    const { 0: gap, index } = match;
    if (index > end) parts.push({ text: text.slice(end, index), isGap: false });
    parts.push({ text: gap, isGap: true });
    end = index + gap.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isGap: false });
  return parts;
}

/** A text as a part of a pattern, in which it matches only itself. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
