import { type Attempt, maxOf, minOf, plural, type RoundSummary, withOutcome } from '../../model/index.ts';
import { densityPath } from '../charts/density.ts';
import type { LanesChart } from '../charts/lanes.ts';
import { spreadText } from '../contention.ts';
import { successWord, unitOf } from '../names.ts';
import type { Report } from '../report.ts';
import { roundStatusCounts, statusesText } from '../statuses.ts';
import { formatOffset } from '../units.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import { rowsOf } from '../witness.ts';
import { attemptLanes } from './attempt-lanes.ts';

/** What a row of the table opens: the lanes of the round, and a summary of what they leave out. */
export interface RoundDetails {
  /** The round in one sentence. */
  readonly summary: string;
  readonly lanes: LanesChart;
  /** Winners without a lane; absent if every winner has one. */
  readonly moreWinners?: { readonly text: string; readonly named: readonly string[] };
  /** Other attempts without a lane; absent if each has one. */
  readonly rest?: Rest;
}

interface Rest {
  readonly text: string;
  /** When they ended: see {@link densityPath}. */
  readonly path: string;
}

/** `rounds.hbs` draws a box of this width. */
const BINS = 60;

/** How many attempts of a round get a lane. */
export interface LaneLimits {
  readonly winners: number;
  readonly unknown: number;
  readonly refusals: number;
  /** How many of the other winners are named, each with the order id. */
  readonly named: number;
}

/** As many as a page can hold and people can read: the more rounds a run has, the fewer lanes each gets. */
export function laneLimitsOf(rounds: number): LaneLimits {
  const share = (total: number, least: number, most: number) =>
    Math.max(least, Math.min(most, Math.floor(total / Math.max(1, rounds))));
  return {
    winners: share(400, 10, 100),
    unknown: share(200, 4, 50),
    refusals: share(200, 3, 20),
    named: share(20_000, 20, 5000),
  };
}

/** The lanes of a round: winners, then unknowns, then the first refusals. */
export function roundDetailsOf(report: Report, round: RoundSummary, limits: LaneLimits): RoundDetails {
  const attempts = report.attemptsByRound.get(round.number) ?? [];
  const winners = withOutcome(attempts, 'ok');
  const refusals = withOutcome(attempts, 'fail').toSorted((a, b) => a.completedAtMs - b.completedAtMs);
  const unknown = withOutcome(attempts, 'info');
  const shown = [
    ...winners.slice(0, limits.winners),
    ...unknown.slice(0, limits.unknown),
    ...refusals.slice(0, limits.refusals),
  ];
  const rest = [...unknown.slice(limits.unknown), ...refusals.slice(limits.refusals)];
  return {
    summary: summaryOf(round, successWord(report)),
    lanes: attemptLanes(rowsOf(shown, attempts), `Attempts at ${unitOf(report).one} ${round.number}`),
    ...(winners.length > limits.winners && { moreWinners: namedOf(winners.slice(limits.winners), limits.named) }),
    ...(rest.length > 0 && { rest: restOf(rest, refusals.length > limits.refusals, attempts) }),
  };
}

function summaryOf(round: RoundSummary, success: string): string {
  const { requests, ok, fail, info, overlap } = round;
  if (requests === 0) return 'No requests.';
  const spread = round.spreadMs === undefined ? '' : `, released within ${spreadText(round)}`;
  const statuses = statusesText(roundStatusCounts(round));
  return `${plural(requests, 'request')}${spread}, ${overlap} at once: ${ok} ${success}, ${fail} refused, ${info} unknown (${statuses}).`;
}

function namedOf(
  winners: readonly (Attempt & { outcome: 'ok' })[],
  limit: number,
): NonNullable<RoundDetails['moreWinners']> {
  const more = winners.length - limit;
  return {
    text: `${plural(winners.length, 'more winner')}${more > 0 ? `; the verdict file names the last ${more}` : ''}:`,
    named: winners
      .slice(0, limit)
      .map(({ vu, orderId }) => `VU ${vu}${orderId === undefined ? '' : `, order ${printable(orderId, ID_LENGTH)}`}`),
  };
}

function restOf(rest: readonly Attempt[], areRefusals: boolean, round: readonly Attempt[]): Rest {
  const originMs = round[0]?.releasedAtMs ?? 0;
  const doneMs = rest.map(({ completedAtMs }) => completedAtMs - originMs);
  const [first, last] = [minOf(doneMs), maxOf(doneMs)];
  const which = areRefusals ? 'later refusal' : 'more attempt';
  return {
    text: `${plural(rest.length, which)} without a lane, done between ${formatOffset(first)} and ${formatOffset(last)} ms; history.jsonl has each.`,
    path: densityPath(doneMs, [Math.min(0, first), last], BINS),
  };
}
