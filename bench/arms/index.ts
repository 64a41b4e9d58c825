import fs from 'node:fs';
import path from 'node:path';
import { runNode } from '../processes.ts';
import type { Target } from '../target/index.ts';
import { type ArtilleryVariant, artilleryArguments } from './artillery.ts';
import { argumentsOf, type RaceRun } from './seats.ts';

export type { RaceRun } from './seats.ts';

/** One way to release contenders at once. */
export interface Arm {
  readonly id: string;
  readonly title: string;
  readonly wire: 'http1' | 'http2';
  /** The arguments for Node. Every arm runs in a separate process. */
  readonly command: (url: string, run: RaceRun, dir: string) => string[];
}

/** What a run of an arm left behind. */
export interface FinishedArm {
  /** From the start to the exit of the process. */
  readonly wallMs: number;
  /** Only measured for the arms that run Artillery. */
  readonly peakMemoryMb: number | undefined;
  /** The folder with the files of the plugin. */
  readonly outputDir: string;
}

/** Twice as long as the slowest arm needs for a thousand contenders on a slow machine. */
export const RUN_TIMEOUT_MS = 300_000;
/** Exit codes of a complete run. The plugin exits with 3 for fail and with 4 for inconclusive. */
export const COMPLETED = [0, 3, 4];

const artillery = (variant: ArtilleryVariant): Arm['command'] => {
  return (url, run, dir) => artilleryArguments(url, run, dir, variant);
};
const program = (name: string): Arm['command'] => {
  return (url, run) => [path.join(import.meta.dirname, name), ...argumentsOf(url, run)];
};

export const STOCK = 'stock';
export const OURS_HTTP1 = 'ours-http1';
export const OURS_HTTP2 = 'ours-http2';
export const FLOOR = 'floor';

export const ARMS: readonly Arm[] = [
  { id: STOCK, title: 'Artillery', wire: 'http1', command: artillery({}) },
  {
    id: 'hook-barrier',
    title: 'Artillery, barrier in a hook',
    wire: 'http1',
    command: artillery({
      hook: { processor: path.join(import.meta.dirname, 'barrier.mts'), name: 'waitForAll' },
    }),
  },
  { id: 'fetch', title: '`Promise.all` of `fetch`', wire: 'http1', command: program('fetch.ts') },
  {
    id: OURS_HTTP1,
    title: 'Ours, HTTP/1.1',
    wire: 'http1',
    command: artillery({ race: { wire: 'http1' } }),
  },
  {
    id: OURS_HTTP2,
    title: 'Ours, HTTP/2',
    wire: 'http2',
    command: artillery({ race: { wire: 'http2' } }),
  },
  { id: FLOOR, title: 'Floor: a bare loop', wire: 'http1', command: program('floor.ts') },
];

/** Runs an arm. @throws Error when the process fails, or does not exit in time */
export async function runArm(arm: Arm, target: Target, run: RaceRun, dir: string): Promise<FinishedArm> {
  const outputDir = path.join(dir, `${run.number}-output`);
  const memoryFile = path.join(dir, `${run.number}.memory`);
  const url = `http://127.0.0.1:${target.ports[arm.wire]}`;
  const startedAt = performance.now();
  const { code, output } = await runNode(arm.command(url, run, dir), {
    cwd: dir,
    env: { ARTILLERY_DISABLE_TELEMETRY: 'true', ORDER_OUTPUT_DIR: outputDir, BENCH_PEAK_MEMORY: memoryFile },
    timeoutMs: RUN_TIMEOUT_MS,
  });
  const wallMs = performance.now() - startedAt;
  if (code === null || !COMPLETED.includes(code)) throw new Error(`${arm.id} exited with ${code}:\n${output}`);
  const memory = fs.existsSync(memoryFile) ? Number(fs.readFileSync(memoryFile, 'utf8')) / 1024 : undefined;
  return { wallMs, peakMemoryMb: memory, outputDir };
}
