import { type Arm, type FinishedArm, type RaceRun, runArm } from './arms/index.ts';
import { CaptureError } from './capture/pcap.ts';
import type { CapturedRound } from './capture/release.ts';
import { startCapture } from './capture/tcpdump.ts';
import type { Target } from './target/index.ts';

/** One run of an arm as the kernel saw it. */
export interface CapturedRun extends FinishedArm {
  readonly rounds: readonly CapturedRound[];
}

/** How often to repeat a run when the capture is incomplete. */
const RETRIES = 2;

/**
 * Runs an arm and captures the packets.
 *
 * @param nextRun returns a run of the same size with a new number
 * @throws Error when the arm fails, or the packets cannot be captured
 */
export async function captureArm(arm: Arm, target: Target, nextRun: () => RaceRun, dir: string): Promise<CapturedRun> {
  for (let attempt = 0; ; attempt++) {
    const run = nextRun();
    const capture = await startCapture({ port: target.ports[arm.wire], wire: arm.wire, run: run.number, dir });
    try {
      const finished = await runArm(arm, target, run, dir);
      return { ...finished, rounds: await capture.stop() };
    } catch (error) {
      if (!(error instanceof CaptureError) || attempt === RETRIES) throw error;
    }
  }
}
