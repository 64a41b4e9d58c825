import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { exitCodeOf, firstLineOf, killOnExit } from '../processes.ts';

/** The target, which runs in a separate process. */
export interface Target {
  readonly ports: { readonly http1: number; readonly http2: number };
  /** Sets how long the target waits between check and act. */
  setWindow(us: number): Promise<void>;
  outcome(run: number): Promise<Outcome>;
  stop(): Promise<void>;
}

/** The result of a run, as the target knows it. */
export interface Outcome {
  /** How often the seat of each round was sold, by the number of the round. */
  readonly winners: Readonly<Record<string, number>>;
  /** How long the first request of each round waited between check and act, in microseconds. */
  readonly windowsUs: readonly number[];
}

/** Streams on one HTTP/2 session: the default of nginx. */
export const MAX_CONCURRENT_STREAMS = 128;

const STOP_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;

/** @param within the command that starts it elsewhere, such as in a namespace */
export async function startTarget(host = '127.0.0.1', within: readonly string[] = []): Promise<Target> {
  const [command = '', ...args] = [...within, process.execPath, join(import.meta.dirname, 'main.ts'), host];
  const child = killOnExit(spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
  const exited = exitCodeOf(child);
  const ports = (await firstLineOf(child, 'the target')) as Target['ports'];
  const request = async (method: string, path: string) => {
    const response = await fetch(`http://${host}:${ports.http1}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return (await response.json()) as unknown;
  };
  return {
    ports,
    setWindow: async (us) => void (await request('PUT', `/window/${us}`)),
    outcome: async (run) => (await request('GET', `/outcome/${run}`)) as Outcome,
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
