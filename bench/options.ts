import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ARMS, type Arm } from './arms/index.ts';

/** What the benches take on the command line. */
export interface BenchOptions {
  readonly contenders: readonly number[];
  readonly rounds: number;
  readonly repeat: number;
  readonly arms: readonly Arm[];
  /** Windows between check and act, in microseconds. */
  readonly windows: readonly number[];
  /** Only prints; does not write to docs/. */
  readonly dry: boolean;
  /** The command line, for people who want to repeat it. */
  readonly command: string;
}

export interface Defaults {
  readonly contenders: string;
  readonly windows?: string;
}

/** Something on the command line is wrong; the message is one line. */
export class OptionError extends Error {}

/** @throws OptionError */
export function readOptions(script: string, args: readonly string[], defaults: Defaults): BenchOptions {
  const values = valuesOf(args, {
    contenders: { type: 'string', default: defaults.contenders },
    rounds: { type: 'string', default: '16' },
    repeat: { type: 'string', default: '5' },
    arms: { type: 'string', default: ARMS.map((arm) => arm.id).join(',') },
    windows: { type: 'string', default: defaults.windows ?? '' },
    dry: { type: 'boolean', default: false },
  });
  const given = args.length === 0 ? '' : ` -- ${args.join(' ')}`;
  return {
    contenders: wholeNumbers('contenders', values.contenders, 2),
    rounds: wholeNumbers('rounds', values.rounds, 1)[0] ?? 0,
    repeat: wholeNumbers('repeat', values.repeat, 1)[0] ?? 0,
    arms: values.arms.split(',').map(armNamed),
    windows: values.windows === '' ? [] : wholeNumbers('windows', values.windows, 0),
    dry: values.dry,
    command: `npm run ${script}${given}`,
  };
}

/** @throws OptionError where an option is unknown, or lacks its value */
export function valuesOf<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new OptionError((error as Error).message.split('. ')[0]);
  }
}

/** @throws OptionError where it is no list of whole numbers */
export function wholeNumbers(name: string, text: string, least: number): number[] {
  const list = text.split(',').map(Number);
  if (list.every((number) => Number.isInteger(number) && number >= least)) return list;
  throw new OptionError(`--${name} must be whole numbers of at least ${least}, such as ${least},${least + 1}: ${text}`);
}

/** @throws OptionError where it is no whole number in that range */
export function wholeNumber(name: string, text: string, least: number, most = Number.POSITIVE_INFINITY): number {
  const [number = 0, ...more] = wholeNumbers(name, text, least);
  if (more.length > 0) throw new OptionError(`--${name} must be one number: ${text}`);
  if (number > most) throw new OptionError(`--${name} must be at most ${most}: ${text}`);
  return number;
}

function armNamed(id: string): Arm {
  const arm = ARMS.find((known) => known.id === id);
  if (arm !== undefined) return arm;
  throw new OptionError(`--arms: there is no arm "${id}"; known: ${ARMS.map((known) => known.id).join(', ')}`);
}
