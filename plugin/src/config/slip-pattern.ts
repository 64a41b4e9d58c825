/** The letters of a word, each in both cases: JSON Schema knows no flags. */
const inAnyCase = (word: string): string[] =>
  [...word].map((letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Alternatives for a word in another case, or with one letter replaced, left out or added. */
export function oneLetterOff(word: string): string[] {
  const letters = inAnyCase(word);
  return [
    ...letters.map((_, at) => letters.with(at, '.').join('')),
    ...letters.map((_, at) => letters.toSpliced(at, 1).join('')),
    ...[...letters, ''].map((_, at) => letters.toSpliced(at, 0, '.').join('')),
  ];
}

/** Alternatives for a word in which two neighbours are swapped. */
const swapped = (word: string): string[] => {
  const letters = inAnyCase(word);
  return letters.slice(1).map((letter, at) =>
    letters
      .with(at, letter)
      .with(at + 1, letters[at] ?? '')
      .join(''),
  );
};

/** A pattern that matches the whole of any of these words. */
export const anyOfWords = (words: readonly string[]): string =>
  `(?:${words.map((word) => inAnyCase(word).join('')).join('|')})`;

/**
 * A regular expression without flags for slips of words that JSON Schema cannot find otherwise, because beside these words any
 * name is allowed. It matches nothing that the program takes.
 */
export const slipPattern = (words: readonly string[]): string =>
  `^(?!(?:${words.join('|')})$)(?:${words
    .flatMap((word) => {
      const slips = [...oneLetterOff(word), ...(word.length > 5 ? swapped(word) : [])];
      return `(?=${inAnyCase(word)[0]})(?:${[...new Set(slips)].join('|')})`;
    })
    .join('|')})$`;
