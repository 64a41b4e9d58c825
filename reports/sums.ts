import {
  type Amount,
  type Attempt,
  addUp,
  type Expected,
  type Outcome,
  type Plan,
  type Round,
  ruleOf,
  statusOf,
  subjectIdOf,
  sum,
  type Totals,
} from '../model/index.ts';
import { promisedUnits } from './promised.ts';

export function totalsOf(attempts: readonly Attempt[]): Totals {
  const counts: Record<Outcome, number> = { ok: 0, fail: 0, info: 0 };
  for (const { outcome } of attempts) counts[outcome]++;
  return { requests: attempts.length, ...counts };
}

/** The right totals for the plan. However many rounds an inventory has, it is sold once, or once in each visit. */
export function expectedOf(rounds: readonly Round[], { contenders, rule }: Plan): Expected {
  const requests = sum(rounds.map(({ planned }) => planned));
  if (!ruleOf({ rule }).isSoldOut) return { requests, ok: undefined, fail: undefined, info: 0 };
  const capacities = new Map(rounds.map((round) => [subjectIdOf(round), round.inventory.capacity]));
  const ok = sum([...capacities.values()].map((capacity) => Math.min(capacity, contenders)));
  return { requests, ok, fail: requests - ok, info: 0 };
}

/** What was promised of one inventory, and what the server holds of it since the race. In units. */
export interface Book {
  readonly promised: Amount;
  /** Undefined where nobody could ask, and where the answers prove no number. */
  readonly stored: Amount | undefined;
}

/** The book of each inventory that was raced for, or of each visit to it, by {@link subjectIdOf}. */
export function booksOf(
  plan: Plan,
  rounds: readonly Round[],
  stored: ReadonlyMap<string, Amount>,
): ReadonlyMap<string, Book> {
  const rule = ruleOf(plan);
  const raced = rounds.filter(({ attempts }) => attempts.length > 0);
  const bySubject = Map.groupBy(raced, subjectIdOf);
  return new Map(
    [...bySubject].map(([key, visits]) => {
      const attempts = visits.flatMap((round) => round.attempts);
      return [key, { promised: promisedUnits(attempts, rule), stored: stored.get(key) }];
    }),
  );
}

/** What the server holds of all inventories that it could be asked about; undefined if there is none. */
export function storedInAll(books: ReadonlyMap<string, Book>): Amount | undefined {
  const known = [...books.values()].flatMap(({ stored }) => stored ?? []);
  return known.length === 0 ? undefined : addUp(known);
}

export function statusesOf(attempts: readonly Attempt[]): Record<string, number> {
  const counts = new Map<number, number>();
  for (const attempt of attempts) {
    const status = statusOf(attempt);
    if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a - b));
}
