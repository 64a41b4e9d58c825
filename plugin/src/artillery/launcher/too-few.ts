import { describeProblem } from '../../../../model/index.ts';
import { printable } from '../../../../reports/index.ts';
import { readHistory } from '../../recording/index.ts';
import { COUNTER } from '../shared/run-context.ts';
import type { PreparedRun } from './prepare.ts';

/** How many problems are told. */
const MAX_TOLD = 3;

/**
 * Ends the process once errors have left fewer than two virtual users before anybody was released, for example because no
 * login works; of several machines, once one of them has none left. Whoever is left waits, so nothing is booked.
 *
 * @param refuse ends the process, with these problems
 */
export async function refuseTooFew(
  { run, files, machines }: PreparedRun,
  refuse: (problem: string) => void,
): Promise<void> {
  await Atomics.waitAsync(run.counters, COUNTER.alone, 0).value;
  const { problems } = readHistory(files.history);
  const told = problems.slice(0, MAX_TOLD).map((problem) => printable(describeProblem(problem), 300));
  const left =
    machines === undefined ? 'fewer than two virtual users are' : `no virtual user of machine ${machines.machine} is`;
  refuse([`${left} left for the race, and nothing was booked`, ...told].join('\n'));
}
