import { z } from 'zod';
import type { Inventory, Limits, Rule } from '../model/index.ts';
import { ConfigError, describeIssues, suggestion } from './config-error.ts';
import { raceSchema } from './schema.ts';

/** What a history can be judged by anew. Whatever is absent stays as the run had it. */
export interface JudgingBlock {
  /** Only the limits that are named: a default must not displace what the run was given. */
  readonly limits: Partial<Limits>;
  readonly inventories: readonly Inventory[];
  /** Undefined where none is named. */
  readonly rule: Rule | undefined;
  /** Whether the block is part of a whole script, which was written for more than this one history. */
  readonly isOfScript: boolean;
}

/** The keys of the plugin's block that the judging reads. The others say how to race, and the race is over. */
const judgingSchema = raceSchema.pick({ limits: true, inventories: true, rule: true });
const JUDGING_KEYS = Object.keys(judgingSchema.shape);

const mapping = z.record(z.string(), z.unknown());
const script = z.looseObject({
  config: z.looseObject({
    plugins: z.looseObject({ race: mapping.nullable() }).exactOptional(),
    environments: z.record(z.string(), z.unknown()).nullable().exactOptional(),
  }),
});

/**
 * Reads what is to be judged by: a block with `limits`, `inventories` and `rule` and nothing else, or a whole Artillery
 * script, of which these keys of `config.plugins.race` are taken, as its environment has them.
 *
 * @param environment the one that the run was made in
 * @throws ConfigError with one line for each problem
 */
export function parseJudgingBlock(value: unknown, environment: string): JudgingBlock {
  if (!isMapping(value))
    throw new ConfigError('must be a mapping: limits, inventories and rule, or a whole Artillery script');
  const isOfScript = 'config' in value;
  const block = isOfScript ? blockOfScript(value, environment) : value;
  if (!isOfScript) checkKeys(block);

  const where = isOfScript ? 'config.plugins.race' : '';
  const parsed = judgingSchema.safeParse(block);
  if (!parsed.success) {
    const limits = Object.keys(judgingSchema.shape.limits.unwrap().shape);
    const keysAt = (path: readonly PropertyKey[]) =>
      path[0] === 'limits' ? limits : path[0] === 'inventories' ? ['key', 'capacity', 'parts'] : [];
    throw new ConfigError(describeIssues(parsed.error, where, block, keysAt));
  }
  const { limits, inventories = [], rule } = parsed.data;
  const named = Object.keys(isMapping(block.limits) ? block.limits : {});
  return {
    limits: Object.fromEntries(Object.entries(limits).filter(([name]) => named.includes(name))),
    inventories,
    rule,
    isOfScript,
  };
}

function checkKeys(block: Readonly<Record<string, unknown>>): void {
  const problems = Object.keys(block)
    .filter((key) => !JUDGING_KEYS.includes(key))
    .map((key) =>
      key in raceSchema.shape
        ? `${key}: says how to race, and the race is over; a history is judged by ${JUDGING_KEYS.join(', ')}`
        : `${key}: unknown key; ${suggestion(key, JUDGING_KEYS)}`,
    );
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
}

function blockOfScript(value: unknown, environment: string): Readonly<Record<string, unknown>> {
  const parsed = script.safeParse(value);
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error, '', value, () => []));
  const { plugins, environments } = parsed.data.config;
  const its = z.looseObject({ plugins: z.looseObject({ race: mapping }) }).safeParse(environments?.[environment]).data;
  if (plugins?.race === undefined && its === undefined) throw new ConfigError('config.plugins.race: missing');
  const merged = mergeDeep(plugins?.race ?? {}, its?.plugins.race ?? {}) as Readonly<Record<string, unknown>>;
  const { limits, inventories, rule } = merged;
  return {
    ...(limits !== undefined && { limits }),
    // An empty list stands where ORDER_SEAT_IDS names the seats.
    ...(Array.isArray(inventories) && inventories.length > 0 && { inventories }),
    ...(rule !== undefined && { rule }),
  };
}

/** As Artillery merges an environment into its script: deep, and lists by index. */
function mergeDeep(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) {
    return [...over.map((its, index) => mergeDeep(base[index], its)), ...base.slice(over.length)];
  }
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged = Object.entries(over).map(([key, its]) => [key, mergeDeep(base[key], its)]);
  return { ...base, ...Object.fromEntries(merged) };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
