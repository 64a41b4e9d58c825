import stringWidth from 'string-width';
import {
  type Attempt,
  capitalised,
  doubleBookingRateBound,
  type Plan,
  plural,
  roundsForBound,
} from '../../model/index.ts';
import { createInventoryNumbers } from '../inventory-numbers.ts';
import { formatDuration, formatPercent } from '../units.ts';
import type { Style } from './style.ts';

/** How far a run has come. */
export interface Progress {
  /** Number of the inventory that is being raced for, from 1. */
  readonly current: number;
  /** How many inventories there are; 0 if the number of rounds is unknown, as in a foreign suite. */
  readonly inventories: number;
  /** It was raced for before. */
  readonly isAgain: boolean;
  readonly label: string;
  /** Attempts of this round that have ended. */
  readonly done: number;
  readonly contenders: number;
  /** Milliseconds since the first round began. */
  readonly elapsedMs: number;
  /** Where rounds repeat: how many have begun, how many of them count so far, and which share of the run is over. */
  readonly repeated?: { readonly rounds: number; readonly strong: number; readonly share: number };
}

/** One line, no wider than the terminal: a bar, which seat, how many requests are left, and how long they will take. */
export function progressLine(progress: Progress, style: Style): string {
  const { current, inventories, isAgain, label, done, contenders, elapsedMs, repeated } = progress;
  const { symbols } = style;
  const isBounded = repeated !== undefined || (inventories >= current && contenders > 0);
  const ended = (current - 1) * contenders + (isAgain ? contenders : done);
  const share = repeated?.share ?? (isBounded ? Math.min(1, ended / (inventories * contenders)) : 0);
  const name =
    repeated === undefined
      ? `${capitalised(label)} ${current}${isBounded ? `/${inventories}` : ''}`
      : `Round ${repeated.rounds}, a pass would mean ${boundText(repeated.strong)}`;
  const toGo = `${Math.max(0, contenders - done)} of ${plural(contenders, 'request')} to go`;
  // A guess from a few answers is worse than no guess.
  const left =
    share < 0.02 || share === 1
      ? undefined
      : `about ${formatDuration(Math.ceil((elapsedMs * (1 / share - 1)) / 1000) * 1000)} left`;
  const words = fitting([name, toGo, ...(isBounded && left !== undefined ? [left] : [])], style.columns);
  const room = Math.min(30, style.columns - stringWidth(words) - 2);
  if (!isBounded || room < 5) return words;
  const full = Math.round(share * room);
  return `${style.accent(symbols.full.repeat(full))}${style.faint(symbols.empty.repeat(room - full))}  ${words}`;
}

/** `below 6.4 %`, and before the first strong round `nothing yet`. */
const boundText = (strong: number): string =>
  strong === 0 ? 'nothing yet' : `below ${formatPercent(doubleBookingRateBound(strong), 1)}`;

/** The first parts, as many as fit into one line. */
function fitting(parts: readonly string[], columns: number): string {
  const count = parts.findLastIndex((_, index) => stringWidth(parts.slice(0, index + 1).join(', ')) <= columns) + 1;
  return parts.slice(0, Math.max(1, count)).join(', ').slice(0, columns);
}

/** Tells how far a run has come, from the attempts that have ended. */
export interface ProgressFollower {
  readonly count: (attempt: Attempt) => void;
  /** So many rounds count by now, where rounds repeat. */
  readonly judged: (strong: number) => void;
  /** Undefined before the first attempt, and once every attempt that is known of has ended. */
  readonly now: (elapsedMs: number) => Progress | undefined;
}

/**
 * Follows a run through its rounds. An inventory may be raced for several times, and the plan does not say how often. So the
 * next inventory counts only once its first attempt has ended; and once an earlier one comes again, the number of rounds is
 * unknown.
 */
export function createProgressFollower({
  plan,
  label,
}: {
  readonly plan: Plan;
  readonly label: string;
}): ProgressFollower {
  const { contenders, inventories } = plan;
  const numberOf = createInventoryNumbers(plan);
  let round = 0;
  let done = 0;
  let current = 0;
  let furthest = 0;
  let isRepeated = false;
  let rounds = 0;
  let strong = 0;

  return {
    judged(rounds) {
      strong = rounds;
    },
    count(attempt) {
      done = attempt.round === round ? done + 1 : 1;
      if (done === 1) rounds += 1;
      round = attempt.round;
      current = numberOf(attempt);
      furthest = Math.max(furthest, current);
      isRepeated ||= current !== round;
    },
    now(elapsedMs) {
      if (round > 0 && plan.repeat !== undefined) {
        const ended = rounds - 1 + Math.min(1, done / contenders);
        const repeated = { rounds, strong, share: shareOf(plan, { ended, strong, elapsedMs }) };
        return { current, inventories: 0, isAgain: false, label, done, contenders, elapsedMs, repeated };
      }
      const isAgain = current !== round;
      const isLast = current === inventories.length;
      if (round === 0 || plan.anyItem === true || (isLast && !isRepeated && done >= contenders)) return undefined;
      const shared = { inventories: current < furthest ? 0 : inventories.length, label, contenders, elapsedMs };
      // The whole round has ended, so the next one is under way.
      if (done >= contenders && !isRepeated) return { ...shared, current: current + 1, isAgain: false, done: 0 };
      return { ...shared, current, isAgain, done };
    },
  };
}

/** Which share of a run is over whose rounds repeat; by the time or the bound it may end a little later. */
function shareOf(
  { repeat, inventories }: Plan,
  { ended, strong, elapsedMs }: { readonly ended: number; readonly strong: number; readonly elapsedMs: number },
): number {
  const { times, until, forMs } = repeat ?? {};
  if (until !== undefined) return Math.min(1, strong / roundsForBound(until));
  if (forMs !== undefined) return Math.min(1, elapsedMs / forMs);
  return Math.min(1, ended / ((times ?? 1) * Math.max(1, inventories.length)));
}
