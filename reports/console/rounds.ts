import {
  type Attempt,
  offsetsOf,
  overlapOf,
  type Plan,
  spreadErrorOf,
  spreadOf,
  withOutcome,
} from '../../model/index.ts';
import { createInventoryNumbers } from '../inventory-numbers.ts';
import { attemptLine, type InventoryName, type RoundFigures, roundLine } from './lines.ts';
import type { Style } from './style.ts';

/** What a {@link RoundPrinter} needs to know. */
export interface RoundPrinterOptions {
  readonly style: Style;
  readonly plan: Plan;
  /** What an inventory is called, e.g. `seat`. */
  readonly label: string;
  /** How many refusals, and as many unknowns, are shown per round. */
  readonly failuresPerRound: number;
  /** Show every attempt of every round. */
  readonly allFailures: boolean;
}

/** Turns attempts into lines to print, as they end. */
export interface RoundPrinter {
  /** Takes an attempt, and returns the lines that are due now: those of its round, once that is over. */
  readonly record: (attempt: Attempt) => readonly string[];
  /** The lines of a round that never became complete. */
  readonly flush: () => readonly string[];
}

/** In a run with more rounds than this, a round that looks right gets one line. */
const LONG_RUN = 40;

/** In a long run, so many rounds that look wrong are shown in full; after that they get one line, too. */
const WRONG_IN_FULL = 20;

/** How many successes of a round are named: they are the news, but a pool may have hundreds. */
const SUCCESSES = { shortRun: 100, longRun: 10 } as const;

/**
 * A printer that collects attempts by round. The lines of a round are due once all its contenders have ended, or when
 * another round begins. It holds one round at a time, so a long run takes no more memory than one round.
 */
export function createRoundPrinter(options: RoundPrinterOptions): RoundPrinter {
  const { style, plan, label } = options;
  const numberOf = createInventoryNumbers(plan);
  /** A set, because numbers need not rise: the second round at a seat has a number beyond the plan. */
  const printed = new Set<number>();
  let current: Attempt[] = [];
  let wrongInFull = 0;

  const nameOf = (attempt: Attempt): InventoryName => ({ label, inventoryNumber: numberOf(attempt) });

  /** Where one release is a round of several inventories, attempts come in any order: all of them wait for the end. */
  const waiting = new Map<number, Attempt[]>();

  const flush = (): readonly string[] => {
    const rounds = [...waiting].toSorted(([a], [b]) => a - b).map(([, attempts]) => attempts);
    waiting.clear();
    const last = current;
    current = [];
    return [...rounds, last].flatMap(linesOf);
  };

  const linesOf = (attempts: readonly Attempt[]): readonly string[] => {
    const [first] = attempts;
    if (first === undefined) return [];
    printed.add(first.round);
    const looksRight = isRight(attempts, plan);
    const isLong = Math.max(plan.inventories.length, printed.size) > LONG_RUN;
    const isBrief = isLong && !options.allFailures && (looksRight || wrongInFull >= WRONG_IN_FULL);
    if (!looksRight && !isBrief) wrongInFull++;
    const line = roundLine(figuresOf(attempts, first.round), nameOf(first), style);
    const successes = isLong ? SUCCESSES.longRun : SUCCESSES.shortRun;
    return isBrief ? [line] : [...attemptLines(attempts, successes, nameOf(first), options), line];
  };

  const record = (attempt: Attempt): readonly string[] => {
    const { round } = attempt;
    if (plan.anyItem === true) {
      const ofRound = waiting.get(round) ?? [];
      ofRound.push(attempt);
      waiting.set(round, ofRound);
      return [];
    }
    // The line of its round is printed already and keeps its numbers, but a late attempt is shown all the same.
    if (printed.has(round)) return [`${attemptLine(attempt, nameOf(attempt), style)} ${style.faint('(late)')}`];
    const before = round === current[0]?.round ? [] : flush();
    current.push(attempt);
    return current.length < plan.contenders ? before : [...before, ...flush()];
  };

  return { record, flush };
}

/** As many successes as there are units, everybody else refused, nobody missing. */
function isRight(attempts: readonly Attempt[], { inventories, contenders }: Plan): boolean {
  const capacity = inventories.find(({ key }) => key === attempts[0]?.inventory)?.capacity ?? 1;
  return (
    attempts.length === contenders &&
    withOutcome(attempts, 'ok').length === Math.min(capacity, contenders) &&
    withOutcome(attempts, 'info').length === 0
  );
}

function figuresOf(attempts: readonly Attempt[], round: number): RoundFigures {
  const count = (outcome: Attempt['outcome']) => withOutcome(attempts, outcome).length;
  return {
    number: round,
    requests: attempts.length,
    ok: count('ok'),
    fail: count('fail'),
    info: count('info'),
    spreadMs: spreadOf(attempts),
    spreadErrorMs: spreadErrorOf(attempts),
    offsets: offsetsOf(attempts),
    overlap: overlapOf(attempts),
  };
}

/** The successes, then some refusals, then some unknowns, each with a line that says how many more there are. */
function attemptLines(
  attempts: readonly Attempt[],
  successes: number,
  inventory: InventoryName,
  { style, failuresPerRound, allFailures }: RoundPrinterOptions,
): readonly string[] {
  const limits = { ok: successes, fail: failuresPerRound, info: failuresPerRound } as const;
  return (['ok', 'fail', 'info'] as const).flatMap((outcome) => {
    const all = withOutcome(attempts, outcome);
    const shown = allFailures ? all : all.slice(0, limits[outcome]);
    const more = all.length - shown.length;
    return [
      ...shown.map((attempt) => attemptLine(attempt, inventory, style)),
      ...(more === 0 ? [] : [style.faint(`  ${style.symbols.ellipsis} and ${more} more`)]),
    ];
  });
}
