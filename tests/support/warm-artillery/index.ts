import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Finished, Job } from './process.ts';

/** Processes that are ready for the next suite. */
const free: ChildProcess[] = [];

/**
 * Runs `artillery run …` in a process that also runs other suites, before and afterwards.
 *
 * @throws Error if that process ends
 */
export async function runWarm(job: Job): Promise<Finished> {
  const host = free.pop() ?? (await startHost());
  host.send(job);
  const finished = await answerOf<Finished>(host);
  free.push(host);
  return finished;
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
