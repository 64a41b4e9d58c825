import * as z from 'zod';
import { ConfigError, problemsIn, UnknownEnvironment } from './config-error.ts';
import { environmentsFileOf } from './shared-environments.ts';
import { suggestion } from './suggestion.ts';

const configSchema = z.looseObject({
  target: z.string().optional(),
  phases: z.unknown(),
  variables: z.record(z.string(), z.unknown()).default({}),
  environments: z.record(z.string(), z.unknown()).default({}),
  timeout: z.unknown().optional(),
  http: z.looseObject({ timeout: z.unknown().optional() }).nullish().catch(undefined),
  plugins: z.looseObject({ race: z.unknown().optional() }).default({ race: {} }),
});

/** The parts of a script's `config` that the plugin reads. */
export interface Script {
  readonly target: string | undefined;
  readonly phases: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  /** How long Artillery waits for an answer where the suite says so, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** The plugin's block, as written. */
  readonly race: unknown;
  /** Where values of the environment are written: `config`, `config.environments.dev` or `environments.yml: dev`. */
  readonly environmentPath: string;
}

/**
 * Reads the `config` of a script, with the environment already merged into it.
 *
 * @throws ConfigError if it is not a config, or has no block for the plugin
 * @throws UnknownEnvironment if neither the script nor its file of environments knows the environment
 */
export function readScript(config: unknown, environment: string | undefined): Script {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    throw new ConfigError(problemsIn(parsed.error, { schema: configSchema, input: config, path: 'config' }));
  }
  const { target, phases, variables, environments, plugins, timeout, http } = parsed.data;
  checkBlock(plugins);
  const file = environmentsFileOf(parsed.data);
  checkEnvironment(environment, Object.keys(environments), file);
  // As Artillery reads them.
  const timeoutMs = Number(timeout || http?.timeout) * 1000;
  return {
    target,
    phases,
    variables,
    timeoutMs: timeoutMs > 0 && timeoutMs < Infinity ? timeoutMs : undefined,
    race: plugins.race,
    environmentPath: environmentPathOf(environment, file),
  };
}

/**
 * Refuses a block `plugins` beside `config`: Artillery ignores it in silence, and runs the suite without those plugins.
 *
 * @param script the whole script
 * @throws ConfigError if it has such a block
 */
export function checkNoPluginsOutside(script: Readonly<Record<string, unknown>>): void {
  if (!('plugins' in script)) return;
  throw new ConfigError({
    path: 'plugins',
    problem: 'Artillery ignores plugins at the top level',
    fix: 'move the block into config, as config.plugins',
  });
}

function environmentPathOf(environment: string | undefined, file: string | undefined): string {
  if (environment === undefined) return 'config';
  return file === undefined ? `config.environments.${environment}` : `${file}: ${environment}`;
}

/** Without the block, Artillery runs the script without the plugin; with an empty one, it ends with a stack. */
function checkBlock(plugins: Readonly<Record<string, unknown>>): void {
  if (plugins.race !== undefined && plugins.race !== null) return;
  const path = 'config.plugins.race';
  if ('race' in plugins) throw new ConfigError({ path, problem: 'is empty', fix: 'write `race: {}`' });
  const names = Object.keys(plugins);
  const fix = names.length === 0 ? 'add it' : suggestion('race', names);
  throw new ConfigError({ path, problem: 'missing', fix });
}

function checkEnvironment(name: string | undefined, known: readonly string[], file: string | undefined): void {
  if (name === undefined || known.includes(name)) return;
  const where = `config.environments${file === undefined ? '' : `, nor in ${file}`}`;
  const path = `environment "${name}"`;
  throw new UnknownEnvironment(
    known.length === 0
      ? { path, problem: `the script has no ${where}` }
      : { path, problem: `not under ${where}`, fix: suggestion(name, known) },
  );
}
