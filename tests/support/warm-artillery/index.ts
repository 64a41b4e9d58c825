import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Finished, Job } from './process.ts';

/** Processes that wait for a suite. */
const free: ChildProcess[] = [];

/** Runs `artillery run …` in a process that has run others before, or will afterwards. */
export async function runWarm(job: Job): Promise<Finished> {
  const host = free.pop() ?? (await startHost());
  host.send(job);
  const [finished] = (await once(host, 'message')) as [Finished];
  free.push(host);
  return finished;
}

async function startHost(): Promise<ChildProcess> {
  const host = fork(path.join(import.meta.dirname, 'process.ts'), { serialization: 'advanced', stdio: 'inherit' });
  // It ends with this process.
  host.unref();
  host.channel?.unref();
  await once(host, 'message');
  return host;
}
