import type { ReadBack } from './history.ts';

/**
 * The answers of the server that count, by when it was asked and about what (where rounds repeat, about which visit): the first one before the race, the last one
 * after it.
 */
export function answersThatCount(
  all: readonly ReadBack[],
): (when: ReadBack['when'], key: string, visit?: number) => ReadBack | undefined {
  // Of several books, the first.
  const readBacks = all.filter(({ book = 1 }) => book === 1);
  // A thread that starts late asks again, in the middle of the race: that must not replace the first answer.
  const before = readBacks.filter(({ when }) => when === 'before').toReversed();
  const after = readBacks.filter(({ when }) => when === 'after');
  const answers = new Map(
    [...before, ...after].map((answer) => [nameOf(answer.when, answer.inventory, answer.visit), answer]),
  );
  return (when, key, visit) => answers.get(nameOf(when, key, visit));
}

const nameOf = (when: ReadBack['when'], key: string, visit: number | undefined) => `${visit} ${when} ${key}`;
