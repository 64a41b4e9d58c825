import {
  grantedTo,
  type History,
  type ReadBack,
  readBackKeysOf,
  ruleOf,
  withOutcome,
} from '../../../../model/index.ts';
import { readHistory } from '../../recording/index.ts';
import { askServer } from '../shared/ask-server.ts';
import { clockOf } from '../shared/run-context.ts';
import { tlsOptionsOf } from '../shared/tls.ts';
import type { PreparedRun } from './prepare.ts';

/**
 * Asks the server after the race who owns what, if a read-back is configured.
 *
 * @param rawHeaders of a contender: the questions are asked in its name
 * @throws HistoryError, and the error of the file system, where the history of the run cannot be read
 */
export async function askAfterwards(
  { script, settings, files, run }: PreparedRun,
  rawHeaders: readonly string[],
): Promise<ReadBack[]> {
  const { readBack, target, wire } = settings;
  if (readBack === undefined) return [];
  const history = readHistory(files.history);
  return askServer({
    when: 'after',
    settings: readBack,
    target,
    keys: keysOf(history),
    leastUnits: (key) => leastUnitsOf(history, key),
    rawHeaders,
    tls: tlsOptionsOf(script),
    wire,
    now: clockOf(run),
  });
}

/** All planned inventories; in a foreign suite that plans none, all that contenders went for. */
function keysOf({ run, attempts }: History): readonly string[] {
  if (run.plan.inventories.length > 0) return run.plan.inventories.flatMap(readBackKeysOf);
  return [...new Set(attempts.map((attempt) => attempt.inventory))];
}

/**
 * How many units a right server must hold: what it held before the race, and what it acknowledged since. Where it
 * acknowledged nothing, at least one: somebody must have won.
 */
export function leastUnitsOf({ run, attempts, readBacks }: History, key: string): number {
  if (ruleOf(run.plan).successes !== 'add up') return 0;
  const before = readBacks.find((readBack) => readBack.when === 'before' && readBack.inventory === key);
  const unitsBefore = before?.kind === 'read' ? before.units : 0;
  const raced = attempts.filter((attempt) => attempt.inventory === key);
  if (raced.length === 0) return unitsBefore;
  const wonUnits = withOutcome(raced, 'ok').reduce((sum, attempt) => sum + grantedTo(attempt), 0);
  return unitsBefore + Math.max(1, wonUnits);
}
