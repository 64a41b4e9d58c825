import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

interface TerminalOptions {
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Presses Ctrl-C once this stands on the screen. */
  readonly interruptAt?: RegExp;
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

/** A command that takes longer has failed: less than a test may take, so that the terminal is closed in any case. */
const TIMEOUT_MS = 110_000;

const call = promisify(execFile);

/**
 * Runs a command of the repository in a real terminal: tmux, which draws, wraps and scrolls as people see it.
 *
 * @param argv the command and its arguments, without quotes
 * @throws Error with what stands on the screen, if the command takes longer than 110 s
 */
export async function inTerminal(argv: readonly string[], options: TerminalOptions): Promise<Screen> {
  const { columns, env = {}, interruptAt } = options;
  const socket = `order-race-${randomUUID()}`;
  const tmux = async (...args: string[]) => (await call('tmux', ['-L', socket, '-f', '/dev/null', ...args])).stdout;
  const set = Object.entries({ LANG: 'C.UTF-8', ...env }).map(([name, value]) => `${name}=${value}`);
  // The first session only keeps the server alive: options must be set before the command may end.
  await tmux('new-session', '-d', '-s', 'first', 'sleep 600');
  try {
    await tmux(
      'set',
      '-g',
      'remain-on-exit',
      'on',
      ';',
      'set',
      '-g',
      'remain-on-exit-format',
      '',
      ';',
      'set',
      '-g',
      'history-limit',
      '5000',
    );
    const size = ['-x', String(columns), '-y', String(HEIGHT)];
    await tmux(
      'new-session',
      '-d',
      '-s',
      'run',
      ...size,
      '-c',
      root,
      'env',
      '-u',
      'CI',
      '-u',
      'NO_COLOR',
      ...set,
      ...argv,
    );
    await tmux('set', '-t', 'run', 'status', 'off', ';', 'resize-window', '-t', 'run', ...size);
    const shown = async () => (await tmux('capture-pane', '-p', '-t', 'run', '-S', '-')).trimEnd();
    let interrupted = false;
    const endMs = performance.now() + TIMEOUT_MS;
    while (performance.now() < endMs) {
      const [isDead, code] = (await tmux('display', '-p', '-t', 'run', '#{pane_dead} #{pane_dead_status}'))
        .trim()
        .split(' ');
      // For a moment after its end, the terminal knows no exit code yet.
      if (isDead === '1' && code !== undefined) return { rows: (await shown()).split('\n'), exitCode: Number(code) };
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
