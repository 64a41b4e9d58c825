import { constants } from 'node:os';
import { whenParentIsGone } from '../plugin/src/artillery/shared/parent.ts';
import { InputError } from '../plugin/src/config/index.ts';
import { printError } from './print-error.ts';
import { run } from './run.ts';

const interruption = new AbortController();
const { signal } = interruption;

// Ctrl-C, a closed terminal or a plain kill: the race ends in order first, and only then this process.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort(name));

// Somebody has killed what waits for this process, such as npx or `sh -c`.
whenParentIsGone(() => interruption.abort('SIGTERM'), {});

process.exitCode = await exitCodeOf(process.argv.slice(2));

async function exitCodeOf(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv, process.env, signal);
  } catch (error) {
    if (signal.aborted) {
      console.error(`Interrupted (${signal.reason}).`);
      return exitCodeOfSignal();
    }
    if (error instanceof InputError) {
      printError(error.message);
      return 2;
    }
    console.error(error);
    return 1;
  }
}

function exitCodeOfSignal(): number {
  const name: NodeJS.Signals = signal.reason;
  return 128 + constants.signals[name];
}
