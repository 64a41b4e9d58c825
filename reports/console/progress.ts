import stringWidth from 'string-width';
import type { Attempt, Plan } from '../../model/index.ts';
import { createPlaces } from '../places.ts';
import { formatDuration, plural } from '../units.ts';
import { capitalised } from '../wording.ts';
import type { Style } from './style.ts';

/** Where a run stands. */
export interface Progress {
  /** Which inventory is gone for now, 1, 2, 3 … */
  readonly place: number;
  /** How many there are; 0 where nobody knows how many rounds there will be, as with a foreign suite. */
  readonly places: number;
  /** It was gone for before. */
  readonly isAgain: boolean;
  readonly label: string;
  /** Attempts of this round that are over. */
  readonly done: number;
  readonly contenders: number;
  /** Milliseconds since the first round began. */
  readonly elapsedMs: number;
}

/** One line, no wider than the terminal: a bar, which seat, how many are to go, and for how long. */
export function progressLine(progress: Progress, style: Style): string {
  const { place, places, isAgain, label, done, contenders, elapsedMs } = progress;
  const { symbols } = style;
  const isBounded = places >= place && contenders > 0;
  const behind = (place - 1) * contenders + (isAgain ? contenders : done);
  const share = isBounded ? Math.min(1, behind / (places * contenders)) : 0;
  const name = `${capitalised(label)} ${place}${isBounded ? `/${places}` : ''}`;
  const toGo = `${Math.max(0, contenders - done)} of ${plural(contenders, 'request')} to go`;
  // A guess from a few answers is worse than none.
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

/** As many of the parts, from the first, as fit into one line. */
function fitting(parts: readonly string[], columns: number): string {
  const count = parts.findLastIndex((_, index) => stringWidth(parts.slice(0, index + 1).join(', ')) <= columns) + 1;
  return parts.slice(0, Math.max(1, count)).join(', ').slice(0, columns);
}

/** Where a run stands, from the attempts that are over. */
export interface ProgressFollower {
  readonly count: (attempt: Attempt) => void;
  /** Undefined before the first attempt, and where all are over that are known to come. */
  readonly now: (elapsedMs: number) => Progress | undefined;
}

/**
 * Follows a run through its rounds. Where an inventory is gone for again, nobody knows how often: the next one counts when
 * it begins; and where they all are gone for again, nobody knows how many rounds there will be.
 */
export function createProgressFollower({
  plan,
  label,
}: {
  readonly plan: Plan;
  readonly label: string;
}): ProgressFollower {
  const { contenders, inventories } = plan;
  const placeOf = createPlaces(plan);
  let round = 0;
  let done = 0;
  let place = 0;
  let furthest = 0;
  let isRepeated = false;

  return {
    count(attempt) {
      done = attempt.round === round ? done + 1 : 1;
      round = attempt.round;
      place = placeOf(attempt);
      furthest = Math.max(furthest, place);
      isRepeated ||= place !== round;
    },
    now(elapsedMs) {
      const isAgain = place !== round;
      const places = place < furthest ? 0 : inventories.length;
      if (round === 0 || (place === inventories.length && !isRepeated && done >= contenders)) return undefined;
      const shared = { places, label, contenders, elapsedMs };
      // A whole round is behind: the next one is under way.
      if (done >= contenders && !isRepeated) return { ...shared, place: place + 1, isAgain: false, done: 0 };
      return { ...shared, place, isAgain, done };
    },
  };
}
