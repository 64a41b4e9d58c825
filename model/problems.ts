import type { Problem, ProblemRecord } from './history.ts';

/** The problem of a run that stopped by itself: the rest of its rounds were not raced, and would have taken a timeout each. */
export const RACE_STOPPED = 'nobody was answered in two rounds in a row, so the race was stopped';

/** A problem as one line for people: `3 × POST /login: 401`. */
export const describeProblem = ({ reason, step, count }: Problem): string =>
  `${count > 1 ? `${count} × ` : ''}${step === undefined ? '' : `${step}: `}${reason}`;

type Said = Extract<ProblemRecord, { readonly reason: string }>;

const asWrittenNow = (record: ProblemRecord): Omit<Said, 'type'> =>
  'reason' in record ? record : { reason: record.message };

/** One problem for each reason and step, in the order in which they first happened. */
export function problemsIn(records: readonly ProblemRecord[]): Problem[] {
  const parts = records.map(asWrittenNow);
  const groups = Map.groupBy(parts, ({ reason, step = '' }) => `${step}\n${reason}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const vus = same.flatMap(({ vu }) => vu ?? []);
    // What concerns no virtual user may be in the history of several threads, and is one problem all the same.
    const count = Math.max(1, vus.length);
    return [{ reason: first.reason, ...(first.step !== undefined && { step: first.step }), count, vus }];
  });
}
