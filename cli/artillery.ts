import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface ArtilleryRun {
  /** The repository, where Artillery runs. */
  readonly root: string;
  /** Path of the scenario, from the root. */
  readonly scenario: string;
  readonly environment: string;
  /** With Artillery's own reports; `quiet`: without anything of its own. */
  readonly talk: 'verbose' | 'normal' | 'quiet';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the run; its reason is the name of the signal to send. */
  readonly signal: AbortSignal;
}

/** A run that was interrupted writes its files in this time. */
const SHUTDOWN_TIMEOUT_MS = 4_000;

/**
 * Runs Artillery to its end and answers its exit code, as a shell would: 128 + n where signal n ended it.
 *
 * Its stderr goes through a pipe, because the spinner that it draws on a terminal would mix with the plugin's lines.
 */
export async function runArtillery(run: ArtilleryRun): Promise<number> {
  const quiet = run.talk === 'verbose' ? [] : ['--quiet'];
  const child = spawn(
    process.execPath,
    [join(run.root, 'node_modules/artillery/bin/run'), 'run', ...quiet, '-e', run.environment, run.scenario],
    { cwd: run.root, env: run.env, stdio: ['ignore', run.talk === 'quiet' ? 'pipe' : 'inherit', 'pipe'] },
  );
  const closed = once(child, 'close');
  forward(child.stderr, process.stderr);
  // Even with --quiet Artillery begins with a line of its own.
  forward(child.stdout, process.stdout, (line) => !line.startsWith('Test run id: '));

  let deadline: NodeJS.Timeout | undefined;
  const interrupt = () => {
    // At a terminal, Ctrl-C has reached it already; it passes over the second one.
    child.kill(run.signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    deadline = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_TIMEOUT_MS);
  };
  if (run.signal.aborted) interrupt();
  else run.signal.addEventListener('abort', interrupt, { once: true });

  try {
    const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    clearTimeout(deadline);
    run.signal.removeEventListener('abort', interrupt);
  }
}

function forward(from: Readable | null, to: Writable, wanted: (line: string) => boolean = () => true): void {
  if (from === null) return;
  createInterface({ input: from }).on('line', (line) => wanted(line) && to.write(`${line}\n`));
}
