import { percentile, type Round, spreadOf, type VerdictFile } from '../model/index.ts';

type MachineSummary = NonNullable<VerdictFile['machines']>[number];

/** What each machine did: its contenders, how close together they were released, and how wrong its clock may be. */
export const machinesOf = (machines: readonly number[], rounds: readonly Round[]): MachineSummary[] =>
  machines.map((machine) => {
    const own = rounds.map(({ attempts }) => attempts.filter((attempt) => attempt.machine === machine));
    return {
      machine,
      contenders: new Set(own.flat().map(({ vu }) => vu)).size,
      spreadMs: median(own.flatMap((attempts) => spreadOf(attempts) ?? [])),
      spreadErrorMs: median(own.flatMap(([first]) => first?.clockErrorMs ?? [])),
    };
  });

const median = (values: readonly number[]): number | undefined =>
  percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
