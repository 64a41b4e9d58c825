import { anyOfWords, oneLetterOff } from './slip-pattern.ts';

/** Words that people write beside a request, and that mean something else. */
const OTHER_WORDS = ['trace', 'rate', 'pace'];

const anagram = '(?=.*[rR])(?=.*[aA])(?=.*[cC])(?=.*[eE]).{4}';

/** A regular expression for keys that can only be meant as `race`. It has no flags, because JSON Schema knows none. */
export const MISSPELT_RACE = `^\\s*(?!race$|${anyOfWords(OTHER_WORDS)}\\s*$)(?:${[...oneLetterOff('race'), anagram].join('|')})\\s*$`;

const misspelt = new RegExp(MISSPELT_RACE);

/** Whether a key can only be meant as `race`: another case, one letter off, or letters swapped. */
export const isMisspeltRace = (key: string): boolean => misspelt.test(key);
