import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { findProgram } from '../../find-program.ts';
import { exitCodeOf, firstLineOf, killOnExit } from '../../processes.ts';
import { type Cores, onCores } from '../cores.ts';
import { connectDatabase } from './client.ts';

/** What the target is written in. */
export const TARGETS = ['node', 'go'] as const;
export type TargetName = (typeof TARGETS)[number];
export const TARGET_TITLES: Readonly<Record<TargetName, string>> = { node: 'Node', go: 'Go' };

/** Older ones lack what the Go programs here use. */
const LEAST_GO = '1.25';
export const INSTALL_GO = `install Go ${LEAST_GO} or newer from https://go.dev/dl`;

/** What became of one round, as the database knows it. */
export interface RoundOutcome {
  readonly round: number;
  /** How many contenders asked for the seat, and to how many it was sold. */
  readonly asked: number;
  readonly sold: number;
  /** How wide the window was meant to be. 0: check and sale were one step. */
  readonly windowUs: number;
  /** From the first question to the first sale; absent without a window, or without a sale. */
  readonly tookMs?: number;
}

/** A target and its database, each in a process of its own. */
export interface PeerTarget {
  readonly ports: { readonly http1: number; readonly http2: number };
  /** How long the database takes to say whether a seat is free. Several windows take turns from round to round. */
  setWindows(us: readonly number[]): Promise<void>;
  outcome(run: number): Promise<readonly RoundOutcome[]>;
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 5000;

/** @param dir a folder for the compiled target @throws Error when it does not start, or cannot be compiled */
export async function startPeerTarget(name: TargetName, cores: Cores, dir: string): Promise<PeerTarget> {
  const inHere = (file: string) => path.join(import.meta.dirname, file);
  const command = name === 'node' ? [process.execPath, inHere('node.ts')] : [buildGo(inHere('target.go'), dir)];
  const databaseProcess = start(onCores(cores.database, [process.execPath, inHere('database.ts')]));
  const port = Number(await firstLineOf(databaseProcess, 'the database'));
  const targetProcess = start(onCores(cores.target, [...command, String(port)]));
  const ports = (await firstLineOf(targetProcess, 'the target')) as PeerTarget['ports'];
  const database = await connectDatabase(port);
  return {
    ports,
    setWindows: async (us) => void (await database.ask(`windows ${us.join(',')}`)),
    outcome: async (run) => JSON.parse(await database.ask(`outcome ${run}`)) as RoundOutcome[],
    async stop() {
      database.close();
      await Promise.all([targetProcess, databaseProcess].map(stopProcess));
    },
  };
}

/** Explains to people why a target cannot be had here; undefined when it can. */
export function targetProblem(name: TargetName): string | undefined {
  if (name === 'node' || hasGo()) return undefined;
  return `--target go needs Go, which is not installed or too old: ${INSTALL_GO}`;
}

/** The version of Go; undefined where there is no Go. */
export const goVersion = (): string | undefined =>
  findProgram('go') === undefined ? undefined : versionOf('go', 'version');

/** Whether the Go programs here can be compiled. */
export function hasGo(): boolean {
  const version = goVersion();
  return version !== undefined && version.localeCompare(LEAST_GO, 'en', { numeric: true }) >= 0;
}

/** The version that a program prints. */
export const versionOf = (...[command, ...args]: readonly [string, ...string[]]): string =>
  /\d+(\.\d+)+/.exec(execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' }))?.[0] ?? 'unknown';

/** Compiles a Go program of one file. @returns the path of the program @throws Error with the compiler's last line */
export function buildGo(source: string, dir: string): string {
  const program = path.join(dir, path.basename(source, '.go'));
  try {
    execFileSync('go', ['build', '-o', program, source], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new Error(`go build ${path.basename(source)}: ${(stderr || message).trim().split('\n').at(-1)}`);
  }
  return program;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

const start = ([command = '', ...args]: readonly string[]): Child =>
  killOnExit(spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] }));

async function stopProcess(child: Child): Promise<void> {
  const exited = exitCodeOf(child);
  child.stdin.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
