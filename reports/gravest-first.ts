import { type Finding, SILENCE, type VerdictFile } from '../model/index.ts';

/**
 * The findings in the order in which people should look at them: violations before doubts. Of a run that was cut short the
 * doubt about that is the first: what else is in doubt follows from it.
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
    return ended !== 'completed' && id === SILENCE ? 1 : 2;
  };
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
