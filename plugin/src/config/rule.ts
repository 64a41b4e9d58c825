import * as z from 'zod';
import {
  DEFAULT_RULE,
  type Inventory,
  type Plan,
  RULES,
  type Rule,
  type RuleRow,
  ruleOf,
  ruleSchemas,
  type SettingReader,
  type StatusSet,
} from '../../../model/index.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { strangeOperations } from './intent.ts';
import type { ReadBackSettings } from './read-back.ts';

/** A lease may last up to a day, longer than any other time in the settings. */
const milliseconds = z.number().min(0).max(86_400_000);
type Statuses = ReturnType<SettingReader['statuses']>['def']['innerType'];

/** `rule: quota`, or a mapping with the name and the settings of the rule. */
export const ruleSchema = (statuses: Statuses) => {
  const reader = {
    ms: (description: string, byDefault?: number) =>
      (byDefault === undefined ? milliseconds : milliseconds.default(byDefault)).describe(description),
    flag: (description: string) => z.boolean().exactOptional().describe(description),
    names: (description: string) =>
      z
        .array(z.string().trim().min(1, 'must not be empty'))
        .min(2, 'must name at least two')
        .refine((names) => new Set(names).size === names.length, 'must name each of them once')
        .describe(description),
    statuses: (description: string, byDefault: StatusSet) => statuses.default([...byDefault]).describe(description),
  };
  const names = RULES.map(({ name }) => name);
  const schemas = ruleSchemas(reader as SettingReader, z.strictObject);
  const rules = z.discriminatedUnion('name', schemas, `must be one of ${names.join(', ')}`);
  const named = z.enum(names).transform((name) => ({ name }));
  return z
    .union([named.pipe(rules), rules], `must be one of ${names.join(', ')}, or a mapping with one of these names`)
    .transform((rule): Rule | undefined => (rule.name === DEFAULT_RULE ? undefined : rule));
};

/** What a rule looks at besides its own settings. */
export interface JudgedSettings {
  readonly plan: Pick<Plan, 'rule' | 'contenders' | 'inventories'>;
  /** The books that are asked; undefined if the server is not asked. */
  readonly readBack: ReadBackSettings | undefined;
  readonly outcome: {
    readonly granted?: unknown;
    readonly function?: unknown;
    readonly operations?:
      | Readonly<Record<string, Pick<JudgedSettings['outcome'], 'granted' | 'function'> | undefined>>
      | undefined;
  };
}

/** @throws ConfigError if something else in the settings does not suit the rule of the run */
export function checkRule({ plan, readBack, outcome }: JudgedSettings): void {
  const { operations = {} } = outcome;
  const has = {
    readBack: readBack !== undefined,
    'outcome.granted': [outcome, ...Object.values(operations)].some(
      (each) => each?.granted !== undefined || each?.function !== undefined,
    ),
  };
  const rule = ruleOf(plan);
  const missing = (rule.needs ?? []).filter((need) => !has[need]);
  const problems = [
    ...missing.map((need) => ({ path: `${PATH}.${need}`, problem: 'missing', fix: `the rule ${rule.name} needs it` })),
    ...strangeOperations(`${PATH}.outcome.operations`, Object.keys(operations), plan),
    ...strangeHolds(readBack ?? [], plan),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  checkInventories(rule, plan.inventories, plan.contenders);
}

/** Only a rule with operations of the suite's own asks which of them happened. */
const strangeHolds = (books: ReadBackSettings, plan: JudgedSettings['plan']): ConfigProblem[] =>
  books.flatMap((book, index) => {
    if (book.kind !== 'http' || book.holds === undefined) return [];
    const path = `${PATH}.readBack${books.length === 1 ? '' : `.${index}`}.holds`;
    const { name, operations } = ruleOf(plan);
    if (operations === 'of the settings') return strangeOperations(path, Object.keys(book.holds), plan);
    const others = RULES.filter((rule) => rule.operations === 'of the settings').map((rule) => rule.name);
    return [{ path, problem: `the rule ${name} knows no holds`, fix: `only ${others.join(', ')} does` }];
  });

const PATH = 'config.plugins.race';

/** @throws ConfigError if an inventory does not suit the rule, or if there is enough for all contenders */
function checkInventories(rule: RuleRow, inventories: Plan['inventories'], contenders: number): void {
  inventories.forEach((inventory, index) => {
    const problem = unsuitable(rule, inventory) ?? enoughForAll(rule, inventory, contenders);
    if (problem === undefined) return;
    const path = [`${PATH}.inventories`, index, problem.path].filter((part) => part !== '').join('.');
    throw new ConfigError({ ...problem, path });
  });
}

const KNOWING_PARTS: ReadonlySet<RuleRow['inventory']> = new Set(['of parts', 'parts or not']);

function unsuitable(
  { name, inventory, isDecimal }: RuleRow,
  { capacity, amount, parts }: Inventory,
): ConfigProblem | undefined {
  if (amount !== undefined && !isDecimal) {
    return { path: 'capacity', fix: 'must be a whole number from 1 under this rule', received: amount };
  }
  if (inventory === 'of parts' && parts === undefined) {
    return { path: '', fix: `the rule ${name} needs parts: { key: row-1, parts: [A1, A2, A3] }` };
  }
  if (!KNOWING_PARTS.has(inventory) && parts !== undefined) {
    const others = RULES.filter((rule) => KNOWING_PARTS.has(rule.inventory)).map((rule) => rule.name);
    return { path: 'parts', fix: `only the rules ${others.join(', ')} know parts` };
  }
  if (inventory === 'single' && capacity !== 1) {
    return { path: 'capacity', fix: 'must be 1 under this rule', received: String(capacity) };
  }
  return undefined;
}

function enoughForAll({ contention }: RuleRow, { capacity }: Inventory, contenders: number): ConfigProblem | undefined {
  // One contender alone is a try-out.
  if (contention !== 'few units' || capacity < contenders || contenders < 2) return undefined;
  const problem = `${capacity} for ${contenders} contenders, so nobody has to lose`;
  return { path: 'capacity', problem, fix: 'use more contenders or a smaller capacity' };
}
