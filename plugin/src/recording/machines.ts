import type { Attempt, History, Problem } from '../../../model/index.ts';
import { shiftsTo } from './machine-clocks.ts';

/**
 * The histories of several machines as one, with all times on the first machine's clock. How long something took is known
 * exactly; what happened first on two machines is known within the errors of their clocks. Pure: the order of the histories
 * does not matter. A single history without a machine is returned as it is.
 *
 * @param histories of one run, at least one; each machine's once
 */
export function mergeMachines(histories: readonly History[]): History {
  const ordered = histories.toSorted((a, b) => machineOf(a) - machineOf(b));
  const [first] = ordered;
  if (first === undefined) throw new Error('there is no history');
  if (first.run.machine === undefined) return first;
  const { machine: _, ...run } = first.run;
  const shiftsOf = shiftsTo(ordered.find(({ clocks = [] }) => clocks.length > 0) ?? first);
  const moved = ordered.map((history): Pick<History, 'attempts' | 'unjudged'> => {
    const shiftIn = shiftsOf(history);
    const move = (attempt: Attempt): Attempt => {
      const { byMs, errorMs } = shiftIn(attempt.round);
      const times = TIMES.flatMap((name) => {
        const ms = attempt[name];
        return ms === undefined ? [] : [[name, Math.max(0, ms + byMs)] as const];
      });
      return { ...attempt, machine: machineOf(history), clockErrorMs: errorMs, ...Object.fromEntries(times) };
    };
    return { attempts: history.attempts.map(move), unjudged: (history.unjudged ?? []).map(move) };
  });
  const unjudged = moved.flatMap((history) => history.unjudged ?? []);
  return {
    run,
    attempts: moved.flatMap(({ attempts }) => attempts),
    ...(unjudged.length > 0 && { unjudged }),
    readBacks: ordered.flatMap((history) => history.readBacks),
    problems: together(ordered.flatMap((history) => history.problems)),
    clocks: ordered.flatMap((history) => history.clocks ?? []),
    lost: uniqueLosses(ordered),
    machines: ordered.map(machineOf),
    ...endOf(ordered),
  };
}

const TIMES = ['stagedAtMs', 'plannedAtMs', 'releasedAtMs', 'firstByteAtMs', 'completedAtMs'] as const;

/** The number of the machine that wrote a history; 1 where there was one. */
const machineOf = ({ run }: History): number => run.machine ?? 1;

/** Equal problems of several machines are one problem. */
function together(problems: readonly Problem[]): Problem[] {
  const groups = Map.groupBy(problems, ({ count: _, vus: __, ...said }) => JSON.stringify(said));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const vus = same.flatMap((problem) => problem.vus);
    return [{ ...first, count: vus.length > 0 ? vus.length : Math.max(...same.map(({ count }) => count)), vus }];
  });
}

/** Several machines may notice one loss. */
function uniqueLosses(histories: readonly History[]) {
  const losses = histories.flatMap((history) => history.lost ?? []);
  return [...new Map(losses.map((loss) => [JSON.stringify(loss), loss])).values()];
}

/** The run has ended where every machine has; it was interrupted where one was. The rest is the first machine's. */
function endOf(histories: readonly History[]): Pick<History, 'end'> {
  const ends = histories.flatMap(({ end }) => end ?? []);
  const [first] = ends;
  if (first === undefined || ends.length < histories.length) return {};
  const interrupted = ends.find(({ reason }) => reason === 'interrupted');
  const exitCode = ends.flatMap((end) => end.exitCode ?? [])[0];
  return {
    end: { ...first, reason: interrupted?.reason ?? first.reason, ...(exitCode !== undefined && { exitCode }) },
  };
}
