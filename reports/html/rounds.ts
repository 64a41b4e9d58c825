import { type Finding, type FindingId, plural, type RoundSummary } from '../../model/index.ts';
import { roundsConcerned } from '../findings-by-round.ts';
import { roundName, unitOf } from '../names.ts';
import type { Report } from '../report.ts';
import { formatSpread } from '../units.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import { anchorsOf } from './findings.ts';
import { laneLimitsOf, type RoundDetails, roundDetailsOf } from './round-details.ts';
import { RESULTS, type SeatResult } from './seat-result.ts';

/** One round as a row of the table of seats. */
export interface RoundRow {
  readonly number: number;
  /** The name outside of the table. */
  readonly name: string;
  readonly inventory: string;
  readonly requests: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** The first winners, on one line; the details name all. */
  readonly winners: string;
  /** The order id if there is exactly one winner; empty otherwise. */
  readonly orderId: string;
  readonly spread: string;
  readonly overlap: number;
  readonly result: SeatResult;
  readonly resultWords: string;
  readonly findings: readonly { readonly id: FindingId; readonly anchor: string }[];
  readonly hasFindings: boolean;
  /** Absent if there are so many rounds that the page would become too large to open. */
  readonly details?: RoundDetails;
}

/** The rows, and a sentence about what is left out; empty if nothing is. */
export interface RoundTable {
  readonly rows: readonly RoundRow[];
  readonly omitted: string;
}

/** How many rounds the page holds, how many of them with lanes, and how many winners a row names. */
const SHOWN = { rows: 5000, details: 150, winners: 3 } as const;

/** The rounds in their order, with lanes and with links to their findings. If not all fit, those with findings come first. */
export function roundTableOf(report: Report, results: ReadonlyMap<number, SeatResult>): RoundTable {
  const links = linksByRound(report.findings);
  const limits = laneLimitsOf(Math.min(report.rounds.length, SHOWN.details));
  const ranked = report.rounds.toSorted((a, b) => Number(b.findings.length > 0) - Number(a.findings.length > 0));
  // Of a long run, only rounds that matter have attempts to show.
  const kept = ranked.filter(({ number }) => report.attemptsByRound.has(number));
  const withRow = new Set(ranked.slice(0, SHOWN.rows));
  const withDetails = new Set(kept.slice(0, SHOWN.details));
  const nameOf = roundNamesOf(report);
  const rows = report.rounds
    .filter((round) => withRow.has(round))
    .map((round) =>
      rowOf(round, {
        name: nameOf(round),
        result: results.get(round.number) ?? 'right',
        findings: links.get(round.number) ?? [],
        ...(withDetails.has(round) && { details: roundDetailsOf(report, round, limits) }),
      }),
    );
  return { rows, omitted: omittedOf(report, withDetails.size) };
}

function rowOf(round: RoundSummary, rest: Pick<RoundRow, 'name' | 'result' | 'findings' | 'details'>): RoundRow {
  const { winners } = round;
  const named = winners.slice(0, SHOWN.winners).map(({ vu }) => `VU ${vu}`);
  const more = winners.length - named.length;
  const only = winners.length === 1 ? winners[0]?.orderId : undefined;
  return {
    number: round.number,
    inventory: printable(round.inventory, ID_LENGTH),
    requests: round.requests,
    ok: round.ok,
    fail: round.fail,
    info: round.info,
    winners: [named.join(', '), ...(more > 0 ? [`${more} more`] : [])].join(' and ') || '–',
    orderId: only === undefined ? '' : printable(only, ID_LENGTH),
    // Only one number, so that the column can be sorted; the details say how offsets were kept.
    spread: formatSpread(round.spreadMs, round.spreadErrorMs),
    overlap: round.overlap,
    ...rest,
    resultWords: RESULTS[rest.result].words,
    hasFindings: rest.findings.length > 0,
  };
}

/** The name of each round, as `locationOf` gives it; that would search all rounds for each of them. */
function roundNamesOf({ rounds, label }: Report): (round: RoundSummary) => string {
  const first = new Map<string, number>();
  for (const { inventory, number } of rounds) if (!first.has(inventory)) first.set(inventory, number);
  return ({ number, inventory }) =>
    roundName({
      label,
      inventoryNumber: first.get(inventory) ?? number,
      round: number,
      key: printable(inventory, ID_LENGTH),
    });
}

function omittedOf(report: Report, details: number): string {
  const { rounds } = report;
  const { one, many } = unitOf(report);
  if (rounds.length <= details) return '';
  const left = rounds.length - SHOWN.rows;
  const closed = Math.min(rounds.length, SHOWN.rows) - details;
  const parts = [
    `${plural(closed, one, many)} without lanes`,
    ...(left > 0 ? [`${plural(left, one, many)} left out`] : []),
  ];
  return `Summarised: ${parts.join(', ')}; those with findings come first. The verdict file has all.`;
}

function linksByRound(findings: readonly Finding[]): ReadonlyMap<number, RoundRow['findings']> {
  const anchors = anchorsOf(findings);
  const links = findings.flatMap((finding, index) =>
    [...roundsConcerned(finding)].map((round) => ({ round, link: { id: finding.id, anchor: anchors[index] ?? '' } })),
  );
  const byRound = Map.groupBy(links, ({ round }) => round);
  return new Map([...byRound].map(([round, ofRound]) => [round, ofRound.map(({ link }) => link)]));
}
