import { spawn } from 'node:child_process';
import path from 'node:path';
import { ended, keep } from '../processes.ts';

/** The target, in a process of its own. */
export interface Target {
  readonly ports: { readonly http1: number; readonly http2: number };
  /** How long it waits between its check and its act. */
  setWindow(us: number): Promise<void>;
  outcome(run: number): Promise<Outcome>;
  stop(): Promise<void>;
}

/** What became of a run, as the target knows it. */
export interface Outcome {
  /** By the number of the round: how often its seat was sold. */
  readonly winners: Readonly<Record<string, number>>;
  /** How long the first request of each round waited between check and act, in microseconds. */
  readonly windowsUs: readonly number[];
}

/** On one session of HTTP/2: what nginx allows by default. */
export const MAX_CONCURRENT_STREAMS = 128;

const STOP_MS = 5000;
const ASK_MS = 10_000;

export async function startTarget(): Promise<Target> {
  const child = keep(
    spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const over = ended(child);
  const ports = await new Promise<Target['ports']>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      if (said.endsWith('\n')) resolve(JSON.parse(said) as Target['ports']);
    });
    void over.then((code) => reject(new Error(`the target ended with ${code}`)));
  });
  const ask = async (method: string, what: string) => {
    const response = await fetch(`http://127.0.0.1:${ports.http1}${what}`, {
      method,
      signal: AbortSignal.timeout(ASK_MS),
    });
    return (await response.json()) as unknown;
  };
  return {
    ports,
    setWindow: async (us) => void (await ask('PUT', `/window/${us}`)),
    outcome: async (run) => (await ask('GET', `/outcome/${run}`)) as Outcome,
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await over;
      clearTimeout(timer);
    },
  };
}
