import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf, killOnExit } from '../../bench/processes.ts';

/** A server that this process has started for private use. */
export interface OwnServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Text for stdin. */
  readonly input?: string;
  /** The user to run as. Default: the user of this process. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>>;
  /** A temporary folder, removed when the server has stopped. */
  readonly folder: string;
  /** Where it runs. Default: its folder. */
  readonly cwd?: string;
  /** How long it may take until it answers. Default: 20 s. */
  readonly startTimeoutMs?: number;
  readonly stopSignal: NodeJS.Signals;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 50;

const folders = new Set<string>();

/** Creates a folder for a server or a run. It is removed when this process exits, for any reason. */
export function temporaryFolder(name: string): string {
  if (process.listenerCount('exit', removeAll) === 0) {
    process.on('exit', removeAll);
    // By default a signal ends the process without an `exit` event. The running API also stops on that event.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  folders.add(folder);
  return folder;
}

/** Removes such a folder. Retries, because a process that was just killed may still write to it. */
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
 * Starts a server and waits until it answers.
 *
 * @param ping rejects while the server does not answer
 * @returns a function that stops the server and removes the folder
 * @throws Error with the output of the server when it exits, or does not answer in time
 */
export async function startServer(program: ServerProgram, ping: () => Promise<unknown>): Promise<() => Promise<void>> {
  const { command, args, input, user, env, folder, cwd = folder, stopSignal } = program;
  const environment = { ...process.env, ...env };
  const child = killOnExit(spawn(command, args, { cwd, env: environment, ...user, stdio: ['pipe', 'pipe', 'pipe'] }));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-2_000);
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const exited = exitCodeOf(child);
  let code: number | null | undefined;
  void exited.then((exitCode) => {
    code = exitCode;
  });

  const deadline = performance.now() + (program.startTimeoutMs ?? START_TIMEOUT_MS);
  for (;;) {
    const isUp = await ping().then(
      () => true,
      () => false,
    );
    if (isUp) return () => stop(child, exited, stopSignal, folder);
    if (code === undefined && performance.now() < deadline) await sleep(POLL_MS);
    else {
      await stop(child, exited, 'SIGKILL', folder);
      throw new Error(`${path.basename(command)} did not start: ${output.trim() || `it exited with ${code}`}`);
    }
  }
}

async function stop(
  child: ChildProcess,
  exited: Promise<unknown>,
  signal: NodeJS.Signals,
  folder: string,
): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
  removeFolder(folder);
}
