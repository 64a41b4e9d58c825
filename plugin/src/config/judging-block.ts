import * as z from 'zod';
import { DEFAULT_RULE, type Inventory, type Limits, type Rule } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, problemsIn } from './config-error.ts';
import { mergeDeep } from './merge-deep.ts';
import { withNamedValues } from './named-values.ts';
import { raceSchema } from './schema.ts';
import { withSharedEnvironment } from './shared-environments.ts';
import { suggestion } from './suggestion.ts';

/** Settings for judging a history again. An absent setting stays as the run had it. */
export interface JudgingBlock {
  /** Only the limits that are written: a default must not replace a limit of the run. */
  readonly limits: Partial<Limits>;
  readonly inventories: readonly Inventory[];
  /** Undefined if the block has no rule. The usual rule has only a name: a plan without a rule has this one. */
  readonly rule: Rule | typeof DEFAULT_RULE | undefined;
  /** Whether the block is part of a whole script, which may name inventories that this history does not have. */
  readonly isFromScript: boolean;
}

/** The options that the judging reads. The others say how to race, and the race is over. */
const judgingSchema = raceSchema.pick({ limits: true, inventories: true, rule: true });
const JUDGING_KEYS = Object.keys(judgingSchema.shape);

const scriptSchema = z.looseObject({
  config: z.looseObject({
    plugins: z.looseObject({}).nullish(),
    environments: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** Where the block comes from. */
export interface JudgingSource {
  /** The environment of the run. */
  readonly environment: string;
  /** The folder of the file. */
  readonly folder: string;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a block that holds only `limits`, `inventories` and `rule`, or takes them from `config.plugins.race` of a whole
 * Artillery script, with the environment of the run merged in.
 *
 * @throws ConfigError with one line for each problem
 */
export function parseJudgingBlock(value: unknown, source: JudgingSource): JudgingBlock {
  if (!isMapping(value)) {
    const fix = 'must be a mapping: limits, inventories and rule, or a whole Artillery script';
    throw new ConfigError({ path: '', fix });
  }
  const isFromScript = 'config' in value;
  const input = isFromScript ? blockOfScript(value, source) : value;
  if (!isFromScript) checkKeys(input);

  const parsed = judgingSchema.safeParse(input);
  if (!parsed.success) {
    const path = isFromScript ? 'config.plugins.race' : '';
    throw new ConfigError(problemsIn(parsed.error, { schema: judgingSchema, input, path }));
  }
  const { limits, inventories: listed, rule } = parsed.data;
  // The history knows those that came from elsewhere.
  const inventories = Array.isArray(listed) ? listed : [];
  const written = Object.keys(isMapping(input.limits) ? input.limits : {});
  return {
    limits: Object.fromEntries(Object.entries(limits).filter(([name]) => written.includes(name))),
    inventories,
    rule: input.rule === undefined ? undefined : (rule ?? DEFAULT_RULE),
    isFromScript,
  };
}

function checkKeys(block: Readonly<Record<string, unknown>>): void {
  const problems = Object.keys(block)
    .filter((key) => !JUDGING_KEYS.includes(key))
    .map((key) =>
      key in raceSchema.shape
        ? {
            path: key,
            problem: 'says how to race, and the race is over',
            fix: `a history is judged by ${JUDGING_KEYS.join(', ')}`,
          }
        : { path: key, problem: 'unknown key', fix: suggestion(key, JUDGING_KEYS) },
    );
  if (problems.length > 0) throw new ConfigError(problems);
}

function blockOfScript(input: unknown, source: JudgingSource): Readonly<Record<string, unknown>> {
  const parsed = scriptSchema.safeParse(input);
  if (!parsed.success) throw new ConfigError(problemsIn(parsed.error, { schema: scriptSchema, input, path: '' }));
  const { config } = parsed.data;
  const environment = config.environments?.[source.environment] ?? {};
  const merged = withSharedEnvironment({
    ...source,
    config: mergeDeep(config, environment, 'by index') as Readonly<Record<string, unknown>>,
  });
  const race = isMapping(merged.plugins) ? merged.plugins.race : undefined;
  if (!isMapping(race)) throw new ConfigError({ path: 'config.plugins.race', problem: 'missing' });
  const { limits, inventories, rule } = withNamedValues(race, isMapping(merged.variables) ? merged.variables : {});
  return {
    ...(limits !== undefined && { limits }),
    // The list is empty if ORDER_SEAT_IDS names the seats.
    ...(Array.isArray(inventories) && inventories.length > 0 && { inventories }),
    ...(rule !== undefined && { rule }),
  };
}
