import { closest, distance } from 'fastest-levenshtein';

/**
 * How to fix a misspelt word: `did you mean "p95Ms"?` if a choice is similar, else `known: …` with all choices.
 *
 * @returns `remove it` without choices
 */
export function suggestion(word: string, choices: readonly string[]): string {
  if (choices.length === 0) return 'remove it';
  const nearest = closest(
    word.toLowerCase(),
    choices.map((choice) => choice.toLowerCase()),
  );
  const choice = choices.find((candidate) => candidate.toLowerCase() === nearest) ?? nearest;
  const isSimilar = distance(word.toLowerCase(), nearest) <= Math.max(2, word.length / 3);
  return isSimilar ? `did you mean "${choice}"?` : `known: ${choices.join(', ')}`;
}
