import type { ReleaseSettings } from '../../config/index.ts';
import type { Stagger } from '../../rendezvous/index.ts';

/** Where a contender stands when its request is about to be staged. */
export interface Standing {
  readonly vu: number;
  /** The place of the round's inventory among all, from 0, and how many there are. */
  readonly place: number;
  readonly places: number;
  /** When its previous request for the same inventory was let go, in milliseconds on the run's clock. */
  readonly previousMs: number | undefined;
}

/**
 * How a contender is let go.
 *
 * A sweep needs something to be an offset from: the previous release, or the other requests of the round. Where neither
 * is said (it is in the plugin's block, for all), every second contender is swept around the others.
 *
 * @param own whether the request says it itself
 * @returns undefined where it goes at the instant of the release, as soon as all have come
 */
export function staggerOf(release: ReleaseSettings, own: boolean, standing: Standing): Stagger | undefined {
  const { shape, spanMs, delayMs, afterPreviousMs } = release;
  const { vu, place, places, previousMs } = standing;
  const isSwept = shape === 'sweep' && (own || afterPreviousMs !== undefined || (vu + place) % 2 === 1);
  const offsetMs = delayMs + (isSwept ? sweptBy(spanMs, place, places) : 0);
  const instantMs =
    afterPreviousMs === undefined || previousMs === undefined ? undefined : previousMs + afterPreviousMs;
  const ramp = shape === 'ramp' ? spanMs : 0;
  if (offsetMs === 0 && ramp === 0 && instantMs === undefined) return undefined;
  return { offsetMs, spanMs: ramp, ...(instantMs !== undefined && { instantMs }) };
}

/** From a span before to a span after, evenly over all places; a single one is in the middle. */
function sweptBy(spanMs: number, place: number, places: number): number {
  return places < 2 ? 0 : spanMs * ((2 * place) / (places - 1) - 1);
}
