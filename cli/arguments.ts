import { parseArgs } from 'node:util';
import { InputError } from './input-error.ts';
import { ALL, ORDER_RACE } from './scenarios.ts';

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
  /** How many seats the reference API has, 1..100; only in the demo. */
  readonly seatCount?: number;
}

/** The environment that runs against the bundled reference API. */
export const DEMO = 'demo';

const OPTIONS = {
  scenario: { type: 'string', default: ORDER_RACE },
  'all-failures': { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  store: { type: 'string' },
  lock: { type: 'string' },
  'seat-count': { type: 'string' },
} as const;

/**
 * Reads the command line: one environment, options before or after it.
 *
 * @throws InputError where it makes no sense
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [environment, ...others] = positionals;
  if (environment === undefined || environment === '') {
    throw new InputError('which environment? For example: ./run-order-race-test.sh demo (--help says more)');
  }
  if (others.length > 0) throw new InputError(`one environment at a time, not ${positionals.join(' and ')}`);
  if (values.quiet && values.verbose) throw new InputError('--quiet and --verbose exclude each other');
  const { store, lock, 'seat-count': seatCount } = values;
  for (const [option, value] of Object.entries({ store, lock, 'seat-count': seatCount })) {
    if (value !== undefined && environment !== DEMO) {
      throw new InputError(`--${option} is for the bundled API: it goes with demo, not with ${environment}`);
    }
  }
  if (lock !== undefined && values.scenario === ALL) {
    throw new InputError('--lock goes with one scenario: each has ways of its own to do what it asks');
  }
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
    // Node's message goes on with advice on positional arguments, which nobody here asked for.
    const [problem] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/);
    throw new InputError(`${problem} (--help lists the options)`);
  }
}

function parseSeatCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 100) return count;
  throw new InputError(`--seat-count must be a whole number from 1 to 100 (received "${text}")`);
}
