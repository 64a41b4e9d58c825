import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isMapping } from '../model/json.ts';
import { failureReason } from '../plugin/src/artillery/shared/failure-reason.ts';
import { ConfigError } from '../plugin/src/config/index.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { bundled, reasonOf } from './suite-program.ts';

/** Artillery's own check of a script. It returns what is wrong. */
type Validate = (script: object) => string | undefined;
/** Artillery's parser of scripts. */
interface Yaml {
  /** @throws an error with a `reason`, and mostly with the `mark` of its place, counted from 0 */
  safeLoad(text: string): unknown;
}
/** Artillery's parser of CSV files. It throws at once for a wrong option. */
type ParseCsv = (text: string, options: object, over: (error: Error | undefined) => void) => void;

const VALIDATOR = new URL('../node_modules/artillery/dist/lib/util/validate-script.js', import.meta.url);
const fromArtillery = createRequire(VALIDATOR);

/**
 * What Artillery itself would refuse in a suite of the user's own, by its own parsers. It would end with another exit code, and
 * later.
 *
 * @throws ConfigError in Artillery's words, or naming the file that Artillery cannot read
 */
export async function checkAsArtillery({ config, sections }: LoadedScenario, file: string): Promise<void> {
  await checkYaml(file);
  const { default: validate } = (await import(VALIDATOR.href)) as { default: Validate };
  const problem = validate({ ...sections, config });
  if (problem !== undefined) throw refusal(file, problem);
  const folder = dirname(file);
  const { payload, plugins } = config;
  for (const [name, settings] of Object.entries(isMapping(plugins) ? plugins : {})) {
    if ((settings !== null && settings !== undefined) || name === FILLED_BY_ARTILLERY) continue;
    throw new ConfigError({ path: `config.plugins.${name}`, problem: 'is empty', fix: `write \`${name}: {}\`` });
  }
  if (Array.isArray(payload)) {
    for (const [index, one] of payload.entries()) await checkPayload(one, `config.payload.${index}`, folder);
  } else if (payload) await checkPayload(payload, 'config.payload', folder);
  await checkProcessor(config, folder);
}

/** Artillery has settings of its own for this plugin, and takes them where its block is empty. */
const FILLED_BY_ARTILLERY = 'metrics-by-endpoint';

const refusal = (path: string, problem: string) =>
  new ConfigError({ path, problem: `Artillery refuses it: ${problem}` });

/** Our own parser takes more, such as tags that nobody knows. */
async function checkYaml(file: string): Promise<void> {
  if (!/\.(ya?ml|json)$/i.test(file)) return;
  const text = await readFile(file, 'utf8');
  try {
    (fromArtillery('js-yaml') as Yaml).safeLoad(text);
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    const place = mark === undefined ? '' : ` (line ${mark.line + 1}, column ${mark.column + 1})`;
    throw refusal(file, `${reason ?? reasonOf(error)}${place}`);
  }
}

const MENDS: Readonly<Record<string, string>> = {
  CSV_INCONSISTENT_RECORD_LENGTH: 'give every row as many columns, or set options: { relax_column_count: true }',
  CSV_QUOTE_NOT_CLOSED: 'close the quote',
};

async function checkPayload(payload: unknown, where: string, folder: string): Promise<void> {
  if (!isMapping(payload) || typeof payload.path !== 'string') {
    const fix = 'must be a mapping with the path of a CSV file, such as { path: users.csv, fields: [user] }';
    throw new ConfigError({ path: where, fix });
  }
  const { path, skipEmptyLines = true, cast = true, skipHeader, delimiter, options } = payload;
  if (path.includes('{{')) return;
  const text = await readNamed(path, where, folder);
  const reading = { skip_empty_lines: skipEmptyLines, cast, from_line: skipHeader === true ? 2 : 1 };
  try {
    const parse = promisify(fromArtillery('csv-parse') as ParseCsv);
    await parse(text, { ...reading, delimiter: delimiter || ',', ...(isMapping(options) && options) });
  } catch (error) {
    const fix =
      MENDS[(error as NodeJS.ErrnoException).code ?? ''] ?? 'mend the file, or how the payload says to read it';
    throw new ConfigError({ path: where, problem: `${path}: ${reasonOf(error)}`, fix });
  }
}

async function readNamed(path: string, where: string, folder: string): Promise<string> {
  const file = resolve(folder, path);
  if (!existsSync(file)) throw missing(path, where, folder);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError({ path: where, problem: `cannot read ${path}: ${failureReason(error)}` });
  }
}

const missing = (path: string, where: string, folder: string) =>
  new ConfigError({
    path: where,
    problem: `there is no file ${path} in ${folder}`,
    fix: 'the path is relative to the suite',
  });

/** Artillery bundles a processor in TypeScript before it starts anything; any other is loaded by its threads. */
async function checkProcessor({ processor, bundling }: LoadedScenario['config'], folder: string): Promise<void> {
  if (typeof processor !== 'string' || processor.includes('{{') || extname(processor) !== '.ts') return;
  const where = 'config.processor';
  const file = resolve(folder, processor);
  if (!existsSync(file)) throw missing(processor, where, folder);
  const external = isMapping(bundling) && Array.isArray(bundling.external) ? bundling.external.map(String) : [];
  try {
    await bundled(file, external);
  } catch (error) {
    throw new ConfigError({ path: where, problem: `${processor}: ${reasonOf(error, file)}` });
  }
}
