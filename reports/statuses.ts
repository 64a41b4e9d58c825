import { type RoundSummary, sum, type VerdictFile } from '../model/index.ts';

/** A status and how often it came; `no answer` counts the attempts without one. */
export interface StatusCount {
  readonly status: string;
  readonly count: number;
}

export const NO_ANSWER = 'no answer';

/** The statuses of a run in ascending order, then the attempts without an answer, if there are any. */
export function statusCountsOf({ statuses, totals }: Pick<VerdictFile, 'statuses' | 'totals'>): readonly StatusCount[] {
  return countsOf(statuses, totals.requests);
}

/** The same of one round. */
export function roundStatusCounts({ statuses, requests }: RoundSummary): readonly StatusCount[] {
  return countsOf(statuses, requests);
}

function countsOf(statuses: VerdictFile['statuses'], requests: number): readonly StatusCount[] {
  const counts = Object.entries(statuses).map(([status, count]) => ({ status, count }));
  const unanswered = requests - counts.reduce((sum, { count }) => sum + count, 0);
  return unanswered > 0 ? [...counts, { status: NO_ANSWER, count: unanswered }] : counts;
}

/** How many answers had a status of 500 or above, without those that the suite itself calls a refusal. */
export function serverErrorsOf({
  statuses,
  refusals = [],
}: Pick<VerdictFile, 'statuses'> & Partial<Pick<VerdictFile, 'refusals'>>): number {
  const answered = Object.entries(statuses).filter(([status]) => Number(status) >= 500);
  const refused = refusals.filter(({ status }) => status >= 500);
  return sum(answered.map(([, count]) => count)) - sum(refused.map(({ count }) => count));
}

/** `201 × 16, 400 × 1584`; empty where nothing was sent. */
export const statusesText = (counts: readonly StatusCount[], times = '×'): string =>
  counts.map(({ status, count }) => `${status} ${times} ${count}`).join(', ');
