import { type Amount, compareAmounts, minus } from '../../../model/decimal.ts';
import { type Finding, type History, named, type ReadBack, subjectIdOf, withOutcome } from '../../../model/index.ts';
import { type Contest, type Evidence, type Found, isUnsettled, subjectOf } from './evidence.ts';

/**
 * The history once for each book that was asked, with only its answers: each is judged by itself. A history without several
 * books is the only one.
 */
export function historiesByBook(history: History): readonly History[] {
  const { books = [] } = history.run.plan;
  if (books.length < 2) return [history];
  const of = (number: number): ReadBack[] =>
    history.readBacks.filter(({ book = 1 }) => book === number).map(({ book: _, ...readBack }) => readBack as ReadBack);
  return books.map((_, index) => ({ ...history, readBacks: of(index + 1) }));
}

/**
 * What any book shows. Where several show the same, the gravest finding stays, whatever the order of the books; of equal ones,
 * that of the first book. What another book than the first one shows has its name.
 */
export function foundByAny(found: readonly (readonly Finding[])[], books: readonly string[]): Finding[] {
  const all = found.flatMap((findings, book) =>
    findings.map((finding) => ({ finding, book, about: subject(finding) })),
  );
  /** Which book tells of each subject. */
  const tellers = new Map<string, number>();
  const violations = all.filter(({ finding }) => finding.severity === 'violation');
  for (const { about, book } of [...violations, ...all]) if (!tellers.has(about)) tellers.set(about, book);
  const by = (book: number) => (book === 0 ? '' : ` (by ${books[book]})`);
  return all
    .filter(({ about, book }) => tellers.get(about) === book)
    .map(({ finding, book }) => ({ ...finding, message: finding.message + by(book) }));
}

const subject = ({ id, round, inventory }: Finding) => JSON.stringify([id, round, inventory]);

/**
 * Do all books tell the same about what was sold in this race? A stock counter that lost an update beside right orders, or
 * more payments than the ledger knows.
 *
 * @param tellings the evidence of each book
 */
export function booksDisagree(tellings: readonly Evidence[], books: readonly string[]): Found[] {
  const [first, ...others] = tellings;
  if (first === undefined) return [];
  return first.inventories.flatMap((contest) => {
    const contests = [
      contest,
      ...others.map(({ inventories }) => inventories.find((one) => subjectIdOf(one) === subjectIdOf(contest))),
    ];
    const counts = contests.flatMap((one, index) => (one === undefined ? [] : countIn(one, books[index] ?? '')));
    const [lead, ...rest] = counts;
    if (lead === undefined || rest.every(({ sold }) => compareAmounts(sold, lead.sold) === 0)) return [];
    const mayChange = contests.some((one) => one !== undefined && isUnsettled(one));
    return [
      {
        id: 'books-disagree',
        ...(mayChange && { severity: 'doubt' }),
        ...subjectOf(contest),
        message: `${named(first.history.run.label, contest.inventory.key)}: ${counts.map(({ text }) => text).join(', ')}`,
        witness: withOutcome(contest.attempts, 'ok'),
      },
    ];
  });
}

interface Count {
  /** In this race. */
  readonly sold: Amount;
  readonly text: string;
}

/** Nothing where the book does not say how much is sold. */
function countIn({ soldAfter, soldBefore, attempts }: Contest, book: string): Count[] {
  if (soldAfter === undefined || attempts.length === 0) return [];
  const earlier = compareAmounts(soldBefore, 0) === 0 ? '' : ` (${soldBefore} of them before the race)`;
  const verb = compareAmounts(soldAfter, 1) === 0 ? 'is' : 'are';
  return [{ sold: minus(soldAfter, soldBefore), text: `${book} says that ${soldAfter} ${verb} sold${earlier}` }];
}
