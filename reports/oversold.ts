import { type Amount, compareAmounts, kindOf, subjectIdOf, type VerdictFile, wordsOf } from '../model/index.ts';
import { capitalised } from '../model/words.ts';
import type { Book } from './sums.ts';

/** What was sold more often than allowed. */
export interface Oversold {
  /** Its number for people: that of its first round. */
  readonly number: number;
  readonly units: Amount;
  readonly capacity: Amount;
}

type Sales = Pick<VerdictFile, 'rounds' | 'findings'> & { readonly books?: ReadonlyMap<string, Book> };

/**
 * The inventories that a finding calls oversold, and how many units of them were sold: promised or stored, whichever is more.
 * The worst comes first. One whose answers prove no number is left out.
 */
export function oversoldIn({ rounds, findings, books }: Sales): readonly Oversold[] {
  if (books === undefined) return [];
  const byNumber = new Map(rounds.map((round) => [round.number, round]));
  const firstOf = new Map(rounds.toReversed().map(({ inventory, number }) => [inventory, number]));
  const concerned = findings.flatMap((finding) => {
    const round = finding.round === undefined || !kindOf(finding).isOversold ? undefined : byNumber.get(finding.round);
    return round ?? [];
  });
  const bySubject = new Map(concerned.map((round) => [idOf(round), round]));
  return [...bySubject]
    .flatMap(([id, { inventory, number, capacity }]) => {
      const units = soldIn(books.get(id));
      const isKnown = units !== undefined && compareAmounts(units, capacity) > 0;
      return isKnown ? [{ number: firstOf.get(inventory) ?? number, units, capacity }] : [];
    })
    .toSorted((a, b) => compareAmounts(b.units, a.units) || a.number - b.number);
}

const idOf = ({ inventory, visit }: VerdictFile['rounds'][number]) =>
  subjectIdOf({ inventory: { key: inventory }, visit });

function soldIn(book: Book | undefined): Amount | undefined {
  if (book?.stored === undefined) return book?.promised;
  return compareAmounts(book.stored, book.promised) > 0 ? book.stored : book.promised;
}

/** `sold 5 times`, and of a pool `sold 7 times, though there are 5`. */
export function soldTimes({ units, capacity }: Omit<Oversold, 'number'>): string {
  const often = `sold ${units.toLocaleString('en-US')} times`;
  return compareAmounts(capacity, 1) === 0 ? often : `${often}, though there are ${capacity.toLocaleString('en-US')}`;
}

/** `Seat 3 was sold 5 times`, the worst one; undefined where no number is known. */
export function worstSale(result: Sales & Pick<VerdictFile, 'label' | 'words'>): string | undefined {
  const [worst] = oversoldIn(result);
  if (worst === undefined) return undefined;
  const isOnly = new Set(result.rounds.map(({ inventory }) => inventory)).size === 1;
  const name = isOnly ? `The ${wordsOf(result).one}` : `${capitalised(wordsOf(result).one)} ${worst.number}`;
  return `${name} was ${soldTimes(worst)}`;
}
