import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { History } from '../../model/index.ts';
import { HistoryError, parseHistory } from '../../plugin/src/recording/index.ts';
import type { VerdictFile } from '../../reports/index.ts';

export const root = path.resolve(import.meta.dirname, '../..');

/** What a finished run left behind. */
export interface FinishedRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Names of the files in the output folder. */
  readonly files: readonly string[];
  readonly outputDir: string;
  /** Undefined where no verdict was written. */
  readonly verdict: VerdictFile | undefined;
  /** Undefined where there is none, or none that can be read. */
  readonly history: History | undefined;
}

export interface SuiteRun {
  /** The Artillery script, as an object. */
  readonly script: object;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With Artillery's own report. */
  readonly loud?: boolean;
  /** Given the child process once it runs, e.g. to interrupt it. */
  readonly running?: (child: ChildProcess) => void;
}

/** Runs real Artillery on a script, in a folder of its own under the project, so that the plugin is found. */
export async function runSuite(run: SuiteRun): Promise<FinishedRun> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-suite-'));
  const file = path.join(dir, 'suite.json');
  fs.writeFileSync(file, JSON.stringify(run.script));
  return finished(
    spawn(
      process.execPath,
      [
        path.join(root, 'node_modules/artillery/bin/run'),
        'run',
        ...(run.loud ? [] : ['--quiet']),
        ...(run.environment ? ['-e', run.environment] : []),
        file,
      ],
      { cwd: dir, env: environmentFor({ ORDER_OUTPUT_DIR: path.join(dir, 'output'), ...run.env }) },
    ),
    run.env?.ORDER_OUTPUT_DIR ?? path.join(dir, 'output'),
    run.running,
  );
}

/** Runs a command of the project with an output folder of its own. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; running?: (child: ChildProcess) => void } = {},
): Promise<FinishedRun> {
  const outputDir =
    options.env?.ORDER_OUTPUT_DIR ?? path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'race-run-')), 'output');
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: environmentFor({ ORDER_OUTPUT_DIR: outputDir, ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return finished(child, outputDir, options.running);
}

/** The environment of a user who has set nothing of ours. */
function environmentFor(its: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(ORDER_|VITEST|CI$|GITHUB_|FORCE_COLOR|NO_COLOR|LANG$|LC_)/.test(name),
  );
  return { ...Object.fromEntries(clean), ARTILLERY_DISABLE_TELEMETRY: 'true', ...its };
}

async function finished(
  child: ChildProcess,
  outputDir: string,
  running: ((child: ChildProcess) => void) | undefined,
): Promise<FinishedRun> {
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
  const files = fs.existsSync(outputDir) ? fs.readdirSync(outputDir) : [];
  const read = (ending: string) => {
    const name = files.find((file) => file.endsWith(ending));
    return name === undefined ? undefined : fs.readFileSync(path.join(outputDir, name), 'utf8');
  };
  const verdict = read('.verdict.json');
  const history = read('.history.jsonl');
  return {
    code,
    stdout,
    stderr,
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

export const SEATS = ['A1', 'A2', 'A3'];

/** A small suite of a shape of its own: no processor, other paths and fields than the order race. */
export function smallSuite(target: string, race: object = {}, vus = 10): object {
  return {
    config: {
      target,
      phases: [{ duration: 1, arrivalCount: vus }],
      plugins: { race: { inventories: SEATS, ...race } },
    },
    scenarios: [
      {
        flow: [
          {
            loop: [
              {
                post: {
                  url: '/book',
                  json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' },
                  race: '{{ $loopElement }}',
                },
              },
            ],
            over: '$inventories',
          },
        ],
      },
    ],
  };
}
