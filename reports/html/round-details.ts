import { type Attempt, withOutcome } from '../../model/index.ts';
import { densityPath } from '../charts/density.ts';
import type { LanesChart } from '../charts/lanes.ts';
import { statusCountsOf } from '../figures.ts';
import type { Report, RoundSummary } from '../model.ts';
import { spreadText } from '../spread.ts';
import { formatOffset, plural } from '../units.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import { rowsOf } from '../witness.ts';
import { successWord, unitOf } from '../wording.ts';
import { attemptLanes } from './attempt-lanes.ts';

/** What a row of the table opens: the round's lanes, and what they leave out. */
export interface RoundDetails {
  /** The round in one sentence. */
  readonly summary: string;
  readonly lanes: LanesChart;
  /** Winners without a lane of their own; absent where there are none. */
  readonly moreWinners?: { readonly text: string; readonly named: readonly string[] };
  /** The attempts without a lane; absent where each has one. */
  readonly rest?: Rest;
}

interface Rest {
  readonly text: string;
  /** When they were done, as a path in a box of {@link BINS} × 20. */
  readonly path: string;
}

const BINS = 60;

/** How many attempts of a round get a lane of their own. */
export interface LaneLimits {
  readonly winners: number;
  readonly unknown: number;
  readonly refusals: number;
  /** Winners beyond them are named, each with its order. */
  readonly named: number;
}

/** What a page can hold and a reader can read: many for a short run, fewer of each round for a long one. */
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

/** The lanes of a round: its winners, what nobody can say, and the first refusals. */
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
    lanes: attemptLanes(rowsOf(shown, attempts), `Attempts at ${unitOf(report)} ${round.number}`),
    ...(winners.length > limits.winners && { moreWinners: namedOf(winners.slice(limits.winners), limits.named) }),
    ...(rest.length > 0 && { rest: restOf(rest, refusals.length > limits.refusals, attempts) }),
  };
}

function summaryOf(round: RoundSummary, success: string): string {
  const { requests, ok, fail, info, overlap, statuses } = round;
  if (requests === 0) return 'Nobody went for it.';
  const counts = statusCountsOf({ statuses, totals: { requests, ok, fail, info } });
  const spread = round.spreadMs === undefined ? '' : `, let go within ${spreadText(round)}`;
  const answers = counts.map(({ status, count }) => `${status === 'none' ? 'no answer' : status} × ${count}`);
  return `${plural(requests, 'request')}${spread}, ${overlap} at once: ${ok} ${success}, ${fail} refused, ${info} unknown (${answers.join(', ')}).`;
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
  const [first, last] = [Math.min(...doneMs), Math.max(...doneMs)];
  const which = areRefusals ? 'later refusal' : 'more attempt';
  return {
    text: `${plural(rest.length, which)} summarised, done between ${formatOffset(first)} and ${formatOffset(last)} ms; history.jsonl has each.`,
    path: densityPath(doneMs, [Math.min(0, first), last], BINS),
  };
}
