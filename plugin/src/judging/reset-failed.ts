import { type Inventory, isTakenBefore, named, type ReadBack } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Was something still taken when it was to be raced for, or again? Then that round was not raced. */
export const resetFailed: Checker = ({ plan, history, alreadyTaken }) => {
  if (plan.repeat === undefined) return [];
  const raced = new Set(history.attempts.map(({ inventory, visit }) => visitId(inventory, visit)));
  const racedEver = new Set([
    ...history.attempts.map(({ inventory }) => inventory),
    ...(history.folded?.inventories ?? []),
  ]);
  const told = new Set(alreadyTaken.map(({ inventory }) => inventory.key));
  const before = history.readBacks.filter(({ when, book = 1 }) => when === 'before' && book === 1);
  const byVisit = Map.groupBy(before, ({ visit }) => visit ?? 1);
  const failed = plan.inventories.flatMap((inventory) => {
    const visits = [...byVisit].filter(
      // What nobody ever went for is `already-taken`, unless the run ended with it or others raced in its round.
      ([visit, answers]) =>
        (visit > 1 || racedEver.has(inventory.key) || !told.has(inventory.key)) &&
        !raced.has(visitId(inventory.key, visit)) &&
        isTakenBefore(plan, inventory, (key) => answers.find((answer) => answer.inventory === key)),
    );
    return visits.length === 0 ? [] : [{ inventory, visits }];
  });
  return failed.map(({ inventory, visits }) => {
    const [first] = visits;
    const more = visits.length === 1 ? '' : ` and ${visits.length - 1} more`;
    const taken = racedEver.has(inventory.key) ? 'still taken after its reset,' : 'taken';
    const held = first === undefined ? '' : heldBy(inventory, first[1]);
    return {
      id: 'reset-failed',
      inventory: inventory.key,
      message:
        `${named(history.run.label, inventory.key)} was ${taken} before visit ${first?.[0]}${more}, ` +
        `so nobody raced for it then${held}`,
      witness: [],
    };
  });
};

const visitId = (inventory: string, visit: number | undefined): string => `${visit ?? 1} ${inventory}`;

/** So many orders are named. */
const MAX_NAMED = 3;

function heldBy({ key, parts = [key] }: Inventory, answers: readonly ReadBack[]): string {
  const orders = answers.flatMap((answer) =>
    answer.kind === 'read' && parts.includes(answer.inventory) ? answer.orderIds : [],
  );
  return orders.length === 0 ? '' : `: the server holds ${orders.slice(0, MAX_NAMED).join(', ')}`;
}
