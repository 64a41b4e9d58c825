import type { Problem, ProblemRecord } from './history.ts';

/** The problem of a run that stopped by itself: the rest of its rounds were not raced, and would have taken a timeout each. */
export const RACE_STOPPED = 'nobody was answered in two rounds in a row, so the race was stopped';

/** The problem of a run on several machines that stopped because one of them, or their Redis, was lost. */
export const MACHINE_LOST = 'a machine was lost, so the race was stopped';

/** The race stopped by itself: the rounds after that are not missing. */
export const isStop = ({ reason }: Pick<Problem, 'reason'>): boolean =>
  reason === RACE_STOPPED || reason === MACHINE_LOST;

/** How many virtual users are named. */
const MAX_NAMED = 3;

/** A problem as one line for people: `VU 3 ended before the race: POST /login → 401 {"error":"unknown user"}`. */
export function describeProblem(problem: Problem): string {
  const { reason, step, count, vus, answer, ended } = problem;
  const at = step === undefined ? '' : `${step}: `;
  if (ended === undefined) return `${count > 1 ? `${count} × ` : ''}${at}${reason}`;
  const what = answer === undefined || step === undefined ? `${at}${reason}` : `${step} → ${answer}`;
  const all = count > 1 ? ` (${count} virtual users: ${listed(vus)})` : '';
  return `VU ${vus[0]} ended ${ended}: ${what}${all}`;
}

/** `VU 3, 4, 5 and 6 more`. */
function listed(vus: readonly number[]): string {
  const more = vus.length - MAX_NAMED;
  return `VU ${vus.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

type Said = Extract<ProblemRecord, { readonly reason: string }>;

function asWrittenNow(record: ProblemRecord): Omit<Said, 'type'> {
  if (!('reason' in record)) return { reason: record.message };
  const { type: _, ...said } = record;
  return said;
}

/**
 * One problem for each reason, step and time, in the order in which they first happened. Answers count by their status: the
 * rest may differ from one virtual user to the next.
 */
export function problemsIn(records: readonly ProblemRecord[]): Problem[] {
  const parts = records.map(asWrittenNow);
  const groups = Map.groupBy(parts, ({ reason, step, answer, ended, setup }) =>
    JSON.stringify([step, reason, answer?.split(' ')[0], ended, setup]),
  );
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { vu: _, ...said } = first;
    const vus = same.flatMap(({ vu }) => vu ?? []);
    // What concerns no virtual user may be in the history of several threads, and is one problem all the same.
    const count = Math.max(1, vus.length);
    return [{ ...said, count, vus }];
  });
}
