import { BLIND_SUITE } from '../model/blind-suite.ts';
import { type Finding, SILENCE, type VerdictFile } from '../model/index.ts';

/**
 * The findings in the order in which people should look at them: violations before doubts. The first doubt is that the run was
 * cut short, or else that the suite is blind: what else is in doubt follows from it.
 */
export function gravestFirst({
  findings,
  ended = 'completed',
}: {
  readonly findings: readonly Finding[];
  readonly ended?: VerdictFile['ended'];
}): readonly Finding[] {
  const rank = ({ id, severity }: Finding): number => {
    if (severity === 'violation') return 0;
    if (ended !== 'completed' && id === SILENCE) return 1;
    return id === BLIND_SUITE.id ? 2 : 3;
  };
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
