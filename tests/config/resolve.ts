import { isMapping } from '../../model/json.ts';
import { ConfigError, type RunSettings, resolveRun } from '../../plugin/src/config/index.ts';

/** A script that lacks only the plugin's block: 100 contenders, three environments. */
const SCRIPT = {
  target: 'http://127.0.0.1:3000/orders',
  phases: [{ duration: 1, arrivalCount: 100 }],
  environments: { demo: {}, dev: {}, production: {} },
};

/** The settings of a run in the environment `dev`, or another one. Environment variables override the suite. */
export const resolve = (
  race: unknown = { inventories: ['A'] },
  env: Record<string, string> = {},
  config: object = {},
  environment = 'dev',
): RunSettings =>
  resolveRun({
    config: { ...SCRIPT, plugins: { race: isMapping(race) ? { orderVariables: true, ...race } : race }, ...config },
    environment,
    env,
  });

/** The error that bad input causes. */
export function errorOf(make: () => unknown): ConfigError {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no error');
}
