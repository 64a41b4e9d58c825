import { parseArgs } from 'node:util';
import { fromHere, shellQuote } from '../reporting/index.ts';
import type { ArtilleryScript } from './types.ts';

/** The options of `artillery run` that say what is run. Others may hold secrets (`--variables`), or change nothing. */
const KEPT = {
  config: { type: 'string', short: 'c' },
  'scenario-name': { type: 'string' },
  payload: { type: 'string', short: 'p' },
  dotenv: { type: 'string' },
} as const;

/**
 * The command that repeats a run which the script did not start.
 *
 * @param argv what `artillery` was called with
 */
export function commandOf(
  { _environment: environment, _scriptPath: file = 'script' }: ArtilleryScript,
  argv: readonly string[] = process.argv.slice(2),
): string {
  const { values } = parseArgs({ args: [...argv], options: KEPT, strict: false });
  const kept = Object.keys(KEPT).flatMap((name) => {
    const value = values[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
  const chosen = environment === undefined ? [] : ['-e', environment];
  return ['npx', 'artillery', 'run', ...chosen, ...kept, fromHere(file)].map(shellQuote).join(' ');
}
