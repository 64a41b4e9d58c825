import { type Attempt, offsetsOf, overlapOf, type Plan, spreadOf, withOutcome } from '../../model/index.ts';
import { createPlaces } from '../places.ts';
import { attemptLine, type Place, roundLine } from './live.ts';
import type { Style } from './style.ts';

/** What a {@link RoundPrinter} needs to know. */
export interface RoundPrinterOptions {
  readonly style: Style;
  readonly plan: Plan;
  /** What an inventory is called, e.g. `seat`. */
  readonly label: string;
  /** How many refusals, and as many unknowns, are shown per round; 3 by default. */
  readonly failuresPerRound?: number;
  /** Show every attempt of every round. */
  readonly allFailures?: boolean;
}

/** Turns attempts, as they end, into lines to print. */
export interface RoundPrinter {
  /** Takes an attempt, and returns the lines that are now due: those of its round, once that is over. */
  readonly record: (attempt: Attempt) => readonly string[];
  /** The lines of a round that never became whole. */
  readonly flush: () => readonly string[];
}

/** With more rounds than this, those that look right get one line each. */
const LONG_RUN = 40;

/** Of a long run, so many rounds that look wrong are told in full; the others get a line each, like the right ones. */
const WRONG_IN_FULL = 20;

/** How many successes of a round are named: they are the news, but a pool may have hundreds. */
const SUCCESSES = { shortRun: 100, longRun: 10 } as const;

/**
 * A printer that gathers attempts by round. A round's lines are due when all its contenders are through, or when another
 * round begins. It holds one round at a time, so half a million attempts cost no more than one round.
 */
export function createRoundPrinter(options: RoundPrinterOptions): RoundPrinter {
  const { style, plan, label, failuresPerRound = 3, allFailures = false } = options;
  const placeOf = createPlaces(plan);
  /** Numbers need not rise: where a seat is gone for twice, its second round has a number beyond the plan. */
  const printed = new Set<number>();
  let current = 0;
  let attempts: Attempt[] = [];
  let wrongInFull = 0;

  const flush = (): readonly string[] => {
    const [first] = attempts;
    if (first === undefined) return [];
    const its = attempts;
    attempts = [];
    printed.add(current);
    return linesOf(its, { label, place: placeOf(first) });
  };

  const record = (attempt: Attempt): readonly string[] => {
    const { round } = attempt;
    // Its round has its line already, and the numbers there stand; but what came late is not passed over.
    if (printed.has(round)) {
      return [`${attemptLine(attempt, { label, place: placeOf(attempt) }, style)} ${style.faint('(late)')}`];
    }
    const before = round === current ? [] : flush();
    current = round;
    attempts.push(attempt);
    return attempts.length < plan.contenders ? before : [...before, ...flush()];
  };

  const linesOf = (its: readonly Attempt[], place: Place): readonly string[] => {
    const [ok, fail, info] = [withOutcome(its, 'ok'), withOutcome(its, 'fail'), withOutcome(its, 'info')];
    const key = its[0]?.inventory;
    const capacity = plan.inventories.find((inventory) => inventory.key === key)?.capacity ?? 1;
    const summary = roundLine(
      {
        number: current,
        requests: its.length,
        ok: ok.length,
        fail: fail.length,
        info: info.length,
        spreadMs: spreadOf(its),
        offsets: offsetsOf(its),
        overlap: overlapOf(its),
      },
      place,
      style,
    );
    const isLong = Math.max(plan.inventories.length, printed.size) > LONG_RUN;
    const isRight =
      ok.length === Math.min(capacity, plan.contenders) && info.length === 0 && its.length === plan.contenders;
    if (isLong && !allFailures && (isRight || wrongInFull >= WRONG_IN_FULL)) return [summary];
    if (!isRight) wrongInFull++;
    const shown = (list: readonly Attempt[], limit: number): string[] => {
      const cut = allFailures ? list : list.slice(0, limit);
      const more = list.length - cut.length;
      const lines = cut.map((attempt) => attemptLine(attempt, place, style));
      return more === 0 ? lines : [...lines, style.faint(`  ${style.symbols.ellipsis} and ${more} more`)];
    };
    return [
      ...shown(ok, isLong ? SUCCESSES.longRun : SUCCESSES.shortRun),
      ...shown(fail, failuresPerRound),
      ...shown(info, failuresPerRound),
      summary,
    ];
  };

  return { record, flush };
}
