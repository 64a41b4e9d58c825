import { readBackKeysOf } from '../../../../model/index.ts';
import { isMapping } from '../../../../model/json.ts';
import { PUBLIC_VARIABLES, type RunSettings } from '../../config/index.ts';
import { type Blotter, createBlotter, type SharedSecrets } from '../../recording/index.ts';
import type { ArtilleryScript } from './artillery.ts';

/** The blotter of this thread. It knows what any thread of the run has learnt. */
export function runBlotter(
  shared: SharedSecrets,
  { plan, secrets, variables }: Pick<RunSettings, 'plan' | 'secrets' | 'variables'>,
  { config }: Pick<ArtilleryScript, 'config'>,
): Blotter {
  const keys = plan.inventories.flatMap((inventory) => [inventory.key, ...readBackKeysOf(inventory)]);
  // The ids of the event and of the concert's session are in the repeat command, too.
  const ids = PUBLIC_VARIABLES.flatMap((name) => [config.variables?.[name] ?? [], variables[name] ?? []].flat());
  return createBlotter({ shared, names: secrets, known: [...keys, ...ids.map(String)] });
}

/**
 * The secrets that a suite has before anybody is signed in: in its configuration, and in the environment variables that it
 * reads under the name of a secret.
 */
export function learnFromSuite(blotter: Blotter, script: ArtilleryScript, env: NodeJS.ProcessEnv): void {
  const { plugins, processor: _, environments: __, ...others } = script.config;
  // The names of secrets are no secrets.
  const { secrets: ___, ...race } = isMapping(plugins?.race) ? plugins.race : {};
  const config = { ...others, race };
  blotter.learn(blotter.find.inValues(config));
  const text = JSON.stringify([config, script.scenarios, script.before, script.after]);
  const read = Object.entries(env).filter(
    ([name, value = '']) => name.startsWith('ORDER_') || isRead(text, name, value),
  );
  blotter.learn(blotter.find.inValues(Object.fromEntries(read)));
}

/** Artillery has filled in the variables of the configuration by now, but not those of the scenarios. */
const isRead = (text: string, name: string, value: string): boolean =>
  ['$env', '$environment'].some((prefix) => text.includes(`${prefix}.${name}`)) ||
  (value.length >= 6 && text.includes(JSON.stringify(value).slice(1, -1)));
