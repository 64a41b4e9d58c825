import { shellQuote } from '../plugin/src/reporting/shell-quote.ts';
import { ALL } from './scenarios.ts';

/** Variables whose values may be seen. Any other may hold a secret, so a command names it without its value. */
const SHOWN = new Set([
  'ORDER_VUS',
  'ORDER_BASE_URL',
  'ORDER_EVENT_ID',
  'ORDER_SESSION_ID',
  'ORDER_ORGANIZATION_ID',
  'ORDER_SEAT_IDS',
  'ORDER_READ_BACK',
  'ORDER_OUTPUT_DIR',
]);

/** Variables that this command sets for the plugin; nobody has to repeat them. */
const INTERNAL = new Set(['ORDER_RUN_ID', 'ORDER_COMMAND', 'ORDER_PROGRESS', 'ORDER_QUIET', 'ORDER_ALL_FAILURES']);

/**
 * The command that repeats a run, ready for a shell. It holds no secrets: such a variable stands as `X="$X"`, to be taken
 * from the environment again.
 */
export function commandLine(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const variables = Object.entries(env)
    .filter(([name, value]) => name.startsWith('ORDER_') && !INTERNAL.has(name) && value !== undefined && value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value = '']) => `${name}=${mayBeShown(name, value) ? shellQuote(value) : `"$${name}"`}`);
  return [...variables, './run-order-race-test.sh', ...argv.map(shellQuote)].join(' ');
}

/** The arguments of a run of all scenarios, for one of them. */
export function forOneScenario(argv: readonly string[], name: string): string[] {
  return argv.map((word, index) => {
    if (word === `--scenario=${ALL}`) return `--scenario=${name}`;
    return word === ALL && argv[index - 1] === '--scenario' ? name : word;
  });
}

// Credentials may be in a URL, before the host or in the query.
function mayBeShown(name: string, value: string): boolean {
  return SHOWN.has(name) && !(/^ORDER_(BASE_URL|READ_BACK)$/.test(name) && /[@?#]/.test(value));
}
