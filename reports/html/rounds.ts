import type { Finding, FindingId } from '../../plugin/src/model/index.ts';
import type { Report, RoundSummary } from '../model.ts';
import { formatMs } from '../units.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import { anchorOf } from './findings.ts';

/** One round as a row of the table of seats. */
export interface RoundRow {
  readonly number: number;
  readonly inventory: string;
  readonly requests: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly winners: readonly { readonly vu: number; readonly orderId: string }[];
  /** Says how many winners were left out; empty where none were. */
  readonly moreWinners: string;
  readonly spread: string;
  readonly overlap: number;
  readonly findings: readonly { readonly id: FindingId; readonly anchor: string }[];
  readonly hasFindings: boolean;
}

/** A pool may have hundreds of winners. */
const WINNERS_SHOWN = 20;

/** The rounds in their order, each with links to what was found on it. */
export function roundRowsOf(report: Report): readonly RoundRow[] {
  const links = linksByRound(report.findings);
  return report.rounds.map((round) => rowOf(round, links.get(round.number) ?? []));
}

function rowOf(round: RoundSummary, findings: RoundRow['findings']): RoundRow {
  const more = round.winners.length - WINNERS_SHOWN;
  return {
    number: round.number,
    inventory: printable(round.inventory, ID_LENGTH),
    requests: round.requests,
    ok: round.ok,
    fail: round.fail,
    info: round.info,
    winners: round.winners
      .slice(0, WINNERS_SHOWN)
      .map(({ vu, orderId }) => ({ vu, orderId: orderId === undefined ? '' : printable(orderId, ID_LENGTH) })),
    moreWinners: more > 0 ? `and ${more} more` : '',
    spread: formatMs(round.spreadMs),
    overlap: round.overlap,
    findings,
    hasFindings: findings.length > 0,
  };
}

function linksByRound(findings: readonly Finding[]): ReadonlyMap<number, RoundRow['findings']> {
  const links = new Map<number, { readonly id: FindingId; readonly anchor: string }[]>();
  const seen = new Map<FindingId, number>();
  for (const { id, round } of findings) {
    const index = seen.get(id) ?? 0;
    seen.set(id, index + 1);
    if (round !== undefined) links.set(round, [...(links.get(round) ?? []), { id, anchor: anchorOf(id, index) }]);
  }
  return links;
}
