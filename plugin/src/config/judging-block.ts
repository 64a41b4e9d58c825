import * as z from 'zod';
import type { Inventory, Limits, Rule } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, describeIssues } from './config-error.ts';
import { mergeDeep } from './merge-deep.ts';
import { withNamedValues } from './named-values.ts';
import { raceSchema } from './schema.ts';
import { withSharedEnvironment } from './shared-environments.ts';
import { suggestion } from './suggestion.ts';

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

const scriptSchema = z.looseObject({
  config: z.looseObject({
    plugins: z.looseObject({}).nullish(),
    environments: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** Where what is to be judged by comes from. */
export interface JudgingSource {
  /** The environment that the run was made in. */
  readonly environment: string;
  /** The folder of the file. */
  readonly folder: string;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads what is to be judged by: a block with `limits`, `inventories` and `rule` and nothing else, or a whole Artillery
 * script, of which these keys of `config.plugins.race` are taken, as its environment has them.
 *
 * @throws ConfigError with one line for each problem
 */
export function parseJudgingBlock(value: unknown, source: JudgingSource): JudgingBlock {
  if (!isMapping(value))
    throw new ConfigError('must be a mapping: limits, inventories and rule, or a whole Artillery script');
  const isOfScript = 'config' in value;
  const block = isOfScript ? blockOfScript(value, source) : value;
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

function blockOfScript(value: unknown, source: JudgingSource): Readonly<Record<string, unknown>> {
  const parsed = scriptSchema.safeParse(value);
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error, '', value, () => []));
  const { config } = parsed.data;
  const own = config.environments?.[source.environment] ?? {};
  const merged = withSharedEnvironment({
    ...source,
    config: mergeDeep(config, own, 'by index') as Readonly<Record<string, unknown>>,
  });
  const race = isMapping(merged.plugins) ? merged.plugins.race : undefined;
  if (!isMapping(race)) throw new ConfigError('config.plugins.race: missing');
  const { limits, inventories, rule } = withNamedValues(race, isMapping(merged.variables) ? merged.variables : {});
  return {
    ...(limits !== undefined && { limits }),
    // An empty list stands where ORDER_SEAT_IDS names the seats.
    ...(Array.isArray(inventories) && inventories.length > 0 && { inventories }),
    ...(rule !== undefined && { rule }),
  };
}
