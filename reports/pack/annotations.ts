import { annotationLine, MAX_ANNOTATIONS } from '../annotations.ts';
import type { PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/** Of several scenarios: the verdict, then each scenario that did not pass. At most ten lines, see {@link annotationLine}. */
export function packAnnotationsOf(pack: PackVerdictFile): readonly string[] {
  const doubtful = pack.scenarios.filter((line) => verdictIn(line) !== 'pass');
  const failedFirst = doubtful.toSorted((a, b) => Number(b.result === 'fail') - Number(a.result === 'fail'));
  const rest = failedFirst.length - (MAX_ANNOTATIONS - 1);
  const shown = rest > 0 ? failedFirst.slice(0, MAX_ANNOTATIONS - 2) : failedFirst;
  return [
    annotationLine(pack.verdict, `${packHeadline(pack)} on ${pack.env}`, packSentence(pack)),
    ...shown.map((line) => annotationLine(verdictIn(line), titleOf(line), findingsText(line))),
    ...(rest > 0 ? [annotationLine('inconclusive', `and ${rest + 1} more`, 'The index has all scenarios.')] : []),
  ];
}

const titleOf = ({ scenario, result }: ScenarioLine): string => `${RESULT_WORDS[result]}: ${scenario}`;
