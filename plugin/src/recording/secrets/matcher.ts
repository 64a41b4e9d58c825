/** The part of a text from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Shorter words are not searched for: they stand in any text. */
export const MIN_LENGTH = 4;
/** A word that is shorter than this counts only where it stands alone, such as a PIN. */
const MIN_INSIDE = 6;

/** One bit more or less would double the memory, or the useless look-ups. */
const MASK = (1 << 20) - 1;
/** As many lengths may words have that end alike; no honest secrets have more. */
const MAX_LENGTHS = 200;

/** Finds many words in texts. */
export interface Matcher {
  /** @param word at least {@link MIN_LENGTH} characters; a shorter one is left out */
  add(word: string): void;
  /** All places in a text where a word stands. They may overlap. */
  spansIn(text: string): Span[];
  /** Where the beginning of a word stands at the end of a text that was cut off; undefined where none does. */
  cutSpanIn(text: string): Span | undefined;
}

/**
 * A matcher for hundreds of thousands of words. It looks at each place of a text once: the last four characters before it
 * say whether any word ends like that, and only then whole words are compared. Ends, not beginnings: tokens begin alike.
 */
export function createMatcher(): Matcher {
  const isEnd = new Uint8Array(MASK + 1);
  /** By how the words end, then by their length. */
  const words = new Map<string, Map<number, Set<string>>>();
  /** By how the words begin. */
  const beginnings = new Map<string, string[]>();
  let longest = 0;

  return {
    add(word) {
      if (word.length < MIN_LENGTH) return;
      addTo(beginnings, word.slice(0, MIN_INSIDE), word);
      longest = Math.max(longest, word.length);
      const ending = word.slice(-MIN_LENGTH);
      isEnd[hashOf(ending)] = 1;
      const byLength = words.get(ending) ?? new Map<number, Set<string>>();
      words.set(ending, byLength);
      const same = byLength.get(word.length);
      if (same !== undefined) same.add(word);
      else if (byLength.size < MAX_LENGTHS) byLength.set(word.length, new Set([word]));
    },
    spansIn(text) {
      const spans: Span[] = [];
      if (words.size === 0) return spans;
      let hash = 0;
      for (let end = 1; end <= text.length; end++) {
        hash = next(hash, text.charCodeAt(end - 1));
        if (isEnd[hash] === 0 || end < MIN_LENGTH) continue;
        for (const [length, same] of words.get(text.slice(end - MIN_LENGTH, end)) ?? []) {
          const start = end - length;
          if (start < 0 || !same.has(text.slice(start, end))) continue;
          if (length >= MIN_INSIDE || standsAlone(text, start, end)) spans.push({ start, end });
        }
      }
      return spans;
    },
    cutSpanIn(text) {
      for (let start = Math.max(0, text.length - longest); start <= text.length - MIN_INSIDE; start++) {
        const alike = beginnings.get(text.slice(start, start + MIN_INSIDE)) ?? [];
        const rest = text.slice(start);
        if (alike.some((word) => word.startsWith(rest))) return { start, end: text.length };
      }
      return undefined;
    },
  };
}

function addTo(lists: Map<string, string[]>, key: string, word: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [word]);
  else list.push(word);
}

/** Of the characters before the last four, nothing is left in the hash. */
const next = (hash: number, code: number): number => ((hash << 5) ^ code) & MASK;

function hashOf(ending: string): number {
  let hash = 0;
  for (let index = 0; index < ending.length; index++) hash = next(hash, ending.charCodeAt(index));
  return hash;
}

const standsAlone = (text: string, start: number, end: number): boolean =>
  !isWordCharacter(text[start - 1]) && !isWordCharacter(text[end]);

const isWordCharacter = (character = ''): boolean => /[\p{L}\p{N}]/u.test(character);
