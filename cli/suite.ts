import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { failureReason } from '../plugin/src/artillery/shared/failure-reason.ts';
import { InputError } from '../plugin/src/config/index.ts';
import { hypothesisIn, type Scenario } from './scenario.ts';

/** The endings that Artillery takes for a suite. */
export const TAKEN = ['.yml', '.yaml', '.json', '.ts', '.js'];

/** Whether a word of the command line is the path of a suite, and not a name: it has a slash or a known ending. */
export const isSuitePath = (word: string): boolean => word.includes('/') || /\.(ya?ml|json|[cm]?[jt]s)$/i.test(word);

/**
 * A suite by its path, from where the user stands. One of the bundled scenarios stays what it is.
 *
 * @throws InputError if there is no such file, or Artillery takes no file with that ending
 */
export function suiteAt(path: string, bundled: readonly Scenario[]): Scenario {
  const file = resolve(path);
  if (!existsSync(file)) throw new InputError(`${path}: there is no such file in ${process.cwd()}`);
  if (!statSync(file).isFile()) throw new InputError(`${path}: not a file; name the suite in it`);
  const ending = extname(file).toLowerCase();
  if (!TAKEN.includes(ending)) {
    throw new InputError(`${path}: Artillery takes no suite with the ending "${ending}"; known: ${TAKEN.join(', ')}`);
  }
  const same = bundled.find((scenario) => realpathSync(join(scenario.folder, scenario.file)) === realpathSync(file));
  const name = basename(file).slice(0, -ending.length);
  return same ?? { name, folder: process.cwd(), file, isBundled: false, hypothesis: hypothesisIn(textOf(file, path)) };
}

/**
 * The variables in the file `.env` beside a suite; none if there is no such file.
 *
 * @throws InputError if it cannot be read
 */
export function dotenvBeside({ file, isBundled }: Scenario): Readonly<Record<string, string>> {
  const dotenv = join(dirname(file), '.env');
  if (isBundled || !existsSync(dotenv)) return {};
  return parseEnv(textOf(dotenv, dotenv)) as Record<string, string>;
}

/**
 * Where Artillery finds the plugins and engines that a suite brings along: every `node_modules` from its folder upwards, as
 * Node looks for packages. Artillery itself looks beside its own files first.
 */
export function nodePathOf(file: string, nodePath: string | undefined): string {
  const folders: string[] = [];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules'));
    if (dirname(folder) === folder) break;
  }
  return [...folders.filter((folder) => existsSync(folder)), ...(nodePath ? [nodePath] : [])].join(':');
}

function textOf(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${shown}: ${failureReason(error)}`);
  }
}
