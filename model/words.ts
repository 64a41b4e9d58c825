/** What an inventory is called: `seat` and `seats`, `invite` and `invites`. */
export interface Words {
  readonly one: string;
  readonly many: string;
}

/** The words of a run, as its plan has them, or as a verdict has them. The plural may be left to the usual rules. */
export const wordsIn = (label: string, words?: Words): Words => words ?? { one: label, many: pluralOf(label) };

/** {@link wordsIn} a report. */
export const wordsOf = ({ label, words }: { readonly label: string; readonly words?: Words | undefined }): Words =>
  wordsIn(label, words);

/** {@link wordsIn} a run. */
export const wordsOfRun = ({
  label,
  plan,
}: {
  readonly label: string;
  readonly plan: { readonly words?: Words };
}): Words => wordsIn(label, plan.words);

const SAME = /(?:series|species|sheep)$/i;

/** The plural by the usual rules: seats, boxes, entries, series. */
export function pluralOf(word: string): string {
  if (SAME.test(word)) return word;
  if (/person$/i.test(word)) return word.replace(/rson$/i, 'ople');
  if (/(?:s|x|z|ch|sh)$/i.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** `seat A1`; a key that begins with the word does not repeat it: `row-6`, and not `row row-6`. */
export function named(word: string, key: string): string {
  const isInKey = key.toLowerCase().startsWith(word.toLowerCase()) && !/^\p{L}/u.test(key.slice(word.length));
  return isInKey ? key : `${word} ${key}`;
}

/** A sentence that is written about seats, in the words of the run. */
export function inWords(text: string, { one, many }: Words): string {
  if (one === 'seat' && many === 'seats') return text;
  const replaced = { seat: one, seats: many, Seat: capitalised(one), Seats: capitalised(many) };
  return text
    .replace(/\b([Aa]) seat\b/g, (_, article: string) => `${article}${beginsWithVowel(one) ? 'n' : ''} ${one}`)
    .replace(/\b[Ss]eats?\b/g, (word) => replaced[word as keyof typeof replaced]);
}

const beginsWithVowel = (word: string): boolean => /^[aeiou]/i.test(word) && !/^(?:uni|use|eu|one)/i.test(word);

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
