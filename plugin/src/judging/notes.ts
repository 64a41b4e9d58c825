import type { History } from '../../../model/index.ts';
import { evidenceOf } from './evidence.ts';

/** What a reader must know about a run although it is neither a violation nor a doubt, one sentence each. */
export function notesOf(history: History): readonly string[] {
  const { inventories } = evidenceOf(history);
  const uncounted = inventories.filter(({ cannotCount }) => cannotCount);
  const [first] = uncounted;
  if (first === undefined) return [];
  const { key, capacity } = first.inventory;
  const more = uncounted.length > 1 ? ` and ${uncounted.length - 1} more` : '';
  return [
    `This read-back cannot count: it only says "taken" or "free", which proves nothing about how many of the ${capacity} units ` +
      `of ${history.run.label} ${key}${more} are sold. Let readBack.units or readBack.orderIds say it.`,
  ];
}
