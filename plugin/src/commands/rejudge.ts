import type { History, Inventory } from '../../../model/index.ts';
import { ConfigError, type JudgingBlock } from '../config/index.ts';

/**
 * The history as if the run had been given other limits, capacities and another rule, in its plan and in what a report says of its
 * set-up.
 *
 * @throws ConfigError where the block names an inventory that was not raced for (a whole script may: ORDER_SEAT_IDS may
 * have named others for this run), or has enough of one for everybody
 */
export function judgedBy(history: History, { limits, inventories, rule, isOfScript }: JudgingBlock): History {
  const { run } = history;
  const planned = run.plan.inventories;
  const strangers = inventories.filter(({ key }) => !planned.some((its) => its.key === key));
  if (strangers.length > 0 && !isOfScript) {
    const problemOf = ({ key }: Inventory) => ({ path: 'inventories', problem: `the plan of the run has no "${key}"` });
    throw new ConfigError(strangers.map(problemOf));
  }
  const ample = inventories.filter((its) => its.capacity >= run.plan.contenders && !strangers.includes(its));
  if (ample.length > 0) {
    const nobodyLoses = `for ${run.plan.contenders} contenders, so nobody had to lose, and nothing is proven`;
    throw new ConfigError(
      ample.map(({ key, capacity }) => ({
        path: 'inventories',
        problem: `"${key}": capacity ${capacity} ${nobodyLoses}`,
      })),
    );
  }
  const capacities = new Map(inventories.map(({ key, capacity }) => [key, capacity]));
  const plan = {
    ...run.plan,
    limits: { ...run.plan.limits, ...limits },
    inventories: planned.map((its): Inventory => ({ ...its, capacity: capacities.get(its.key) ?? its.capacity })),
    ...(rule !== undefined && { rule }),
  };
  const shown = { limits: plan.limits, inventories: plan.inventories, ...(rule !== undefined && { rule }) };
  return { ...history, run: { ...run, plan, config: { ...run.config, ...shown } } };
}
