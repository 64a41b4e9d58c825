import {
  type Attempt,
  compareAmounts,
  offsetsOf,
  overlapOf,
  type Plan,
  ruleOf,
  spreadErrorOf,
  spreadOf,
  withOutcome,
} from '../../model/index.ts';
import { capacityOf } from '../../model/plan.ts';
import { createInventoryNumbers } from '../inventory-numbers.ts';
import { soldTimes } from '../oversold.ts';
import { promisedUnits } from '../promised.ts';
import { attemptLine, type InventoryName, type RoundFigures, roundLine } from './lines.ts';
import type { Style } from './style.ts';

/** What a {@link RoundPrinter} needs to know. */
export interface RoundPrinterOptions {
  readonly style: Style;
  readonly plan: Plan;
  /** What an inventory is called, e.g. `seat`. */
  readonly label: string;
  /** How many refusals, and as many unknowns, are shown of the first round. */
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
  /** The rounds whose line was printed, and the violation that it named. */
  readonly shown: ReadonlyMap<number, string | undefined>;
}

/** A log has a line for each round, up to so many. */
const SHORT_RUN = 20;

/** So many successes of the first round are named: a pool may have hundreds. */
const SUCCESSES = 3;

/** Of the first round, no more refusals are named, nor unknowns, however many the suite wants: --all-failures shows all. */
const MAX_FAILURES = 4;

/**
 * A printer that collects attempts by round. The lines of a round are due once all its contenders have ended, or when
 * another round begins: the attempts of the first round, so that people see what is being done, and in a log a line for the
 * others. A screen has a progress line meanwhile. It holds one round at a time, so a long run takes no more memory.
 */
export function createRoundPrinter(options: RoundPrinterOptions): RoundPrinter {
  const { style, plan, label, allFailures } = options;
  const numberOf = createInventoryNumbers(plan);
  /** A set, because numbers need not rise: the second round at a seat has a number beyond the plan. */
  const over = new Set<number>();
  const shown = new Map<number, string | undefined>();
  let current: Attempt[] = [];

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
    over.add(first.round);
    const isFirst = over.size === 1;
    const isDue = isFirst || allFailures || (!style.wraps && isLogged(over.size, plannedRounds(plan)));
    if (!isDue) return [];
    const violation = oversoldIn(attempts, plan);
    shown.set(first.round, violation);
    const line = roundLine(figuresOf(attempts, first.round), nameOf(first), style, violation);
    const isInFull = isFirst || allFailures;
    return [...(isInFull ? attemptLines(attempts, nameOf(first), options, violation !== undefined) : []), line];
  };

  const record = (attempt: Attempt): readonly string[] => {
    const { round } = attempt;
    if (plan.anyItem === true) {
      const ofRound = waiting.get(round) ?? [];
      ofRound.push(attempt);
      waiting.set(round, ofRound);
      return [];
    }
    // The line of its round is printed already and keeps its numbers.
    if (over.has(round))
      return allFailures ? [`${attemptLine(attempt, nameOf(attempt), style)} ${style.faint('(late)')}`] : [];
    const before = round === current[0]?.round ? [] : flush();
    current.push(attempt);
    return current.length < plan.contenders ? before : [...before, ...flush()];
  };

  return { record, flush, shown };
}

/** How many rounds there will be; 0 if nobody knows. */
const plannedRounds = ({ inventories, repeat }: Plan): number =>
  inventories.length * (repeat === undefined ? 1 : (repeat.times ?? Number.POSITIVE_INFINITY));

/**
 * Whether a round has a line in a log. All up to 20; of more, the first and every tenth, from the 100th on every hundredth,
 * and so on. Rounds beyond 20 that were not planned: every hundredth, and so on. 60,000 rounds have at most 44 lines.
 *
 * @param count how many rounds are over, with this one
 */
export function isLogged(count: number, planned: number): boolean {
  const isShort = planned <= SHORT_RUN;
  if (count === 1 || (isShort && count <= SHORT_RUN)) return true;
  return count % 10 ** Math.max(isShort ? 2 : 1, String(count).length - 1) === 0;
}

/** `sold 5 times`: what answers alone prove, while the race goes on. Undefined where that needs the whole history. */
function oversoldIn(attempts: readonly Attempt[], plan: Plan): string | undefined {
  const rule = ruleOf(plan);
  if (!rule.isSoldOut) return undefined;
  const inventory = plan.inventories.find(({ key }) => key === attempts[0]?.inventory);
  const units = promisedUnits(attempts, rule);
  const capacity = inventory === undefined ? 1 : capacityOf(inventory);
  return compareAmounts(units, capacity) > 0 ? soldTimes({ units, capacity }) : undefined;
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

/** The successes, then some refusals, then some unknowns. The line of the round says how many there are. */
function attemptLines(
  attempts: readonly Attempt[],
  inventory: InventoryName,
  { style, failuresPerRound, allFailures }: RoundPrinterOptions,
  isWrong: boolean,
): readonly string[] {
  const failures = Math.min(failuresPerRound, MAX_FAILURES);
  const limits = { ok: SUCCESSES, fail: failures, info: failures } as const;
  return (['ok', 'fail', 'info'] as const).flatMap((outcome) => {
    const all = withOutcome(attempts, outcome);
    const shown = allFailures ? all : all.slice(0, limits[outcome]);
    return shown.map((attempt) => attemptLine(attempt, inventory, style, isWrong));
  });
}
