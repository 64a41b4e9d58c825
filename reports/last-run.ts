import { plural, type VerdictFile } from '../model/index.ts';
import { changeOfTime } from './compare.ts';
import { formatMs, formatPercent } from './units.ts';
import { VERDICT_WORDS } from './verdict-text.ts';

/** What two runs are compared by. */
type Compared = Pick<VerdictFile, 'verdict' | 'strength' | 'totals' | 'responseTimeMs'>;

/**
 * One line about the run before: `Last run: PASS (below 17.1 %), 1,584 refusals, p95 24.9 ms (now better)`. Times are compared
 * only between runs that both passed: a target that sells twice may well be faster.
 */
export function lastRunText(last: Compared, now: Compared): string {
  const { verdict, strength, totals, responseTimeMs } = last;
  const isPass = verdict === 'pass';
  const worth = isPass ? `below ${formatPercent(strength.bound, 1)}` : counted(strength.rounds, 'strong round');
  const change = isPass && now.verdict === 'pass' ? changeOfTime(responseTimeMs.p95, now.responseTimeMs.p95) : 'other';
  const since = { better: ' (now better)', worse: ' (now worse)', same: ' (now the same)', other: '' }[change];
  return `Last run: ${VERDICT_WORDS[verdict]} (${worth}), ${counted(totals.fail, 'refusal')}, p95 ${formatMs(responseTimeMs.p95)}${since}`;
}

const counted = (count: number, one: string): string =>
  plural(count, one, undefined, (value) => value.toLocaleString('en-US'));
