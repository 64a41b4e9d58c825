import { parseArgs } from 'node:util';
import { InputError, optionError } from '../plugin/src/config/index.ts';
import { DEMO, OPTIONS } from './options.ts';
import { ALL } from './scenarios.ts';

/** What the command line asks for. */
export interface Arguments {
  /** The name of an environment. */
  readonly environment: string;
  /** The name of a scenario, or `all`. */
  readonly scenario: string;
  readonly allFailures: boolean;
  readonly open: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
  /** Where the reference API keeps its seats; only in the demo. */
  readonly store?: string;
  /** How the reference API guards its seats; only in the demo. */
  readonly lock?: string;
  /** How many seats to race for, 1..100; only in the demo. */
  readonly seatCount?: number;
}

/**
 * Reads the command line: one environment, with options before or after it.
 *
 * @throws InputError if the command line makes no sense
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const environment = environmentIn(positionals);
  checkCombination(environment, values);
  const { store, lock, 'seat-count': seatCount } = values;
  return {
    environment,
    scenario: values.scenario,
    allFailures: values['all-failures'],
    open: values.open,
    quiet: values.quiet,
    verbose: values.verbose,
    yes: values.yes,
    ...(store !== undefined && { store }),
    ...(lock !== undefined && { lock }),
    ...(seatCount !== undefined && { seatCount: parseSeatCount(seatCount) }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw optionError(error, Object.keys(OPTIONS));
  }
}

type Values = ReturnType<typeof parse>['values'];

function environmentIn(positionals: readonly string[]): string {
  const [environment, ...others] = positionals;
  if (environment === undefined || environment === '') {
    throw new InputError('which environment? For example: ./run-order-race-test.sh demo (--help says more)');
  }
  if (others.length > 0) throw new InputError(`one environment at a time, not ${positionals.join(' and ')}`);
  return environment;
}

function checkCombination(environment: string, values: Values): void {
  if (values.quiet && values.verbose) throw new InputError('--quiet and --verbose exclude each other');
  for (const [option, description] of Object.entries(OPTIONS)) {
    if ('demoOnly' in description && option in values && environment !== DEMO) {
      throw new InputError(`--${option} configures the bundled API: use it with ${DEMO}, not with ${environment}`);
    }
  }
  if (values.lock !== undefined && values.scenario === ALL) {
    throw new InputError(`--lock needs one scenario, not "${ALL}": each scenario has different locks`);
  }
}

function parseSeatCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 100) return count;
  throw new InputError(`--seat-count must be a whole number from 1 to 100 (received "${text}")`);
}
