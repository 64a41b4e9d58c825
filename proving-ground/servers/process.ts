import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, keep } from '../../bench/processes.ts';

/** A server that this process has started, for itself alone. */
export interface OwnServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** What it reads from stdin. */
  readonly input?: string;
  /** Whose it is; default: this process's. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  readonly folder: string;
  readonly stopSignal: NodeJS.Signals;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 50;

const folders = new Set<string>();

/** A folder for the data of a server, or of a run; whatever ends this process takes it away. */
export function temporaryFolder(name: string): string {
  if (process.listenerCount('exit', removeAll) === 0) {
    process.on('exit', removeAll);
    // By default a signal ends a process without that. The API that is being raced is told so as well.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  folders.add(folder);
  return folder;
}

/** Takes away a folder that is no longer needed. Who was just killed may still be writing to it: then once more. */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  folders.delete(folder);
}

function removeAll(): void {
  for (const folder of folders) removeFolder(folder);
}

export const newPassword = (): string => randomBytes(12).toString('hex');

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts a server, and waits until it answers.
 *
 * @param answers throws while it does not
 * @throws Error with what it said where it ends, or does not answer within 20 s
 */
export async function startServer(
  program: ServerProgram,
  answers: () => Promise<unknown>,
): Promise<() => Promise<void>> {
  const { command, args, input, user, folder, stopSignal } = program;
  const child = keep(spawn(command, args, { cwd: folder, ...user, stdio: ['pipe', 'pipe', 'pipe'] }));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said = (said + data).slice(-2_000);
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const over = ended(child);
  let code: number | null | undefined;
  void over.then((its) => {
    code = its;
  });

  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const isUp = await answers().then(
      () => true,
      () => false,
    );
    if (isUp) return () => stop(child, over, stopSignal, folder);
    if (code === undefined && performance.now() < deadline) await sleep(POLL_MS);
    else {
      await stop(child, over, 'SIGKILL', folder);
      throw new Error(`${path.basename(command)} did not start: ${said.trim() || `it ended with ${code}`}`);
    }
  }
}

async function stop(
  child: ChildProcess,
  over: Promise<unknown>,
  signal: NodeJS.Signals,
  folder: string,
): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await over;
  clearTimeout(timer);
  removeFolder(folder);
}
