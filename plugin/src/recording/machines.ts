import type { Attempt, ClockRecord, History, Problem } from '../../../model/index.ts';

/** Without a record of its clock, nobody knows when a machine released a round: the round is weak. */
const UNKNOWN_CLOCK_MS = 60_000;

/**
 * The histories of several machines as one, on the first machine's axis of time. How long something took is known exactly,
 * and so is the order of what one machine saw; between two machines both hold within the errors of their clocks. Pure: the
 * order of the histories does not matter. A single history without a machine is returned as it is.
 *
 * @param histories of one run, at least one; each machine's once
 */
export function mergeMachines(histories: readonly History[]): History {
  const ordered = histories.toSorted((a, b) => machineOf(a) - machineOf(b));
  const [first] = ordered;
  if (first === undefined) throw new Error('there is no history');
  if (first.run.machine === undefined) return first;
  const clocks = ordered.flatMap((history) => history.clocks ?? []);
  const clockOf = new Map(clocks.map((clock) => [`${clock.machine} ${clock.round}`, clock]));
  const axisMs = clocks[0]?.offsetMs ?? 0;
  const { machine: _, ...run } = first.run;
  return {
    run,
    attempts: ordered.flatMap((history) =>
      history.attempts.map((attempt) => {
        const machine = machineOf(history);
        return onAxis({ ...attempt, machine }, clockOf.get(`${machine} ${attempt.round}`), axisMs);
      }),
    ),
    readBacks: ordered.flatMap((history) => history.readBacks),
    problems: together(ordered.flatMap((history) => history.problems)),
    clocks,
    lost: uniqueLosses(ordered),
    machines: ordered.map(machineOf),
    ...endOf(ordered),
  };
}

/** The number of the machine that wrote a history; 1 where there was one. */
const machineOf = ({ run }: History): number => run.machine ?? 1;

const TIMES = ['stagedAtMs', 'plannedAtMs', 'releasedAtMs', 'firstByteAtMs', 'completedAtMs'] as const;

function onAxis(attempt: Attempt, clock: ClockRecord | undefined, axisMs: number): Attempt {
  const shiftMs = clock === undefined ? 0 : clock.offsetMs - axisMs;
  const moved = TIMES.flatMap((name) => {
    const ms = attempt[name];
    return ms === undefined ? [] : [[name, Math.max(0, ms + shiftMs)] as const];
  });
  return { ...attempt, clockErrorMs: clock?.errorMs ?? UNKNOWN_CLOCK_MS, ...Object.fromEntries(moved) };
}

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
