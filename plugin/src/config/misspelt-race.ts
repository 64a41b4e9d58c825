import { distance } from 'fastest-levenshtein';

/** Words that people write beside a request, and that mean something else. */
const OTHER_WORDS = ['trace', 'rate', 'pace'];

/** Whether a key can only be meant as `race`: another case, one letter off, or two letters swapped. */
export function isMisspeltRace(key: string): boolean {
  const word = key.trim().toLowerCase();
  if (key === 'race' || OTHER_WORDS.includes(word)) return false;
  return distance(word, 'race') <= 1 || [...word].toSorted().join('') === 'acer';
}
