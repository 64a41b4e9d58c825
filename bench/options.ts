import { parseArgs } from 'node:util';
import { ARMS, type Arm } from './arms/index.ts';

export interface BenchOptions {
  readonly contenders: readonly number[];
  readonly rounds: number;
  readonly repeat: number;
  readonly arms: readonly Arm[];
  /** Microseconds. */
  readonly windows: readonly number[];
  /** Prints only, and leaves docs/ alone. */
  readonly dry: boolean;
  /** What was called, for people to do it again. */
  readonly command: string;
}

export interface Defaults {
  readonly contenders: string;
  readonly windows?: string;
}

/** @throws Error with one line that says what is wrong */
export function readOptions(script: string, args: readonly string[], defaults: Defaults): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contenders: { type: 'string', default: defaults.contenders },
      rounds: { type: 'string', default: '16' },
      repeat: { type: 'string', default: '5' },
      arms: { type: 'string', default: ARMS.map((arm) => arm.id).join(',') },
      windows: { type: 'string', default: defaults.windows ?? '' },
      dry: { type: 'boolean', default: false },
    },
  });
  const given = args.length === 0 ? '' : ` -- ${args.join(' ')}`;
  return {
    contenders: numbers('contenders', values.contenders, 2),
    rounds: numbers('rounds', values.rounds, 1)[0] ?? 0,
    repeat: numbers('repeat', values.repeat, 1)[0] ?? 0,
    arms: values.arms.split(',').map(armCalled),
    windows: values.windows === '' ? [] : numbers('windows', values.windows, 0),
    dry: values.dry,
    command: `npm run ${script}${given}`,
  };
}

function numbers(name: string, text: string, least: number): number[] {
  const list = text.split(',').map(Number);
  if (list.every((its) => Number.isInteger(its) && its >= least)) return list;
  throw new Error(`--${name} must be whole numbers from ${least} up, such as ${least},${least + 1}: ${text}`);
}

function armCalled(id: string): Arm {
  const arm = ARMS.find((its) => its.id === id);
  if (arm === undefined) throw new Error(`--arms: there is no ${id}, but ${ARMS.map((its) => its.id).join(', ')}`);
  return arm;
}
