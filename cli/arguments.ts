import { parseArgs } from 'node:util';
import { InputError, optionError, repeatOf } from '../plugin/src/config/index.ts';
import { DEMO, OPTIONS } from './options.ts';
import { ALL, ORDER_RACE } from './scenarios.ts';
import { isSuitePath } from './suite.ts';

/** What the command line asks for. */
export interface Arguments {
  /** The name of an environment; undefined: the only one that a suite given by its path has. */
  readonly environment: string | undefined;
  /** The name of a scenario, `all`, or the path of a suite. */
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
  /** How often rounds repeat, as ORDER_REPEAT has it: `20`, `3%` or `5m`. */
  readonly repeat?: string;
  readonly oneAtATime: boolean;
  /** How many processes race as machines, 2..8; only in the demo. */
  readonly machines?: number;
}

/**
 * Reads the command line: one environment, or a suite by its path and one of its environments, with options before or after.
 *
 * @throws InputError if the command line makes no sense
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const { scenario, environment } = chosenIn(positionals, values.scenario);
  checkCombination(environment, scenario, values);
  const { store, lock, 'seat-count': seatCount, machines } = values;
  return {
    environment,
    scenario,
    allFailures: values['all-failures'],
    open: values.open,
    quiet: values.quiet,
    verbose: values.verbose,
    yes: values.yes,
    oneAtATime: values['one-at-a-time'],
    ...repeatIn(values),
    ...(store !== undefined && { store }),
    ...(lock !== undefined && { lock }),
    ...(seatCount !== undefined && { seatCount: wholeNumber('seat-count', seatCount, 1, 100) }),
    ...(machines !== undefined && { machines: wholeNumber('machines', machines, 2, 8) }),
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

function chosenIn(
  positionals: readonly string[],
  named: string | undefined,
): Pick<Arguments, 'scenario' | 'environment'> {
  const [first = '', ...rest] = positionals;
  const isPath = isSuitePath(first);
  if (isPath && named !== undefined) throw new InputError(`one suite at a time, not ${named} and ${first}`);
  const scenario = isPath ? first : (named ?? ORDER_RACE);
  const [environment, ...others] = isPath ? rest : positionals;
  const suite = (isPath ? positionals.slice(1) : positionals).find(isSuitePath);
  if (suite !== undefined && isPath) throw new InputError(`one suite at a time, not ${first} and ${suite}`);
  if (suite !== undefined) {
    throw new InputError(`${suite}: a suite comes before its environment: ./run-order-race-test.sh ${suite} ENV`);
  }
  if (others.length > 0) {
    throw new InputError(`one environment at a time, not ${[environment, ...others].join(' and ')}`);
  }
  if (environment === '' || (environment === undefined && !isSuitePath(scenario))) {
    throw new InputError('which environment? For example: ./run-order-race-test.sh demo (--help says more)');
  }
  return { scenario, environment };
}

function checkCombination(environment: string | undefined, scenario: string, values: Values): void {
  if (values.quiet && values.verbose) throw new InputError('--quiet and --verbose exclude each other');
  for (const [option, description] of Object.entries(OPTIONS)) {
    if ('demoOnly' in description && option in values && environment !== DEMO) {
      throw new InputError(
        `--${option} configures the bundled API: use it with ${DEMO}, not with ${environment ?? scenario}`,
      );
    }
  }
  if (values.lock !== undefined && scenario === ALL) {
    throw new InputError(`--lock needs one scenario, not "${ALL}": each scenario has different locks`);
  }
}

/** One of three options says how often rounds repeat. */
function repeatIn(values: Values): Pick<Arguments, 'repeat'> {
  const given = (['repeat', 'until', 'for'] as const).filter((name) => values[name] !== undefined);
  const [name] = given;
  if (name === undefined) return {};
  if (given.length > 1) throw new InputError(`--${given.join(' and --')} exclude each other`);
  const text = values[name]?.trim() ?? '';
  const read = repeatOf(text, `--${name}`);
  const meant = read.times !== undefined ? 'repeat' : read.until !== undefined ? 'until' : 'for';
  if (meant !== name) throw new InputError(`--${name} ${text}: did you mean --${meant} ${text}?`);
  return { repeat: text };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  throw new InputError(`--${option} must be a whole number from ${least} to ${most} (received "${text}")`);
}
