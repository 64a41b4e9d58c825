import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

interface TerminalOptions {
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Presses Ctrl-C once this stands on the screen. */
  readonly interruptAt?: RegExp;
  /** A command that takes longer has failed: less than a test may take, so that the terminal is closed in any case. */
  readonly timeoutMs?: number;
}

/** What stands in a terminal once a command has ended. */
export interface Screen {
  /** All rows, those that have scrolled away too, without the empty ones at the end. */
  readonly rows: readonly string[];
  readonly exitCode: number;
}

const root = path.resolve(import.meta.dirname, '../..');

/** The rows of the terminal; the command may print more. */
const HEIGHT = 40;

/** Runs a command, and writes its exit code into a file: tmux may never tell it. Ctrl-C ends the command alone. */
const KEEPING_EXIT_CODE = `trap : INT; "$@"; echo $? >"$0.new"; mv "$0.new" "$0"`;

const call = promisify(execFile);

/**
 * Runs a command of the repository in a real terminal: tmux, which draws, wraps and scrolls as people see it.
 *
 * @param argv the command and its arguments, without quotes
 * @throws Error with what stands on the screen, if the command takes too long
 */
export async function inTerminal(argv: readonly string[], options: TerminalOptions): Promise<Screen> {
  const { columns, env = {}, interruptAt, timeoutMs = 110_000 } = options;
  const socket = `order-race-${randomUUID()}`;
  const exitCodeFile = path.join(os.tmpdir(), `${socket}.exit-code`);
  const tmux = async (...args: string[]) => (await call('tmux', ['-L', socket, '-f', '/dev/null', ...args])).stdout;
  const set = Object.entries({ LANG: 'C.UTF-8', ...env }).map(([name, value]) => `${name}=${value}`);
  const command = ['env', '-u', 'CI', '-u', 'NO_COLOR', ...set, 'sh', '-c', KEEPING_EXIT_CODE, exitCodeFile, ...argv];
  // The first session only keeps the server alive: options must be set before the command may end.
  await tmux('new-session', '-d', '-s', 'first', 'sleep 600');
  try {
    for (const option of ['remain-on-exit on', 'remain-on-exit-format ""', 'history-limit 5000']) {
      await tmux('set', '-g', ...option.replace('""', '').split(' '));
    }
    const size = ['-x', String(columns), '-y', String(HEIGHT)];
    await tmux('new-session', '-d', '-s', 'run', ...size, '-c', root, ...command);
    await tmux('set', '-t', 'run', 'status', 'off', ';', 'resize-window', '-t', 'run', ...size);
    const shown = async () => (await tmux('capture-pane', '-p', '-t', 'run', '-S', '-')).trimEnd();
    let interrupted = false;
    const endMs = performance.now() + timeoutMs;
    while (performance.now() < endMs) {
      if (fs.existsSync(exitCodeFile)) {
        return { rows: (await settled(shown)).split('\n'), exitCode: Number(fs.readFileSync(exitCodeFile, 'utf8')) };
      }
      if (!interrupted && interruptAt?.test(await shown())) {
        interrupted = true;
        await tmux('send-keys', '-t', 'run', 'C-c');
      }
      await sleep(50);
    }
    throw new Error(`${argv.join(' ')} did not end; the terminal shows:\n${await shown()}`);
  } finally {
    await tmux('kill-server');
  }
}

/** What stands there once nothing more comes: the terminal may still be drawing. */
async function settled(shown: () => Promise<string>): Promise<string> {
  for (let last = await shown(); ; ) {
    await sleep(200);
    const next = await shown();
    if (next === last) return next;
    last = next;
  }
}
