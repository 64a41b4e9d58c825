import { plural, type Verdict } from '../../model/index.ts';
import { VERDICT_WORDS } from '../verdict-text.ts';
import type { PackVerdictFile, ScenarioLine } from './pack.ts';

/** The result of a scenario as a headline. */
export const RESULT_WORDS = {
  ...VERDICT_WORDS,
  broken: 'BROKEN',
  'not run': 'NOT RUN',
} as const satisfies Record<ScenarioLine['result'], string>;

/** What a scenario counts as: without a verdict it proves nothing. */
export const verdictIn = ({ result }: ScenarioLine): Verdict =>
  result === 'broken' || result === 'not run' ? 'inconclusive' : result;

/** The combined verdict as a headline: a pass of some scenarios must not look like one of all. */
export function packHeadline({ verdict, scenarios, leftOut }: PackVerdictFile): string {
  const all = scenarios.length + leftOut.length;
  return leftOut.length === 0
    ? RESULT_WORDS[verdict]
    : `${RESULT_WORDS[verdict]}, ${scenarios.length} of ${plural(all, 'scenario')}`;
}

/** The combined verdict in one sentence. */
export function packSentence({ verdict, scenarios, leftOut }: PackVerdictFile): string {
  const named = (result: ScenarioLine['result']) =>
    scenarios.filter((line) => line.result === result).map(({ scenario }) => scenario);
  switch (verdict) {
    case 'pass':
      return leftOut.length === 0
        ? `All ${plural(scenarios.length, 'scenario')} passed.`
        : `${named('pass').join(', ')} passed. Left out, because the environment lacks what they need: ${leftOut.map(({ scenario }) => scenario).join(', ')}.`;
    case 'fail':
      return `The target failed ${named('fail').join(', ')}.`;
    case 'inconclusive': {
      const doubts = (['inconclusive', 'broken', 'not run'] as const).flatMap((result) => {
        const names = named(result);
        return names.length === 0 ? [] : `${names.join(', ')} (${result})`;
      });
      return `No violation was found, but this is not a pass: ${doubts.join(', ') || 'no scenario'}.`;
    }
  }
}

/** `double-booking × 16, no-winner`, or why there is no verdict; empty for a clean pass. */
export function findingsText({ findings, problem }: ScenarioLine): string {
  const counted = Object.entries(findings).map(([id, count]) => (count === 1 ? id : `${id} × ${count}`));
  return [...(problem === undefined ? [] : [problem]), ...counted].join(', ');
}
