import fs from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { fromHere, shellQuote, takenFromEnv } from '../../reporting/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';

const VALUE = { type: 'string' } as const;

/** The options of `artillery run` that decide what runs. */
const KEPT = {
  config: { ...VALUE, short: 'c' },
  'scenario-name': VALUE,
  payload: { ...VALUE, short: 'p' },
  dotenv: VALUE,
  'env-file': VALUE,
} as const;

/** Options that may hold secrets or change nothing. The parser must know them: a value may follow without a space, `-v{…}`. */
const LEFT_OUT = {
  ...Object.fromEntries(
    ['overrides', 'name', 'tags', 'note', 'key', 'platform', 'platform-opt', 'count'].map((name) => [name, VALUE]),
  ),
  environment: { ...VALUE, short: 'e' },
  input: { ...VALUE, short: 'i' },
  output: { ...VALUE, short: 'o' },
  target: { ...VALUE, short: 't' },
  variables: { ...VALUE, short: 'v' },
} as const;

/**
 * The command that repeats this run, for runs without run-order-race-test.sh. Variables that the script reads with `$env`
 * stand before it, without their values; not those that `--dotenv` sets.
 *
 * @param argv the arguments of `artillery`
 */
export function commandOf(
  { _environment: environment, _scriptPath: file = 'script' }: ArtilleryScript,
  argv: readonly string[] = process.argv.slice(2),
  env: NodeJS.ProcessEnv = process.env,
): string {
  const { values } = parseArgs({ args: [...argv], options: { ...KEPT, ...LEFT_OUT }, strict: false });
  const kept = Object.keys(KEPT).flatMap((name) => {
    const value = values[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
  const option = environment?.startsWith('-') ? [`--environment=${environment}`] : ['-e', environment ?? ''];
  const chosen = environment === undefined ? [] : option;
  const command = ['npx', 'artillery', 'run', ...chosen, ...kept, fromHere(file)].map(shellQuote);
  const fromFile = inDotenv(values.dotenv ?? values['env-file']);
  const own = Object.fromEntries(Object.entries(env).filter(([name, value]) => fromFile[name] !== value));
  return [...takenFromEnv(file, own), ...command].join(' ');
}

/** Nobody has these in a shell: `X="$X"` would empty them, and an empty variable wins over the file. */
function inDotenv(file: unknown): NodeJS.Dict<string> {
  if (typeof file !== 'string') return {};
  try {
    return parseEnv(fs.readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
