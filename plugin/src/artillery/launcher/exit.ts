import { EXIT_CODES } from '../../../../model/index.ts';
import { InputError } from '../../config/index.ts';
import { artilleryGlobal } from '../shared/artillery.ts';

/** Artillery's own exit code for a run that broke. */
const BROKEN = 1;

/**
 * Makes Artillery exit by the verdict. The last one to set its exit code wins, and the launcher's clean-up comes last. A
 * pass leaves a code that another plugin has set, and says so: a failed expectation elsewhere in the suite stays one.
 *
 * @param exitCode that of the verdict
 */
export function exitByVerdict(exitCode: number): void {
  const artillery = artilleryGlobal();
  if (artillery === undefined) return;
  if (exitCode !== EXIT_CODES.pass) artillery.suggestedExitCode = exitCode;
  else if (artillery.suggestedExitCode !== undefined && artillery.suggestedExitCode !== EXIT_CODES.pass)
    printError(
      `the verdict is pass, but Artillery will exit with ${artillery.suggestedExitCode}: something else in the suite failed`,
    );
}

/** Makes Artillery exit as after a crash: there is no verdict. */
export function exitWithoutVerdict(reason: string): void {
  printError(`no verdict: ${reason}`);
  const artillery = artilleryGlobal();
  if (artillery !== undefined) artillery.suggestedExitCode = BROKEN;
}

/** The result of `make`; bad input is printed, and ends the process before anything was started. */
export function orExit<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    printError(error.message);
    process.exit(BROKEN);
  }
}

function printError(message: string): void {
  for (const line of message.split('\n')) process.stderr.write(`Error: ${line}\n`);
}
