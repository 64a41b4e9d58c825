import { errorLines } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import { exitCodeHere } from '../shared/exit-code.ts';

/** Artillery's own exit code for a run that broke. */
export const BROKEN = 1;
/** Nothing was booked, because nothing could be. */
export const BAD_INPUT = 2;

/** The result of `make`; bad input is printed, and ends the process before anything was started. */
export function orExit<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    printError(error.message);
    process.exit(exitCodeHere(BAD_INPUT));
  }
}

export function printError(message: string): void {
  for (const line of errorLines(message)) process.stderr.write(`${line}\n`);
}
