import { type Finding, kindOf, type RoundSummary } from '../../model/index.ts';
import { findingsByRound } from '../findings-by-round.ts';
import type { Report } from '../report.ts';

/** What became of a seat. */
export type SeatResult = 'right' | 'oversold' | 'wrong' | 'doubtful' | 'unraced';

/** The words and the symbol of a result: colour is never the only difference. */
export const RESULTS = {
  right: { symbol: '✓', words: 'as it should be' },
  oversold: { symbol: '✗', words: 'sold more often than allowed' },
  wrong: { symbol: '!', words: 'otherwise wrong' },
  doubtful: { symbol: '?', words: 'in doubt' },
  unraced: { symbol: '–', words: 'not raced' },
} as const satisfies Record<SeatResult, { readonly symbol: string; readonly words: string }>;

/** What became of each seat, by the number of its round. */
export function seatResultsOf({ rounds, findings }: Report): ReadonlyMap<number, SeatResult> {
  const byRound = findingsByRound(findings);
  return new Map(rounds.map((round) => [round.number, resultOf(round, byRound.get(round.number) ?? [])]));
}

function resultOf(round: RoundSummary, findings: readonly Finding[]): SeatResult {
  if (findings.some((finding) => kindOf(finding).isOversold)) return 'oversold';
  if (findings.some(({ severity }) => severity === 'violation')) return 'wrong';
  if (round.requests === 0) return 'unraced';
  return findings.length > 0 ? 'doubtful' : 'right';
}
