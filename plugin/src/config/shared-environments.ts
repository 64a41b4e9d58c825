import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, problemsIn } from './config-error.ts';
import { mergeDeep } from './merge-deep.ts';
import { isUnknownTarget } from './target.ts';
import { withoutTemplateLevels } from './template-levels.ts';
import { parseYaml } from './yaml.ts';

type ScriptConfig = Readonly<Record<string, unknown>>;

export interface SharedEnvironmentInput {
  /** `config` of the script, as Artillery has prepared it. */
  readonly config: ScriptConfig;
  /** The name given with `-e`, if any. */
  readonly environment: string | undefined;
  /** The folder of the script: the path of the environments file is relative to it. */
  readonly folder: string;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const mapping = z.record(z.string(), z.unknown());

/**
 * What an environment may set for all scenarios. The rest (phases, payload, processor) belongs in a scenario, because
 * Artillery reads it before it loads its plugins.
 */
export const environmentSchema = z.strictObject({
  target: z.string().nullish().describe('The URL that books'),
  variables: mapping.nullish().describe('Values for `config.variables`: ids, lists of inventories, `signIn`'),
  tls: mapping.nullish().describe("Artillery's `config.tls`; paths are relative to the script"),
  http: mapping.nullish().describe("Artillery's `config.http`"),
  defaults: mapping.nullish().describe("Artillery's `config.defaults`"),
  plugins: z
    .strictObject({ race: mapping.nullish() })
    .nullish()
    .describe("`race`: options of the plugin's block for this environment"),
});
const environmentsSchema = z.record(z.string(), environmentSchema.nullable());

/**
 * Merges the environment into the script's config if `config.plugins.race.environments` names a file of environments.
 * Artillery merges only the environments in a script, so without this each scenario would have to repeat them.
 *
 * The script wins over the file, and so does `config.environments` in the script. Lists of the script replace those of the file.
 * `{{ $env.NAME }}` is rendered; all other templates are left to Artillery.
 *
 * @throws ConfigError if the file cannot be read, or holds something else
 */
export function withSharedEnvironment({ config, environment, folder, env }: SharedEnvironmentInput): ScriptConfig {
  const file = environmentsFileOf(config);
  if (file === undefined) return config;
  const shared = readEnvironments(path.resolve(folder, file), file);
  const chosen = environment !== undefined && Object.hasOwn(shared, environment) ? shared[environment] : undefined;
  const own: ScriptConfig = { ...config, plugins: withoutTemplateLevels(config.plugins) };
  const { target, ...rest } = own;
  const base = renderEnv(chosen ?? {}, env, { $environment: environment });
  const merged = mergeDeep(base, isUnknownTarget(target) ? rest : own, 'replaced') as ScriptConfig;
  return { target, ...merged, environments: { ...shared, ...(isMapping(config.environments) && config.environments) } };
}

/** `config.plugins.race.environments` if it is text; the schema of the block refuses anything else. */
export function environmentsFileOf(config: ScriptConfig): string | undefined {
  const block = isMapping(config.plugins) ? config.plugins.race : undefined;
  return isMapping(block) && typeof block.environments === 'string' ? block.environments : undefined;
}

/**
 * Renders `{{ $env.NAME }}` in all texts of a value. As in Artillery, a text that is one template becomes `undefined` if
 * the variable is not set.
 *
 * @param names what else Artillery knows, such as `$environment`; a template with another name stays as it is
 */
export function renderEnv(value: unknown, env: SharedEnvironmentInput['env'], names: Names = {}): unknown {
  if (typeof value === 'string') return renderText(value, env, names);
  if (Array.isArray(value)) return value.map((item) => renderEnv(item, env, names));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, renderEnv(below, env, names)]));
}

/** By name, with the dollar. */
type Names = Readonly<Record<string, string | undefined>>;

/**
 * The variables that templates in a value name, and that are not set: each once, with the path of the first template. An
 * empty variable counts as set.
 */
export function unsetIn(value: unknown, env: SharedEnvironmentInput['env']): { name: string; path: string }[] {
  const found = new Map<string, string>();
  const look = (part: unknown, path: string) => {
    if (typeof part === 'string') {
      for (const [, name] of part.matchAll(TEMPLATE)) {
        if (name !== undefined && env[name] === undefined && !found.has(name)) found.set(name, path);
      }
    } else if (Array.isArray(part) || isMapping(part)) {
      for (const [key, below] of Object.entries(part)) look(below, path === '' ? key : `${path}.${key}`);
    }
  };
  look(value, '');
  return [...found].map(([name, path]) => ({ name, path }));
}

/** An environment variable, or another name that Artillery knows. */
const TEMPLATE = /\{\{\s*(?:\$(?:env|processEnvironment)\.(\w+)|(\$\w+))\s*\}\}/g;

function renderText(text: string, env: SharedEnvironmentInput['env'], names: Names): string | undefined {
  const rendered = (template: string, variable: string | undefined, name = ''): string | undefined => {
    if (variable !== undefined) return env[variable];
    return Object.hasOwn(names, name) ? names[name] : template;
  };
  const [first] = text.matchAll(TEMPLATE);
  if (first?.[0] === text) return rendered(text, first[1], first[2]);
  return text.replace(TEMPLATE, (template, variable, name) => rendered(template, variable, name) ?? '');
}

function readEnvironments(file: string, name: string): z.output<typeof environmentsSchema> {
  const input = parseYaml(readText(file, name), name) ?? {};
  const parsed = environmentsSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ConfigError(problemsIn(parsed.error, { schema: environmentsSchema, input, path: '' })).inside(name);
}

function readText(file: string, name: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no such file in ${path.dirname(file)}` : message;
    throw new ConfigError({
      path: 'config.plugins.race.environments',
      problem: `cannot read ${name}: ${why}`,
      fix: 'the path is relative to the script',
    });
  }
}
