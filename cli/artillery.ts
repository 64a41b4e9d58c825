import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';

export interface ArtilleryRun {
  /** The repository. */
  readonly root: string;
  /** Artillery runs in this folder. */
  readonly folder: string;
  /** The path of the scenario, from there. */
  readonly scenario: string;
  /** Undefined where the suite has none. */
  readonly environment: string | undefined;
  /** `verbose` shows Artillery's own reports, `quiet` hides Artillery's stdout, `none` everything. */
  readonly output: 'verbose' | 'normal' | 'quiet' | 'none';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether rounds repeat, because the suite says so or the user does. */
  readonly repeats: boolean;
  /** Options for Node, which its threads get as well. */
  readonly nodeOptions?: readonly string[];
  /** Ends the run. The reason is the name of the signal to send to Artillery. */
  readonly signal: AbortSignal;
}

/** The module that hides the one line that Artillery prints even with --quiet. */
const HIDE_RUN_ID = new URL('hide-run-id.mjs', import.meta.url).href;

const ERASE_LINE = '\r\x1b[2K';

/**
 * How long an interrupted run may take to ask the server and to write its files. Where rounds repeat, the one in flight ends
 * first, and a million attempts take a minute to judge.
 */
const SHUTDOWN_TIMEOUT_MS = { once: 20_000, repeated: 120_000 } as const;

/**
 * Runs Artillery to its end. Returns the exit code that a shell would see: 128 + n if signal n ended the run.
 *
 * Artillery's stderr goes through a pipe: on a terminal it would draw a spinner over the plugin's lines.
 */
export async function runArtillery(run: ArtilleryRun): Promise<number> {
  const quiet = run.output === 'verbose' ? [] : ['--quiet'];
  const child = spawn(
    process.execPath,
    [
      ...(run.output === 'verbose' ? [] : ['--import', HIDE_RUN_ID]),
      ...(run.nodeOptions ?? []),
      join(run.root, 'node_modules/artillery/bin/run'),
      'run',
      ...quiet,
      ...(run.environment === undefined ? [] : [`--environment=${run.environment}`]),
      run.scenario,
    ],
    {
      cwd: run.folder,
      env: run.env,
      stdio: ['ignore', run.output === 'quiet' || run.output === 'none' ? 'pipe' : 'inherit', 'pipe'],
    },
  );
  const closed = once(child, 'close');
  const isShown = () => run.output !== 'none';
  forward(child.stderr, process.stderr, isShown);
  forward(child.stdout, process.stdout, isShown);
  const timeoutMs = SHUTDOWN_TIMEOUT_MS[run.repeats ? 'repeated' : 'once'];
  const stopListening = endOnAbort(child, run.signal, timeoutMs);
  try {
    const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    stopListening();
  }
}

/** Passes an interruption on to the child, and kills a child that takes too long to end. */
function endOnAbort(child: ChildProcess, signal: AbortSignal, timeoutMs: number): () => void {
  let deadline: NodeJS.Timeout | undefined;
  const interrupt = () => {
    // In a terminal, Ctrl-C reaches Artillery directly as well. It ignores the second signal.
    child.kill(signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    deadline = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  return () => {
    clearTimeout(deadline);
    signal.removeEventListener('abort', interrupt);
  };
}

function forward(from: Readable | null, to: Writable, isShown: () => boolean): void {
  if (from === null) return;
  // On a terminal, the progress line of the run may stand where this begins; it comes back by itself.
  const erase = (to as Partial<WriteStream>).isTTY === true ? ERASE_LINE : '';
  createInterface({ input: from }).on('line', (line) => isShown() && to.write(`${erase}${line}\n`));
}
