import { errorLines } from '../reports/untrusted.ts';

/** Prints an error on stderr, a line for each problem. */
export function printError(message: string): void {
  for (const line of errorLines(message)) console.error(line);
}
