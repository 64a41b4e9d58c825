import type { Race } from '../race.ts';

/** What one run of an arm came to. */
export interface Outcome {
  readonly exitCode: number;
  /** `fail`: it says that something is wrong. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** What it names: ids of findings, or the words of its own. */
  readonly findings: readonly string[];
  /** Rounds that it accuses, of how many. */
  readonly caught: number;
  /** The median over the rounds; undefined where the arm cannot tell. */
  readonly spreadMs?: number | undefined;
}

/** A way to test for double bookings. */
export interface Arm {
  readonly id: string;
  readonly title: string;
  /** @throws Error where it did not come to an end */
  readonly run: (race: Race, dir: string) => Promise<Outcome>;
}
