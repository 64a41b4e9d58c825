import {
  grantedTo,
  type History,
  type Inventory,
  isStop,
  type Plan,
  type ReadBack,
  readBackKeysOf,
  roundsOf,
  ruleOf,
  settingsOf,
  withOutcome,
} from '../../../../model/index.ts';
import { readHistory } from '../../recording/index.ts';
import type { PreparedRun } from './prepare.ts';

export interface AskAfterwardsOptions {
  /** The headers of a contender, names and values in turn: the questions are asked in its name. */
  readonly rawHeaders: readonly string[];
  /** The run was stopped: there may be no time for more than the last round, so that is asked about first. */
  readonly isInterrupted: boolean;
  /** When an inventory was already read back after its race, in milliseconds on the run's clock; undefined: not yet. */
  readonly askedAtMs: (inventory: string) => number | undefined;
  /** Called with each answer as it comes. */
  readonly told: (answer: ReadBack) => void;
}

/**
 * Asks the server after the race who owns what, if a read-back is configured.
 *
 * @throws HistoryError, and the error of the file system, where the history of the run cannot be read
 */
export async function askAfterwards(
  { settings, files, library }: PreparedRun,
  { rawHeaders, isInterrupted, askedAtMs, told }: AskAfterwardsOptions,
): Promise<void> {
  if (settings.readBack === undefined) return;
  const history = readHistory(files.history);
  const isAnswered = ({ key }: Inventory) => {
    const askedMs = askedAtMs(key);
    if (askedMs === undefined) return false;
    return history.attempts.every(({ inventory, completedAtMs }) => inventory !== key || completedAtMs < askedMs);
  };
  const some = isInterrupted || hasStopped(history) ? fromTheLast(history) : inventoriesOf(history);
  const unanswered = some.filter((inventory) => !isAnswered(inventory));
  await library.ask(unanswered, {
    when: 'after',
    rawHeaders,
    told,
    leastUnits: (key) => leastUnitsOf(history, key),
    restless: isInterrupted ? [] : pendingKeysOf(history),
  });
}

/** All planned inventories; in a foreign suite that plans none, all that contenders went for. */
function inventoriesOf({ run, attempts }: History): readonly Inventory[] {
  if (run.plan.inventories.length > 0) return run.plan.inventories;
  return [...new Set(attempts.map(({ inventory }) => inventory))].map((key) => ({ key, capacity: 1 }));
}

/** Nobody was answered any more: nothing is to be learnt about what nobody went for. */
const hasStopped = ({ problems }: History): boolean => problems.some(isStop);

/** What contenders went for, the last round first. */
function fromTheLast({ run, attempts }: History): readonly Inventory[] {
  return roundsOf(run.plan, attempts)
    .filter((round) => round.attempts.length > 0)
    .toReversed()
    .map(({ inventory }) => inventory)
    .filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index);
}

/** What attempts are about that were accepted (202), where the suite says how long the target needs to decide. */
export function pendingKeysOf({ run, attempts }: History): readonly string[] {
  if (run.plan.settleMs === undefined) return [];
  const pending = withOutcome(attempts, 'info').filter(({ cause }) => cause === 'pending');
  const inventories = new Set(pending.map(({ inventory }) => inventory));
  const planned = new Map(run.plan.inventories.map((inventory) => [inventory.key, inventory]));
  return [...inventories].flatMap((key) => readBackKeysOf(planned.get(key) ?? { key, capacity: 1 }));
}

/**
 * How many units a right server must hold: what it held before the race, and what it acknowledged since. Where it
 * acknowledged nothing, at least one: somebody must have won.
 */
export function leastUnitsOf({ run, attempts, readBacks }: History, key: string): number {
  const { successes, isDecimal } = ruleOf(run.plan);
  if (successes === 'prove nothing') return leastByState(run.plan, key);
  if (successes !== 'add up' || isDecimal) return 0;
  const before = readBacks.find((readBack) => readBack.when === 'before' && readBack.inventory === key);
  const unitsBefore = before?.kind === 'read' ? before.units : 0;
  const raced = attempts.filter((attempt) => attempt.inventory === key);
  if (raced.length === 0) return unitsBefore;
  const wonUnits = withOutcome(raced, 'ok').reduce((sum, attempt) => sum + grantedTo(attempt), 0);
  return unitsBefore + Math.max(1, wonUnits);
}

/** Where only the state counts, it must reach the capacity; a queue or a replica may need a moment for it. */
const leastByState = (plan: Plan, key: string): number =>
  settingsOf(plan).exactly === false ? 0 : (plan.inventories.find((inventory) => inventory.key === key)?.capacity ?? 1);
