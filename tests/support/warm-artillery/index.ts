import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Finished, Job } from './process.ts';

/** Processes that are ready for the next suite. */
const free: Promise<ChildProcess>[] = [];

/**
 * Runs `artillery run …` in a process that also runs other suites, before and afterwards.
 *
 * @param running called with the process, which a test may kill; the exit code is null then
 * @throws Error if that process ends by itself
 */
export async function runWarm(
  job: Job,
  running: (host: ChildProcess) => void = () => {},
): Promise<Omit<Finished, 'code'> & { readonly code: number | null }> {
  const host = await (free.pop() ?? startHost());
  running(host);
  host.send(job);
  try {
    const finished = await answerOf<Finished>(host);
    free.push(Promise.resolve(host));
    return finished;
  } catch (error) {
    if (host.signalCode === null) throw error;
    // Another one takes its place while the test waits for the others.
    free.push(startHost());
    return { code: null, stdout: '', stderr: '' };
  }
}

/** Has so many processes ready, so that suites that must start together do. */
export async function warmUp(count: number): Promise<void> {
  while (free.length < count) free.push(startHost());
  await Promise.all(free);
}

async function startHost(): Promise<ChildProcess> {
  const host = fork(path.join(import.meta.dirname, 'process.ts'), { serialization: 'advanced', stdio: 'inherit' });
  // It ends with this process.
  host.unref();
  host.channel?.unref();
  await answerOf(host);
  return host;
}

async function answerOf<T>(host: ChildProcess): Promise<T> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    const ended = once(host, 'exit', { signal }).then(([code]) => {
      throw new Error(`the process that runs Artillery ended with ${code}`);
    });
    const [message] = await Promise.race([once(host, 'message', { signal }), ended]);
    return message as T;
  } finally {
    waiting.abort();
  }
}
