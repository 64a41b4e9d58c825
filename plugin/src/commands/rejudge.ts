import type { History, Inventory } from '../../../model/index.ts';
import { ConfigError, type JudgingBlock } from '../config/index.ts';

/**
 * The history with other limits, capacities and another rule, in its plan and in the settings that a report shows.
 *
 * @throws ConfigError if the block names an inventory that the run does not have, or gives one a capacity that is enough
 * for all contenders. A whole script may name other inventories: ORDER_SEAT_IDS may have replaced them in this run.
 */
export function judgedBy(history: History, { limits, inventories, rule, isFromScript }: JudgingBlock): History {
  const { run } = history;
  const planned = new Set(run.plan.inventories.map(({ key }) => key));
  if (!isFromScript) checkPlanned(inventories, planned);
  checkCapacities(
    inventories.filter(({ key }) => planned.has(key)),
    run.plan.contenders,
  );
  const capacities = new Map(inventories.map(({ key, capacity }) => [key, capacity]));
  const plan = {
    ...run.plan,
    limits: { ...run.plan.limits, ...limits },
    inventories: run.plan.inventories.map((inventory) => ({
      ...inventory,
      capacity: capacities.get(inventory.key) ?? inventory.capacity,
    })),
    ...(rule !== undefined && { rule }),
  };
  const shown = { limits: plan.limits, inventories: plan.inventories, ...(rule !== undefined && { rule }) };
  return { ...history, run: { ...run, plan, config: { ...run.config, ...shown } } };
}

function checkPlanned(inventories: readonly Inventory[], planned: ReadonlySet<string>): void {
  throwIfAny(
    inventories.filter(({ key }) => !planned.has(key)),
    ({ key }) => `the plan of the run has no "${key}"`,
  );
}

function checkCapacities(inventories: readonly Inventory[], contenders: number): void {
  throwIfAny(
    inventories.filter(({ capacity }) => capacity >= contenders),
    ({ key, capacity }) =>
      `"${key}": capacity ${capacity} for ${contenders} contenders, so nobody had to lose, and nothing is proven`,
  );
}

function throwIfAny(wrong: readonly Inventory[], problemOf: (inventory: Inventory) => string): void {
  if (wrong.length === 0) return;
  throw new ConfigError(wrong.map((inventory) => ({ path: 'inventories', problem: problemOf(inventory) })));
}
