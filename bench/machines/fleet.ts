import fs from 'node:fs';
import path from 'node:path';
import { artilleryArguments } from '../arms/artillery.ts';
import { COMPLETED, RUN_TIMEOUT_MS } from '../arms/index.ts';
import { argumentsOf, type RaceRun } from '../arms/seats.ts';
import { CaptureError } from '../capture/pcap.ts';
import { startCapture } from '../capture/tcpdump.ts';
import { runNode } from '../processes.ts';
import type { Target } from '../target/index.ts';
import type { Ground } from './ground.ts';
import type { BenchRedis, Way } from './redis.ts';

/** One way to race on several machines. `agreed`: ours, at an instant of the common clock. `receipt`: when a message comes. */
export interface FleetArm {
  readonly release: 'agreed' | 'receipt';
  readonly machines: number;
  readonly way: Way;
}

/** A round as the packets say it, and as the report does. */
export interface MeasuredRound {
  /** How many requests the capture shows. */
  readonly requests: number;
  readonly packetsMs: number;
  /** What the report says; absent where no report says how wrong its spread may be. */
  readonly reported?: { readonly spreadMs: number; readonly errorMs: number };
}

/** What all runs of the bench share. */
export interface Field {
  readonly ground: Ground;
  readonly target: Target;
  readonly redis: BenchRedis;
  readonly dir: string;
}

/** How far the wall clocks of the machines are off. */
const SKEW_MS = [0, 1000, -1000, 5000, -60_000] as const;
const RETRIES = 2;

/** Runs all machines of a race and captures the packets. @throws Error when a machine fails */
export async function runFleet(
  arm: FleetArm,
  size: Pick<RaceRun, 'contenders' | 'rounds'>,
  field: Field,
  nextNumber: () => number,
): Promise<MeasuredRound[]> {
  for (let attempt = 0; ; attempt++) {
    const run = { ...size, number: nextNumber() };
    const { ground, target, dir } = field;
    const capture = await startCapture({
      ...{ port: target.ports.http1, wire: 'http1', run: run.number, at: ground.listening, dir },
    });
    try {
      const machines = Array.from({ length: arm.machines }, (_, index) => index + 1);
      await Promise.all(machines.map((machine) => runMachine(machine, arm, run, field)));
      const isReported = arm.release === 'agreed' && arm.machines > 1;
      const reported = isReported ? reportedRounds(outputOf(run, 1, dir)) : new Map();
      return (await capture.stop()).map(({ round, requests, spreadMs }) => {
        const said = reported.get(round);
        return { requests, packetsMs: spreadMs, ...(said !== undefined && { reported: said }) };
      });
    } catch (error) {
      if (!(error instanceof CaptureError) || attempt === RETRIES) throw error;
    }
  }
}

const outputOf = (run: RaceRun, machine: number, dir: string) => path.join(dir, `${run.number}-${machine}`);

async function runMachine(machine: number, arm: FleetArm, run: RaceRun, field: Field): Promise<void> {
  const { ground, target, redis } = field;
  const dir = outputOf(run, machine, field.dir);
  fs.mkdirSync(dir);
  const url = `http://${ground.host}:${target.ports.http1}`;
  const own = { ...run, contenders: run.contenders / arm.machines };
  const meet = redis.urlOf(machine, arm.way);
  const together = arm.machines > 1 ? { machines: arm.machines, meet } : {};
  const program =
    arm.release === 'agreed'
      ? artilleryArguments(url, own, dir, { race: { wire: 'http1', ...together } })
      : [path.join(import.meta.dirname, 'receipt.ts'), ...argumentsOf(url, own), meet, `${arm.machines}`];
  const { code, output } = await runNode(['--import', path.join(import.meta.dirname, 'skew.mjs'), ...program], {
    within: ground.within(machine),
    cwd: dir,
    env: {
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      ORDER_OUTPUT_DIR: dir,
      ORDER_RUN_ID: `bench-${run.number}`,
      BENCH_SKEW_MS: `${SKEW_MS[(machine - 1) % SKEW_MS.length]}`,
    },
    timeoutMs: RUN_TIMEOUT_MS,
  });
  if (code === null || !COMPLETED.includes(code)) throw new Error(`machine ${machine} exited with ${code}:\n${output}`);
}

interface VerdictRound {
  readonly number: number;
  readonly spreadMs?: number;
  readonly spreadErrorMs?: number;
}

/** What the report of a machine says of each round. All machines say the same. */
function reportedRounds(dir: string): Map<number, { readonly spreadMs: number; readonly errorMs: number }> {
  const file = fs.readdirSync(dir).find((name) => name.endsWith('.verdict.json'));
  if (file === undefined) throw new Error('a machine left no verdict behind');
  const { rounds } = JSON.parse(fs.readFileSync(path.join(dir, file), 'utf8')) as { rounds: VerdictRound[] };
  return new Map(
    rounds.map(({ number, spreadMs = Number.NaN, spreadErrorMs = 0 }) => [
      number,
      { spreadMs, errorMs: spreadErrorMs },
    ]),
  );
}
