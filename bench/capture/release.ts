import type { Segment } from './tcp.ts';

/** A request of a round became complete: its last bytes went over the wire in this segment. */
export interface Release {
  readonly round: number;
  readonly segment: Segment;
}

/** One round as the kernel saw it: independent of client and server code. */
export interface CapturedRound {
  readonly round: number;
  readonly requests: number;
  /** Last release minus first release. */
  readonly spreadMs: number;
  /** When each request was released, in milliseconds from the first, ascending. */
  readonly offsetsMs: readonly number[];
  /** How many segments carried the releases, and the bytes of data in them. */
  readonly segments: number;
  readonly bytes: number;
}

/** The seat that a round is about. Its name tells run and round, so that a capture can tell which request was of which. */
export const seatOf = (run: number, round: number): string => `r${run}-${round}`;

/** The round, from text that begins or holds the seat of the given run; undefined where it does not. */
export function roundIn(text: string, run: number): number | undefined {
  const round = new RegExp(`\\br${run}-(\\d+)\\b`).exec(text)?.[1];
  return round === undefined ? undefined : Number(round);
}

/** The rounds in order. */
export function capturedRounds(releases: readonly Release[]): CapturedRound[] {
  return [...Map.groupBy(releases, (release) => release.round)]
    .sort(([a], [b]) => a - b)
    .map(([round, its]) => {
      const segments = [...new Set(its.map((release) => release.segment))];
      const times = segments.map((segment) => segment.atUs);
      return {
        round,
        requests: its.length,
        spreadMs: (Math.max(...times) - Math.min(...times)) / 1000,
        offsetsMs: its.map((release) => (release.segment.atUs - Math.min(...times)) / 1000).toSorted((a, b) => a - b),
        segments: segments.length,
        bytes: segments.reduce((sum, segment) => sum + segment.length, 0),
      };
    });
}
