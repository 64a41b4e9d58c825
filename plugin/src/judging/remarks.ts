import type { History } from '../../../model/index.ts';
import { type Contest, evidenceOf } from './evidence.ts';

/** What a report says besides the findings. */
export interface Remarks {
  /** What a reader must know about a run although it is neither a violation nor a doubt, one sentence each. */
  readonly notes: readonly string[];
  /** Units that the server holds since the race, by the key of the inventory; only where it is known. */
  readonly stored: ReadonlyMap<string, number>;
}

/** Never throws: where the evidence makes no sense, `judge` says so, and there is nothing to remark. */
export function remarksOf(history: History): Remarks {
  try {
    const { inventories } = evidenceOf(history);
    return { notes: notesOf(history, inventories), stored: new Map(inventories.flatMap(storedIn)) };
  } catch {
    return { notes: [], stored: new Map() };
  }
}

function notesOf({ run }: History, inventories: readonly Contest[]): readonly string[] {
  const uncounted = inventories.filter(({ cannotCount }) => cannotCount);
  const [first] = uncounted;
  if (first === undefined) return [];
  const { key, capacity } = first.inventory;
  const more = uncounted.length > 1 ? ` and ${uncounted.length - 1} more` : '';
  return [
    `This read-back cannot count: it only says "taken" or "free", which proves nothing about how many of the ${capacity} units ` +
      `of ${run.label} ${key}${more} are sold. Let readBack.units or readBack.orderIds say it.`,
  ];
}

const storedIn = ({ inventory, storedUnits, unitsBefore }: Contest): [string, number][] =>
  storedUnits === undefined ? [] : [[inventory.key, Math.max(0, storedUnits - unitsBefore)]];
