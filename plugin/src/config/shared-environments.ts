import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, describeIssues } from './config-error.ts';
import { mergeDeep } from './merge-deep.ts';
import { parseYaml } from './yaml.ts';

type ScriptConfig = Readonly<Record<string, unknown>>;

export interface SharedEnvironmentInput {
  /** `config` of the script, as Artillery has prepared it. */
  readonly config: ScriptConfig;
  /** The name given with `-e`, if any. */
  readonly environment: string | undefined;
  /** The folder of the script: the path of the file is relative to it. */
  readonly folder: string;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const mapping = z.record(z.string(), z.unknown());

/**
 * What an environment can say for all scenarios. Artillery has dealt with everything else (phases, payload, processor)
 * before it asks its plugins.
 */
const environmentSchema = z.strictObject({
  target: z.string().nullish(),
  variables: mapping.nullish(),
  tls: mapping.nullish(),
  http: mapping.nullish(),
  defaults: mapping.nullish(),
  plugins: z.strictObject({ race: mapping.nullish() }).nullish(),
});
const environmentsSchema = z.record(z.string(), environmentSchema.nullable());

/**
 * The script's config with the environment of the file that `config.plugins.race.environments` names, if it names one.
 * Environments are written once there, and used by every scenario; Artillery itself merges only what is in the script.
 *
 * What the script says wins, its own `config.environments` included; a list takes the place of a list. `{{ $env.NAME }}` is
 * rendered, all other templates are left to Artillery.
 *
 * @throws ConfigError where the file cannot be read, or holds something else
 */
export function withSharedEnvironment({ config, environment, folder, env }: SharedEnvironmentInput): ScriptConfig {
  const name = fileNamed(config);
  if (name === undefined) return config;
  const shared = readEnvironments(path.resolve(folder, name), name);
  const its = environment !== undefined && Object.hasOwn(shared, environment) ? shared[environment] : {};
  const { target, ...rest } = config;
  const merged = mergeDeep(renderEnv(its ?? {}, env), isUnknown(target) ? rest : config, 'replaced') as ScriptConfig;
  return { target, ...merged, environments: { ...shared, ...(isMapping(config.environments) && config.environments) } };
}

/** Artillery wants a target in every script, so one that is not known yet has a host that cannot be (RFC 2606). */
export const isUnknown = (target: unknown): boolean =>
  typeof target !== 'string' || target.trim() === '' || URL.parse(target)?.hostname.endsWith('.invalid') === true;

/** `config.plugins.race.environments`; what is no path is for the schema of the block to refuse. */
export function fileNamed(config: ScriptConfig): string | undefined {
  const block = isMapping(config.plugins) ? config.plugins.race : undefined;
  return isMapping(block) && typeof block.environments === 'string' ? block.environments : undefined;
}

/** `{{ $env.NAME }}` in all texts of a value. One that stands alone and is not set renders to `undefined`, as in Artillery. */
export function renderEnv(value: unknown, env: SharedEnvironmentInput['env']): unknown {
  if (typeof value === 'string') return renderText(value, env);
  if (Array.isArray(value)) return value.map((its) => renderEnv(its, env));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, its]) => [key, renderEnv(its, env)]));
}

function renderText(text: string, env: SharedEnvironmentInput['env']): string | undefined {
  const pattern = /\{\{\s*\$(?:env|processEnvironment)\.(\w+)\s*\}\}/g;
  const [sole] = text.matchAll(pattern);
  if (sole?.[0] === text) return env[sole[1] ?? ''];
  return text.replace(pattern, (_, name: string) => env[name] ?? '');
}

function readEnvironments(file: string, name: string): z.output<typeof environmentsSchema> {
  const where = 'config.plugins.race.environments';
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no such file in ${path.dirname(file)}` : message;
    throw new ConfigError(`${where}: cannot read ${name}: ${why}; the path is relative to the script`);
  }
  const value = parseYaml(text, name) ?? {};
  const parsed = environmentsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error, '', value, (at) =>
    at.length === 1 ? Object.keys(environmentSchema.shape) : ['race'],
  );
  throw new ConfigError(issues.replace(/^/gm, `${name}: `));
}
