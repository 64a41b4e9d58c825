import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { History } from '../../model/index.ts';
import { isMapping } from '../../model/json.ts';
import { HistoryError, parseHistory } from '../../plugin/src/recording/index.ts';
import { RENDERERS, type VerdictFile } from '../../reports/index.ts';
import { temporaryFolder } from './fixtures.ts';
import { runWarm } from './warm-artillery/index.ts';

export const root = path.resolve(import.meta.dirname, '../..');

/** A file of `tests/support` that Node loads before anything else. */
export const preloading = (name: string): Variables => ({
  NODE_OPTIONS: `--import=${pathToFileURL(path.join(root, 'tests/support', name)).href}`,
});

/** Artillery sees four processors, whatever the machine has, and so starts three workers. */
export const FOUR_CPUS = preloading('four-cpus.mjs');

/** What a process printed, and its exit code; null where a signal killed it. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run left behind. */
export interface FinishedRun extends Ended {
  /** Names of the files in the output folder. */
  readonly files: readonly string[];
  readonly outputDir: string;
  /** Undefined where no verdict was written. */
  readonly verdict: VerdictFile | undefined;
  /** Undefined where no history was written, or an unreadable one. */
  readonly history: History | undefined;
}

type Variables = Readonly<Record<string, string>>;

interface RunOptions {
  readonly env?: Variables;
  /** The name under `config.environments`. */
  readonly environment?: string;
  /** Prints Artillery's own report as well. */
  readonly loud?: boolean;
  /** The file for Artillery's metrics. */
  readonly report?: string;
  /** More arguments of `artillery run`. */
  readonly args?: readonly string[];
}

interface WarmOptions {
  /** How many worker threads share an `arrivalRate`; by default 1. */
  readonly workers?: number;
}

interface ProcessOptions {
  /** The file that starts Artillery; by default, that of the project's own. */
  readonly bin?: string;
  /** Called with the process when it runs, e.g. to interrupt it. */
  readonly running?: (child: ChildProcess) => void;
}

/**
 * Runs Artillery on a script, in a process that has run other scripts before: that takes a tenth of the CPU of a start.
 * Where the process or its start is what is tested, see {@link launchSuite}.
 */
export async function runSuite(
  script: object,
  { workers = 1, running, ...options }: RunOptions & WarmOptions & Pick<ProcessOptions, 'running'> = {},
): Promise<FinishedRun> {
  const { folder, args, env, outputDir } = prepare(script, options);
  return finished(await runWarm({ args, cwd: folder, env, workers }, running), outputDir);
}

/** Starts Artillery on a script, as a user does. */
export async function launchSuite(script: object, options: RunOptions & ProcessOptions = {}): Promise<FinishedRun> {
  const { folder, args, env, outputDir } = prepare(script, options);
  const { bin = path.join(root, 'node_modules/artillery/bin/run') } = options;
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env });
  return finished(await ended(child, options), outputDir);
}

/** Runs Artillery on a file of the project, in a process that has run other scripts before. */
export async function runFile(
  file: string,
  { cwd = root, ...options }: RunOptions & { readonly cwd?: string } = {},
): Promise<FinishedRun> {
  const env = environmentFor(options.env);
  return finished(await runWarm({ args: argsFor(file, options), cwd, env, workers: 1 }), env.ORDER_OUTPUT_DIR);
}

/** Runs a command of the project. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly env?: Variables; readonly cwd?: string } & ProcessOptions = {},
): Promise<FinishedRun> {
  const env = environmentFor(options.env);
  const child = spawn(command, args, { cwd: options.cwd ?? root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return finished(await ended(child, options), env.ORDER_OUTPUT_DIR);
}

function prepare(script: object, options: RunOptions) {
  const folder = temporaryFolder('suite-');
  const file = path.join(folder, 'suite.json');
  const env = environmentFor(options.env);
  fs.writeFileSync(file, JSON.stringify(withOutputDir(script, env.ORDER_OUTPUT_DIR)));
  const { ORDER_OUTPUT_DIR: outputDir, ...rest } = env;
  return { folder, args: argsFor(file, options), env: rest, outputDir };
}

/** A suite of the user's own does not read ORDER_OUTPUT_DIR: its block says where the reports go. */
function withOutputDir(script: object, dir: string): object {
  const { config } = script as { readonly config?: { readonly plugins?: { readonly race?: unknown } } };
  const race = config?.plugins?.race;
  if (!isMapping(race)) return script;
  const output = { dir, ...(isMapping(race.output) && race.output) };
  return { ...script, config: { ...config, plugins: { ...config?.plugins, race: { ...race, output } } } };
}

const argsFor = (file: string, { environment, loud, report, args = [] }: RunOptions): string[] => [
  'run',
  ...(loud ? [] : ['--quiet']),
  ...(environment === undefined ? [] : ['-e', environment]),
  ...(report === undefined ? [] : ['-o', report]),
  ...args,
  file,
];

/** The environment of a user who has set none of our variables; the output goes to a folder of its own. */
function environmentFor(variables: Variables = {}) {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(ORDER_|VITEST|CI$|GITHUB_|FORCE_COLOR|NO_COLOR|LANG$|LC_)/.test(name),
  );
  return {
    ...Object.fromEntries(clean),
    ARTILLERY_DISABLE_TELEMETRY: 'true',
    // Starting Artillery compiles a thousand files: once is enough.
    NODE_COMPILE_CACHE: path.join(root, '.node/compile-cache'),
    ORDER_OUTPUT_DIR: path.join(temporaryFolder('run-'), 'output'),
    ...variables,
  };
}

async function ended(child: ChildProcess, { running }: ProcessOptions): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  running?.(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

function finished(run: Ended, outputDir: string): FinishedRun {
  const files = fs.existsSync(outputDir) ? fs.readdirSync(outputDir) : [];
  const read = (ending: string) => {
    const name = files.find((file) => file.endsWith(ending));
    return name === undefined ? undefined : fs.readFileSync(path.join(outputDir, name), 'utf8');
  };
  const verdict = read('.verdict.json');
  const history = read('.history.jsonl');
  return {
    ...run,
    files,
    outputDir,
    verdict: verdict === undefined ? undefined : (JSON.parse(verdict) as VerdictFile),
    history: history === undefined ? undefined : readable(history),
  };
}

function readable(history: string): History | undefined {
  try {
    return parseHistory(history);
  } catch (error) {
    if (error instanceof HistoryError) return undefined;
    throw error;
  }
}

/** The text of all files that a run wrote. */
export const writtenBy = ({ files, outputDir }: FinishedRun): string =>
  files.map((file) => fs.readFileSync(path.join(outputDir, file), 'utf8')).join('');

/** The ids of the findings, each once, sorted. */
export const findingsOf = ({ verdict }: FinishedRun): string[] =>
  [...new Set(verdict?.findings.map(({ id }) => id))].toSorted();

/** The endings of the files that every run leaves. */
export const ENDINGS = ['.history.jsonl', '.verdict.json', ...RENDERERS.map(({ file }) => file)].toSorted();

/** The endings of files whose names end in a date and time. */
export const endingsOf = (files: readonly string[]): string[] =>
  files.map((file) => file.replace(/^.*_\d{8}_\d{6}/, '')).toSorted();
