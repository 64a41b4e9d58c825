import { FINDING_IDS, type Finding, type FoldedHistory } from '../../../model/index.ts';

/** So many findings of rounds that are not kept are told, the gravest first. */
const MAX_TOLD = 1000;

/** The findings, with those of rounds that are not kept; the gravest first. */
export function withFolded(findings: readonly Finding[], { folded }: FoldedHistory): readonly Finding[] {
  if (folded === undefined || folded.findings.length === 0) return findings;
  const known = new Set(findings.filter(({ round }) => round === undefined).map(({ id }) => id));
  const more = folded.findings.filter(({ id, round }) => {
    if (round !== undefined) return true;
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
  const rank = new Map(FINDING_IDS.map((id, index) => [id, index]));
  const byRank = (some: readonly Finding[]) =>
    some.toSorted(
      (a, b) =>
        Number(b.severity === 'violation') - Number(a.severity === 'violation') ||
        (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0),
    );
  return byRank([...findings, ...byRank(more).slice(0, MAX_TOLD)]);
}

/** What is not told of rounds that are not kept; empty where all is. */
export function untoldFindings({ folded }: FoldedHistory): readonly string[] {
  const count = (folded?.findings.length ?? 0) - MAX_TOLD;
  return count > 0
    ? [`${count.toLocaleString('en-US')} more findings are not told in full: their rounds name them.`]
    : [];
}
