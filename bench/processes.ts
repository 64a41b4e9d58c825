import { type ChildProcess, spawn } from 'node:child_process';

const alive = new Set<ChildProcess>();

/** Whatever ends this process ends what it has started. */
export function keep<T extends ChildProcess>(child: T): T {
  if (alive.size === 0 && process.listenerCount('exit', endAll) === 0) {
    process.on('exit', endAll);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  }
  alive.add(child);
  child.once('close', () => alive.delete(child));
  return child;
}

function endAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Resolves with the exit code; null for a process that was killed or never started. */
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
}

export interface Run {
  readonly cwd: string;
  /** Beside that of a user who has set nothing of ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Runs Node to its end.
 *
 * @returns its exit code, and the end of what it said
 * @throws where it did not end in time
 */
export async function runNode(
  args: readonly string[],
  { cwd, env, timeoutMs }: Run,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = keep(
    spawn(process.execPath, args, {
      cwd,
      env: { ...withoutOurs(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said = (said + data).slice(-10_000);
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const code = await ended(child);
  clearTimeout(timer);
  if (late) throw new Error(`it did not end within ${timeoutMs / 1000} s:\n${said}`);
  return { code, said };
}

function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(ORDER_|VITEST|NODE_OPTIONS$)/.test(name)));
}
