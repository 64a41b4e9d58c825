import type { ReleaseSettings } from '../../config/index.ts';
import type { Stagger } from '../../rendezvous/index.ts';

/** Where a contender stands when its request is about to be staged. */
export interface Standing {
  readonly vu: number;
  /** Which step of a sweep this round takes, from 0, and how many steps the sweep has. */
  readonly step: number;
  readonly steps: number;
  /** When its previous request for the same inventory was released, in milliseconds on the run's clock. */
  readonly previousMs: number | undefined;
}

/**
 * How a contender's release differs from that of the others.
 *
 * A sweep is an offset from something: from the contender's previous release, or from the other requests of the round.
 * Where the plugin's block sweeps all requests and names no previous release, every second contender is swept around the
 * others.
 *
 * @param isOfLine whether the request's own `race:` line has these settings
 * @returns undefined if the contender goes at the instant of the release
 */
export function staggerOf(release: ReleaseSettings, isOfLine: boolean, standing: Standing): Stagger | undefined {
  const { shape, spanMs, delayMs, afterPreviousMs } = release;
  const { vu, step, steps, previousMs } = standing;
  const isSwept = shape === 'sweep' && (isOfLine || afterPreviousMs !== undefined || (vu + step) % 2 === 1);
  const offsetMs = delayMs + (isSwept ? sweepOffsetMs(spanMs, step, steps) : 0);
  const instantMs =
    afterPreviousMs === undefined || previousMs === undefined ? undefined : previousMs + afterPreviousMs;
  const rampMs = shape === 'ramp' ? spanMs : 0;
  if (offsetMs === 0 && rampMs === 0 && instantMs === undefined) return undefined;
  return { offsetMs, spanMs: rampMs, ...(instantMs !== undefined && { instantMs }) };
}

/** From one span before to one span after, in even steps; a single step is in the middle. */
function sweepOffsetMs(spanMs: number, step: number, steps: number): number {
  return steps < 2 ? 0 : spanMs * ((2 * step) / (steps - 1) - 1);
}
