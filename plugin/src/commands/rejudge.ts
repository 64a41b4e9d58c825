import {
  type Attempt,
  DEFAULT_RULE,
  type History,
  type Inventory,
  operationOf,
  operationsOf,
  type Plan,
  type Rule,
  ruleOf,
} from '../../../model/index.ts';
import { ConfigError, type JudgingBlock } from '../config/index.ts';

/**
 * The history with other limits, capacities and another rule, in its plan and in the settings that a report shows.
 *
 * @param attempts all of the run: a long history does not hold them
 * @throws ConfigError if the block names an inventory that the run does not have, or gives one a capacity that is enough
 * for all contenders, or if the history does not hold what the rule judges by. A whole script may name other inventories: ORDER_SEAT_IDS may have replaced them in this run.
 */
export function judgedBy(
  history: History,
  { limits, inventories, rule, isFromScript }: JudgingBlock,
  attempts: Iterable<Attempt>,
): History {
  const { run } = history;
  const planned = new Set(run.plan.inventories.map(({ key }) => key));
  if (!isFromScript) checkPlanned(inventories, planned);
  const capacities = new Map(inventories.map((inventory) => [inventory.key, inventory]));
  const { rule: _, ...unruled } = run.plan;
  const named: { readonly rule?: Rule } = rule === undefined || rule === DEFAULT_RULE ? {} : { rule };
  const plan: Plan = {
    ...(rule === undefined ? run.plan : { ...unruled, ...named }),
    limits: { ...run.plan.limits, ...limits },
    inventories: run.plan.inventories.map(({ amount, ...inventory }) => {
      const changed = capacities.get(inventory.key) ?? { capacity: inventory.capacity, ...(amount && { amount }) };
      return {
        ...inventory,
        capacity: changed.capacity,
        ...(changed.amount !== undefined && { amount: changed.amount }),
      };
    }),
  };
  checkCapacities(
    inventories.filter(({ key }) => planned.has(key)),
    plan,
  );
  if (rule !== undefined) checkRule(attempts, plan);
  const shown = { limits: plan.limits, inventories: plan.inventories, ...(rule !== undefined && { rule: plan.rule }) };
  return { ...history, run: { ...run, plan, config: { ...run.config, ...shown } } };
}

function checkPlanned(inventories: readonly Inventory[], planned: ReadonlySet<string>): void {
  throwIfAny(
    inventories.filter(({ key }) => !planned.has(key)),
    ({ key }) => `the plan of the run has no "${key}"`,
  );
}

/** @throws ConfigError if the history does not hold what the rule judges by */
function checkRule(attempts: Iterable<Attempt>, plan: Plan): void {
  const { name, needs = [], operations } = ruleOf(plan);
  const path = operations === 'of the settings' ? 'rule.operations' : 'rule';
  if (needs.includes('readBack') && !plan.readBack) {
    throw new ConfigError({ path: 'rule', problem: `${name} judges by what is stored, and nobody asked the server` });
  }
  const known = operationsOf(plan);
  for (const attempt of attempts) {
    if (known.includes(operationOf(attempt))) continue;
    const problem = `the history holds the operation "${operationOf(attempt)}"`;
    throw new ConfigError({ path, problem, fix: `${name} knows ${known.join(', ')}` });
  }
}

function checkCapacities(inventories: readonly Inventory[], plan: Plan): void {
  const { contenders } = plan;
  const wholeOnly = ruleOf(plan).isDecimal ? [] : inventories.filter(({ amount }) => amount !== undefined);
  throwIfAny(wholeOnly, ({ key, amount }) => `"${key}": capacity ${amount} must be a whole number under this rule`);
  throwIfAny(
    inventories.filter(({ capacity }) => ruleOf(plan).contention === 'few units' && capacity >= contenders),
    ({ key, capacity }) =>
      `"${key}": capacity ${capacity} for ${contenders} contenders, so nobody had to lose, and nothing is proven`,
  );
}

function throwIfAny(wrong: readonly Inventory[], problemOf: (inventory: Inventory) => string): void {
  if (wrong.length === 0) return;
  throw new ConfigError(wrong.map((inventory) => ({ path: 'inventories', problem: problemOf(inventory) })));
}
