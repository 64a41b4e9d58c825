import type { Segment } from './tcp.ts';

/** A request was released: the last bytes of the request were in this segment. */
export interface Release {
  readonly round: number;
  readonly segment: Segment;
}

/** One round as the kernel saw it, so client and server code play no part. */
export interface CapturedRound {
  readonly round: number;
  readonly requests: number;
  /** Last release minus first release. */
  readonly spreadMs: number;
  /** When each request was released, in milliseconds after the first one, ascending. */
  readonly offsetsMs: readonly number[];
  /** The number of segments that carried the releases, and the bytes of data in them. */
  readonly segments: number;
  readonly bytes: number;
}

/** The seat of a round. The name contains run and round, so that a capture shows which round a request belongs to. */
export const seatOf = (run: number, round: number): string => `r${run}-${round}`;

/** The round of the seat that a text mentions. Undefined when it mentions no seat of this run. */
export function roundIn(text: string, run: number): number | undefined {
  const round = new RegExp(`\\br${run}-(\\d+)\\b`).exec(text)?.[1];
  return round === undefined ? undefined : Number(round);
}

/** Groups releases by round, in the order of the rounds. */
export function capturedRounds(releases: readonly Release[]): CapturedRound[] {
  return [...Map.groupBy(releases, (release) => release.round)]
    .sort(([a], [b]) => a - b)
    .map(([round, released]) => {
      const segments = [...new Set(released.map((release) => release.segment))];
      const times = segments.map((segment) => segment.atUs);
      return {
        round,
        requests: released.length,
        spreadMs: (Math.max(...times) - Math.min(...times)) / 1000,
        offsetsMs: released
          .map((release) => (release.segment.atUs - Math.min(...times)) / 1000)
          .toSorted((a, b) => a - b),
        segments: segments.length,
        bytes: segments.reduce((sum, segment) => sum + segment.length, 0),
      };
    });
}
