import { type Amount, compareAmounts, minus } from './decimal.ts';
import type { Inventory, Plan, ReadBack } from './history.ts';
import { ruleOf } from './rules.ts';

/** The keys that the read-back asks about: the parts of an inventory, or else the inventory itself. */
export const readBackKeysOf = ({ key, parts }: Inventory): readonly string[] => parts ?? [key];

/** The capacity of an inventory; a decimal as it was written. */
export const capacityOf = ({ capacity, amount }: Inventory): Amount => amount ?? capacity;

type Judged = Pick<Plan, 'rule'>;

/**
 * How many units of an inventory are sold by an answer of the server. Where operations exclude each other, those that
 * happened; of an amount, what is spent. Undefined where the answer does not say it.
 */
export function unitsSaidIn(
  answer: ReadBack & { readonly kind: 'read' },
  inventory: Inventory,
  plan: Judged,
): Amount | undefined {
  const { successes, isDecimal } = ruleOf(plan);
  if (successes === 'same operation') return answer.holds?.length;
  return isDecimal && answer.remaining !== undefined ? minus(capacityOf(inventory), answer.remaining) : answer.units;
}

/**
 * Whether racing for an inventory makes no sense any more: everything is sold, or one of its parts is.
 *
 * @param answerAbout what the server said about a key, before the first round
 */
export function isTakenBefore(
  plan: Judged,
  inventory: Inventory,
  answerAbout: (key: string) => ReadBack | undefined,
): boolean {
  if (ruleOf(plan).isUnlimited) return false;
  const unitsAt = (key: string): Amount => {
    const answer = answerAbout(key);
    return (answer?.kind === 'read' ? unitsSaidIn(answer, inventory, plan) : undefined) ?? 0;
  };
  const { key, parts } = inventory;
  return parts === undefined
    ? compareAmounts(unitsAt(key), capacityOf(inventory)) >= 0
    : parts.some((part) => compareAmounts(unitsAt(part), 0) > 0);
}
