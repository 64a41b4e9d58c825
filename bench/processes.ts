import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

const running = new Set<ChildProcess>();

/** Kills the child when this process exits, for any reason. */
export function killOnExit<T extends ChildProcess>(child: T): T {
  if (running.size === 0 && process.listenerCount('exit', killAll) === 0) {
    process.on('exit', killAll);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  }
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Resolves with the exit code; null when the process was killed or never started. */
export function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
}

/** The first line that a program prints, which is JSON. @throws Error when it exits before */
export function firstLineOf(child: ChildProcess & { readonly stdout: Readable }, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      if (output.endsWith('\n')) resolve(JSON.parse(output));
    });
    void exitCodeOf(child).then((code) => reject(new Error(`${name} exited with ${code}`)));
  });
}

export interface ProgramRun {
  readonly cwd: string;
  /** Added to the environment, from which `ORDER_…` variables and those of the test runner are removed. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Called with the process id once the program has started. */
  readonly onStart?: (pid: number) => void;
}

export interface NodeRun extends ProgramRun {
  /** The command, with its arguments, that starts Node elsewhere, such as in a namespace. Default: here. */
  readonly within?: readonly string[];
}

/** What a program left behind. */
export interface FinishedProgram {
  readonly code: number | null;
  /** The last 10,000 characters of stdout and stderr. */
  readonly output: string;
  /** It was killed because it did not exit in time. */
  readonly hasTimedOut: boolean;
}

/**
 * Runs Node until it exits.
 *
 * @throws Error when it does not exit in time
 */
export async function runNode(
  args: readonly string[],
  { within = [], ...run }: NodeRun,
): Promise<Pick<FinishedProgram, 'code' | 'output'>> {
  const { code, output, hasTimedOut } = await runProgram([...within, process.execPath, ...args], run);
  if (hasTimedOut) throw new Error(`it did not exit within ${run.timeoutMs / 1000} s:\n${output}`);
  return { code, output };
}

/** Runs a program until it exits, or kills it when its time is up. */
export async function runProgram(
  [command = '', ...args]: readonly string[],
  { cwd, env, timeoutMs, onStart }: ProgramRun,
): Promise<FinishedProgram> {
  const child = killOnExit(
    spawn(command, args, {
      cwd,
      env: { ...withoutRaceVariables(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  if (child.pid !== undefined) onStart?.(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-10_000);
    });
  }
  let hasTimedOut = false;
  const timer = setTimeout(() => {
    hasTimedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const code = await exitCodeOf(child);
  clearTimeout(timer);
  return { code, output, hasTimedOut };
}

const withoutRaceVariables = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(ORDER_|VITEST|NODE_OPTIONS$)/.test(name)));
