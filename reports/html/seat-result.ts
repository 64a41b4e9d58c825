import { type Finding, kindOf, type RoundSummary, ruleOf, subjectIdOf } from '../../model/index.ts';
import { findingsByRound } from '../findings-by-round.ts';
import type { Report } from '../report.ts';

/** What became of a seat. */
export type SeatResult = 'right' | 'oversold' | 'wrong' | 'doubtful' | 'weak' | 'unraced';

/** The words and the symbol of a result: colour is never the only difference. */
export const RESULTS = {
  right: { symbol: '✓', words: 'as it should be' },
  oversold: { symbol: '✗', words: 'sold more often than allowed' },
  wrong: { symbol: '!', words: 'otherwise wrong' },
  doubtful: { symbol: '?', words: 'in doubt' },
  weak: { symbol: '~', words: 'weak: does not count' },
  unraced: { symbol: '–', words: 'not raced' },
} as const satisfies Record<SeatResult, { readonly symbol: string; readonly words: string }>;

/** What became of each seat, by the number of its round. */
export function seatResultsOf(report: Report): ReadonlyMap<number, SeatResult> {
  const byRound = findingsByRound(report.findings);
  return new Map(
    report.rounds.map((round) => [round.number, resultOf(report, round, byRound.get(round.number) ?? [])]),
  );
}

function resultOf(report: Report, round: RoundSummary, findings: readonly Finding[]): SeatResult {
  if (findings.some((finding) => kindOf(finding).isOversold)) return 'oversold';
  if (findings.some(({ severity }) => severity === 'violation')) return 'wrong';
  if (round.requests === 0) return 'unraced';
  if (findings.length > 0) return 'doubtful';
  if (round.weak !== undefined) return 'weak';
  return isSold(report, round) ? 'right' : 'doubtful';
}

/** Whether customers were told that they have it all, and the server, if it was asked, holds as much. */
function isSold({ books, rule, vus }: Report, { inventory, visit, capacity }: RoundSummary): boolean {
  const book = books.get(subjectIdOf({ inventory: { key: inventory }, visit }));
  if (book === undefined || !ruleOf({ rule }).isSoldOut) return true;
  const { promised, stored = promised } = book;
  return promised === Math.min(capacity, vus) && stored === promised;
}
