// A process in which Artillery's command line runs one suite after the other. Starting Artillery takes two seconds of CPU,
// and most tests are not about the start. So this process and its worker threads load Artillery and the plugin only once.
// Everything else is real: Artillery's launcher, worker, engine, metrics and exit code.

import { registerHooks, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { replaceEnvironment, resetGlobalObject } from './global-object.ts';
import { pollQuickly } from './quick-polls.ts';

export interface Job {
  /** The command line, from `run` on. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** How many worker threads share an `arrivalRate`. */
  readonly workers: number;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown by `process.exit`, so that nothing after it runs. */
class Exit extends Error {}

const artillery = path.resolve(import.meta.dirname, '../../../node_modules/artillery');
const load = (file: string) => import(pathToFileURL(path.join(artillery, file)).href);

const THREAD_MS = 2000;
/** The events of the process that a run listens to. */
const EVENTS = ['exit', 'SIGINT', 'SIGTERM', 'workerMessage'] as const;

pollQuickly();
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'node:worker_threads' && context.parentURL?.endsWith('/artillery-worker-local.js')
      ? nextResolve(new URL('./worker-threads.ts', import.meta.url).href, context)
      : nextResolve(specifier, context),
});
let workers = 1;
const [cpu] = os.cpus();
// Artillery leaves one processor to itself.
os.cpus = () => Array(workers + 1).fill(cpu);
syncBuiltinESMExports();

const { createGlobalObject } = await load('dist/lib/artillery-global.js');
const { default: RunCommand } = await load('dist/lib/cmds/run.js');
const { Config } = await load('../@oclif/core/lib/index.js');
const { isKept, threadsFree } = await import('./worker-threads.ts');
const config = await Config.load({ root: artillery });
await createGlobalObject();

/**
 * Threads that the plugin started: they end with the process, and here with the run. Others are left alone: esbuild would
 * wait for ever for the answer of its own.
 */
const started = new Set<Worker>();
process.on('worker', (thread) => {
  if (thread.threadName?.startsWith('race ')) started.add(thread);
});

const output = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    output[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const callback = rest.at(-1);
    if (typeof callback === 'function') callback();
    return true;
  }) as typeof process.stdout.write;
}

const endProcess = process.exit;
let exit: (code: number) => void = () => {};
process.exit = ((code?: number) => {
  exit(Number(code ?? process.exitCode ?? 0));
  throw new Exit();
}) as typeof process.exit;
const fail = (error: unknown) => {
  if (error instanceof Exit) return;
  process.stderr.write(`${(error as Error)?.stack ?? error}\n`);
  exit(1);
};
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
process.on('disconnect', () => endProcess());

async function run({ args, cwd, env, ...job }: Job): Promise<Finished> {
  workers = job.workers;
  Object.assign(output, { stdout: '', stderr: '' });
  process.chdir(cwd);
  replaceEnvironment(env);
  process.argv = [process.execPath, 'artillery', ...args];
  resetGlobalObject();
  const code = await new Promise<number>((resolve) => {
    exit = resolve;
    RunCommand.run(args.slice(1), config).catch(fail);
  });
  exit = () => {};
  const finalCode = leave(code);
  await threadsFree(THREAD_MS);
  for (const thread of started) if (!isKept(thread)) await thread.terminate();
  started.clear();
  return { code: finalCode, ...output };
}

/** Ends a run as a process ends: listeners of `exit` may change the exit code. */
function leave(code: number): number {
  process.exitCode = code;
  for (const listener of process.listeners('exit')) listener(code);
  for (const event of EVENTS) process.removeAllListeners(event);
  const finalCode = Number(process.exitCode);
  process.exitCode = undefined;
  return finalCode;
}

process.on('message', (job: Job) => void run(job).then((finished) => process.send?.(finished)));
process.send?.('ready');
