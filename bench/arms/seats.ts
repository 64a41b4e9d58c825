import { seatOf } from '../capture/release.ts';

/** One run of an arm: all contenders go for the same seat, round after round, with a new seat for each round. */
export interface RaceRun {
  /** Unique among the runs against the same target. */
  readonly number: number;
  readonly contenders: number;
  readonly rounds: number;
}

export const seatsOf = (run: RaceRun): string[] =>
  Array.from({ length: run.rounds }, (_, index) => seatOf(run.number, index + 1));

/** The command line that describes a run to an arm that is a separate program: URL, number, contenders, rounds. */
export const argumentsOf = (url: string, run: RaceRun): string[] => [
  url,
  String(run.number),
  String(run.contenders),
  String(run.rounds),
];

export function runFromArguments(args: readonly string[]): { readonly url: URL; readonly run: RaceRun } {
  const [url = '', number, contenders, rounds] = args;
  return {
    url: new URL(url),
    run: { number: Number(number), contenders: Number(contenders), rounds: Number(rounds) },
  };
}
