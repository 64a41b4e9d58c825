import { isMapping } from '../../../model/json.ts';
import { mergeDeep, parseYaml, renderEnv, resolveRun } from '../config/index.ts';
import type { Vault } from './secrets.ts';
import { variablesIn } from './variables.ts';

/** Stands for what the user fills in later. It is a URL, because the target may be among that; `.invalid` would be no target. */
const UNSET = 'https://unset.test';

/**
 * Checks a suite that was just made as a run checks it.
 *
 * @throws ConfigError if it could not run
 */
export function checkSuite(text: string, environment: string, vault: Vault): void {
  const script = parseYaml(text, 'the suite') as { readonly config: Readonly<Record<string, unknown>> };
  const { environments } = script.config;
  const block = isMapping(environments) ? environments[environment] : undefined;
  const merged = mergeDeep(script.config, isMapping(block) ? block : {}, 'by index');
  const unset = variablesIn(text).map((name) => [name, UNSET] as const);
  const config = renderEnv(merged, Object.fromEntries([...unset, ...vault.values]));
  resolveRun({ config, environment, env: {} });
}
