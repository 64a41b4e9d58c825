import { closest, distance } from 'fastest-levenshtein';

/** A list longer than this is cut. */
const MAX_SHOWN = 30;

/** The first of a list, and how many follow. */
export const shortList = (items: readonly string[]): string =>
  items.slice(0, MAX_SHOWN).join(', ') + (items.length > MAX_SHOWN ? `, and ${items.length - MAX_SHOWN} more` : '');

/**
 * How to fix a misspelt word: `did you mean "p95Ms"?` if a choice is similar, else `known: …` with all choices.
 *
 * @returns `remove it` without choices
 */
export function suggestion(word: string, choices: readonly string[]): string {
  if (choices.length === 0) return 'remove it';
  return similar(word, choices) ?? `known: ${shortList(choices)}`;
}

/** `did you mean "p95Ms"?`; undefined where no choice is similar. */
export function similar(word: string, choices: readonly string[]): string | undefined {
  if (choices.length === 0) return undefined;
  const nearest = closest(
    word.toLowerCase(),
    choices.map((choice) => choice.toLowerCase()),
  );
  const choice = choices.find((candidate) => candidate.toLowerCase() === nearest) ?? nearest;
  const isSimilar = distance(word.toLowerCase(), nearest) <= Math.max(2, word.length / 3);
  return isSimilar ? `did you mean "${choice}"?` : undefined;
}
