import type { Finding } from '../model/index.ts';

/** The rounds in which something is wrong: that of the finding, and those of the attempts that prove it. */
export function roundsConcerned({ round, witness }: Finding): ReadonlySet<number> {
  return new Set(round === undefined ? [] : [round, ...witness.map((attempt) => attempt.round)]);
}

/** The findings that concern a round, by the number of the round. */
export function findingsByRound(findings: readonly Finding[]): ReadonlyMap<number, readonly Finding[]> {
  const pairs = findings.flatMap((finding) => [...roundsConcerned(finding)].map((round) => ({ round, finding })));
  const byRound = Map.groupBy(pairs, ({ round }) => round);
  return new Map([...byRound].map(([round, group]) => [round, group.map(({ finding }) => finding)]));
}
