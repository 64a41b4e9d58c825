import { sum } from '../../model/statistics.ts';
import type { RaceRun } from '../arms/index.ts';
import { seatsOf } from '../arms/seats.ts';
import { CaptureError } from '../capture/pcap.ts';
import { startCapture } from '../capture/tcpdump.ts';
import { runProgram } from '../processes.ts';
import { type Cores, onCores } from './cores.ts';
import type { PeerTarget, RoundOutcome } from './target/index.ts';
import type { Peer, Tool } from './tools.ts';
import { childCpuS, watchMemory } from './usage.ts';

/** One run of a tool. */
export interface PeerRun {
  readonly wallS: number;
  /** NaN where the system does not say it. */
  readonly cpuS: number;
  readonly rssMb: number;
  readonly exitCode: number;
  /** Requests that the target never got. */
  readonly missing: number;
  /** The spread of each round by the packets, in the order of the rounds; absent where they were not captured. */
  readonly spreadsMs?: readonly number[];
  readonly rounds: readonly RoundOutcome[];
  /** The last lines that the tool printed. */
  readonly output: string;
}

/** What all runs of the bench share. */
export interface PeerField {
  readonly target: PeerTarget;
  readonly cores: Cores;
  readonly dir: string;
  /** A new number for each run. */
  readonly nextNumber: () => number;
}

/** Far longer than the slowest tool needs. A tool that stalls is stopped. */
const RUN_TIMEOUT_MS = 120_000;
/** As `timeout` exits, and as a shell says that a program was killed. */
const TIMED_OUT = 124;
const KILLED = 137;
/** How often to repeat a run when the capture is incomplete. */
const RETRIES = 2;

/** Runs a tool. @param isCaptured whether to capture the packets @throws Error where they cannot be captured */
export async function runPeer(
  peer: Peer,
  tool: Tool,
  size: Pick<RaceRun, 'contenders' | 'rounds'>,
  field: PeerField,
  isCaptured: boolean,
): Promise<PeerRun> {
  for (let attempt = 0; ; attempt++) {
    const run = { ...size, number: field.nextNumber() };
    const port = field.target.ports[peer.wire];
    const capture = isCaptured
      ? await startCapture({ port, wire: peer.wire, run: run.number, dir: field.dir })
      : undefined;
    try {
      const used = await useOf(tool.commands(`http://127.0.0.1:${port}`, run, field.dir), port, run, field);
      const captured = await capture?.stop();
      const rounds = await field.target.outcome(run.number);
      return {
        ...used,
        missing: missingIn(rounds, run),
        rounds,
        ...(captured && { spreadsMs: spreadsOf(captured, run.rounds) }),
      };
    } catch (error) {
      if (!(error instanceof CaptureError) || attempt === RETRIES) throw error;
    }
  }
}

type Use = Pick<PeerRun, 'wallS' | 'cpuS' | 'rssMb' | 'exitCode' | 'output'>;

async function useOf(
  commands: readonly (readonly string[])[],
  port: number,
  run: RaceRun,
  field: PeerField,
): Promise<Use> {
  const cpuBefore = childCpuS();
  const startedAt = performance.now();
  let [rssMb, exitCode, last] = [0, 0, ''];
  for (const command of commands) {
    let peakMb = () => 0;
    const { code, output, hasTimedOut } = await runProgram(onCores(field.cores.tool, command), {
      cwd: field.dir,
      env: {
        URL: `http://127.0.0.1:${port}`,
        CONTENDERS: `${run.contenders}`,
        SEATS: seatsOf(run).join(','),
        ARTILLERY_DISABLE_TELEMETRY: 'true',
        ORDER_OUTPUT_DIR: `${field.dir}/${run.number}-output`,
      },
      timeoutMs: RUN_TIMEOUT_MS,
      onStart: (pid) => {
        peakMb = watchMemory(pid);
      },
    });
    rssMb = Math.max(rssMb, peakMb());
    exitCode = Math.max(exitCode, hasTimedOut ? TIMED_OUT : (code ?? KILLED));
    last = output;
    if (hasTimedOut) break;
  }
  const wallS = (performance.now() - startedAt) / 1000;
  return { wallS, cpuS: childCpuS() - cpuBefore, rssMb, exitCode, output: last };
}

/** How many requests the target never got, in all rounds that were to be raced. */
export function missingIn(rounds: readonly RoundOutcome[], run: Pick<RaceRun, 'contenders' | 'rounds'>): number {
  return run.contenders * run.rounds - sum(rounds.map(({ asked }) => Math.min(asked, run.contenders)));
}

/** The spread of each round; NaN where the packets show no request. */
function spreadsOf(
  captured: readonly { readonly round: number; readonly spreadMs: number }[],
  rounds: number,
): number[] {
  const byRound = new Map(captured.map(({ round, spreadMs }) => [round, spreadMs]));
  return Array.from({ length: rounds }, (_, index) => byRound.get(index + 1) ?? Number.NaN);
}
