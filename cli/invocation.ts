import { resolve } from 'node:path';
import { InputError } from '../plugin/src/config/index.ts';
import { demoSeats } from '../reference-api/demo.ts';
import type { Arguments } from './arguments.ts';

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One call of the command: what the user asked for, and what every step needs to know. */
export interface Invocation {
  /** The folder of the repository. */
  readonly root: string;
  readonly args: Arguments;
  /** The user's variables, and those that follow from the arguments. */
  readonly env: Env;
  /** Aborts when the user interrupts the command. Its reason is the name of the signal. */
  readonly signal: AbortSignal;
}

/**
 * The variables with which the plugin hears of the arguments.
 *
 * @throws InputError if an argument and a variable exclude each other
 */
export function variablesFrom(args: Arguments, env: Env): Env {
  const { ORDER_SEAT_IDS: seatIds, ORDER_BASE_URL: baseUrl, ORDER_OUTPUT_DIR: outputDir } = env;
  if (args.seatCount !== undefined && seatIds) {
    throw new InputError('--seat-count and ORDER_SEAT_IDS exclude each other');
  }
  if (args.repeat !== undefined && env.ORDER_REPEAT) {
    throw new InputError('--repeat, --until and --for exclude ORDER_REPEAT');
  }
  const apiOption = (['store', 'lock'] as const).find((option) => args[option] !== undefined);
  if (apiOption !== undefined && baseUrl) {
    throw new InputError(`--${apiOption} is for the bundled API, which does not start when ORDER_BASE_URL is set`);
  }
  return {
    ...(args.seatCount !== undefined && { ORDER_SEAT_IDS: demoSeats(args.seatCount).join(',') }),
    // The user means a path from the current folder, but Artillery runs in the repository.
    ...(outputDir && { ORDER_OUTPUT_DIR: resolve(outputDir) }),
    ...(args.repeat !== undefined && { ORDER_REPEAT: args.repeat }),
    ...(args.oneAtATime && { ORDER_ONE_AT_A_TIME: '1' }),
    ...(args.allFailures && { ORDER_ALL_FAILURES: '1' }),
    ...(args.quiet && { ORDER_QUIET: '1' }),
    ...(args.verbose && { ORDER_VERBOSE: '1' }),
  };
}
