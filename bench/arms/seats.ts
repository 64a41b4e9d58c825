import { seatOf } from '../capture/release.ts';

/** One run of an arm: this many contenders go for each of its seats, one seat after the other. */
export interface RaceRun {
  /** Unique among the runs against one target. */
  readonly number: number;
  readonly contenders: number;
  readonly rounds: number;
}

export const seatsOf = (run: RaceRun): string[] =>
  Array.from({ length: run.rounds }, (_, index) => seatOf(run.number, index + 1));

/** A run, as the arms that are programs of their own are told it: URL, number, contenders, rounds. */
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
