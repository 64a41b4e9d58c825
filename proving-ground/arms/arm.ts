import type { Race } from '../race.ts';

/** The result of one run of an arm. */
export interface Outcome {
  readonly exitCode: number;
  /** `fail`: the arm reports that something is wrong. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** What it reports: ids of findings, or a word for what it noticed. */
  readonly findings: readonly string[];
  /** The number of rounds that it calls wrong. */
  readonly caught: number;
  /** The median over the rounds. Undefined when the arm does not measure it. */
  readonly spreadMs?: number | undefined;
}

/** A way to test for double bookings. */
export interface Arm {
  readonly id: string;
  readonly title: string;
  /** @throws Error when the run breaks, so that there is no outcome */
  readonly run: (race: Race, dir: string) => Promise<Outcome>;
}

/** How long an arm may run: longer than any race, even one of 16 rounds in which nothing answers. */
export const ARM_TIMEOUT_MS = 300_000;
