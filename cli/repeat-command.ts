import { shellQuote } from '../plugin/src/reporting/shell-quote.ts';
import { VARIABLES } from './options.ts';
import { ALL } from './scenarios.ts';

/** This command sets these variables for the plugin, so nobody has to repeat them. */
const INTERNAL = new Set([
  'ORDER_ONE_AT_A_TIME',
  'ORDER_RUN_ID',
  'ORDER_COMMAND',
  'ORDER_PROGRESS',
  'ORDER_VERDICT_NOTE',
  'ORDER_QUIET',
  'ORDER_VERBOSE',
  'ORDER_IN_PACK',
  'ORDER_ALL_FAILURES',
]);

const SCRIPT = './run-order-race-test.sh';

/**
 * The shell command that repeats a run. It holds no secrets: a variable that may be secret stands as `X="$X"`, so the
 * shell takes it from the environment again.
 *
 * @param script the path of the script, from where the user stands
 */
export function repeatCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  script = SCRIPT,
): string {
  const variables = Object.entries(env)
    .filter(([name, value]) => name.startsWith('ORDER_') && !INTERNAL.has(name) && value !== undefined && value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value = '']) => `${name}=${mayBeShown(name, value) ? shellQuote(value) : `"$${name}"`}`);
  const command = script.includes('/') ? script : `./${script}`;
  return [...variables, ...[command, ...argv].map(shellQuote)].join(' ');
}

/** The arguments that run one scenario alone, from those that ran all of them. */
export function forOneScenario(argv: readonly string[], name: string): string[] {
  return argv.map((word, index) => {
    if (word === `--scenario=${ALL}`) return `--scenario=${name}`;
    return word === ALL && argv[index - 1] === '--scenario' ? name : word;
  });
}

// A variable that we do not know may be a secret. A URL may hold credentials, before the host or in the query.
function mayBeShown(name: string, value: string): boolean {
  const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (variable === undefined || variable.secret) return false;
  return !(/^ORDER_(BASE_URL|READ_BACK)$/.test(name) && /[@?#]/.test(value));
}
