import {
  type Attempt,
  deviationMs,
  type InfoCause,
  type Limits,
  operationOf,
  overlapLimit,
  overlapOf,
  type Round,
  type RuleRow,
  ruleOf,
  unitsOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, counted, placeOf, sum } from './evidence.ts';

/** Was it a race at all? A race that did not happen was not survived. */
export const weakContention: Checker = ({ plan, history, rounds, inventories }) => {
  const settled = new Set(
    inventories.filter(({ readBack }) => readBack?.kind === 'read').map(({ inventory }) => inventory.key),
  );
  return rounds.flatMap((round) => {
    if (round.attempts.length === 0) return [];
    // Who was not let in did not race; that has a finding of its own, and is no weakness of the rest.
    const keptOut = withOutcome(round.attempts, 'fail').filter((attempt) => attempt.reason !== 'lost').length;
    const contenders = plan.contenders - keptOut;
    // A read-back settles that a cut connection has booked nothing, and not that it was ever in the race.
    const overlap = settled.has(round.inventory.key) ? overlapOf(round.attempts.filter(tookPart)) : round.overlap;
    const required = requiredOverlap(round, contenders, plan.limits, isAtEndOfHold(round, inventories));
    const reasons = contenders < 2 ? [] : weaknesses(round, { overlap, required }, contenders, plan.limits);
    if (reasons.length === 0) return [];
    return [
      {
        id: 'weak-contention',
        severity: 'doubt',
        round: round.number,
        inventory: round.inventory.key,
        message: `${history.run.label} ${round.inventory.key} was not fought over as planned: ${reasons.join('; ')}`,
        witness: round.offsets === undefined ? outermost(round) : furthestOff(round),
      },
    ];
  });
};

/** Was there enough for everybody? What the orders would ask for, nobody could know before the race. */
export const enoughForAll: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    if (contest.attempts.length === 0) return [];
    const reason = abundance(ruleOf(plan).contention, contest);
    if (reason === undefined) return [];
    const message = `${history.run.label} ${contest.inventory.key} was not fought over: ${reason}`;
    return [{ id: 'weak-contention', severity: 'doubt', ...placeOf(contest), message, witness: [] }];
  });

function abundance(
  contention: RuleRow['contention'],
  { inventory, attempts, unitsBefore }: Contest,
): string | undefined {
  if (contention === 'high demand') {
    const wanted = sum(attempts.map(unitsOf));
    const left = inventory.capacity - unitsBefore;
    return wanted <= left ? `${counted(wanted, 'unit')} were wanted of ${left.toLocaleString('en-US')}` : undefined;
  }
  if (contention === 'shared parts') {
    const parts = attempts.flatMap((attempt) => attempt.parts ?? []);
    return new Set(parts).size === parts.length ? 'no two orders overlapped' : undefined;
  }
  return undefined;
}

/** Causes that come from whatever stands before the target as well: a balancer that is full, a page to wait on. */
const OUTSIDE: ReadonlySet<InfoCause> = new Set(['reset', 'unreachable', 'unreadable', 'aborted']);

const tookPart = (attempt: Attempt) => attempt.outcome !== 'info' || !OUTSIDE.has(attempt.cause);

/**
 * How many have to be in flight at once. Where they are let go at offsets, that is a matter of the plan; but one after the
 * other is no race. Unless it is one against the end of a hold, which is an instant and not a rival: who comes too late for
 * it, and is refused at once, meets nobody, however right the system is.
 */
function requiredOverlap({ offsets }: Round, contenders: number, limits: Limits, isAtEnd: boolean): number {
  if (offsets === undefined) return overlapLimit(limits, contenders);
  return isAtEnd && offsets.plannedMs > 0 ? 1 : 2;
}

/** Whether somebody had been given a hold of it in an earlier round. */
const isAtEndOfHold = ({ number, inventory }: Round, contests: readonly Contest[]): boolean =>
  contests
    .filter((contest) => contest.inventory.key === inventory.key)
    .some(({ attempts }) =>
      withOutcome(attempts, 'ok').some((its) => its.round < number && operationOf(its) === 'hold'),
    );

function weaknesses(
  round: Round,
  { overlap, required }: { readonly overlap: number; readonly required: number },
  contenders: number,
  limits: Limits,
): string[] {
  const released = round.attempts.filter((attempt) => attempt.releasedAtMs !== undefined).length;
  return [
    released < contenders
      ? `${released.toLocaleString('en-US')} of ${counted(contenders, 'contender')} were let go`
      : [],
    round.offsets === undefined && round.spreadMs !== undefined && round.spreadMs > limits.spreadMs
      ? `they were let go over ${round.spreadMs.toFixed(1)} ms; allowed: ${limits.spreadMs} ms`
      : [],
    round.offsets !== undefined && round.offsets.worstDeviationMs > limits.spreadMs
      ? `they were let go up to ${round.offsets.worstDeviationMs.toFixed(1)} ms off their planned offsets; allowed: ` +
        `${limits.spreadMs} ms`
      : [],
    overlap < required
      ? `at most ${overlap}${overlap < round.overlap ? ', without those that may never have come through,' : ''} were in flight at once; required: ${required}`
      : [],
  ].flat();
}

/** The one whose release was furthest off its plan. */
function furthestOff({ attempts }: Round): Attempt[] {
  return attempts
    .filter((attempt) => deviationMs(attempt) !== undefined)
    .toSorted((a, b) => (deviationMs(b) ?? 0) - (deviationMs(a) ?? 0))
    .slice(0, 1);
}

/** The first and the last one let go: they span the spread. */
function outermost({ attempts }: Round): Attempt[] {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const [first, last] = [released[0], released.at(-1)];
  return first === undefined || last === undefined || first === last ? released.slice(0, 1) : [first, last];
}
