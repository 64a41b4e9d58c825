import type { ChildProcess } from 'node:child_process';

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
