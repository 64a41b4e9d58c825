import {
  type Attempt,
  counted,
  deviationMs,
  type InfoCause,
  type Limits,
  operationOf,
  overlapLimit,
  overlapOf,
  type Round,
  type RuleRow,
  ruleOf,
  sum,
  unitsOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf } from './evidence.ts';

/** Was it a race at all? Nothing is proven by a race that did not happen. */
export const weakContention: Checker = ({ plan, history, rounds, inventories }) => {
  const settled = new Set(
    inventories.filter(({ storedUnits }) => storedUnits !== undefined).map(({ inventory }) => inventory.key),
  );
  return rounds.flatMap((round) => {
    if (round.attempts.length === 0) return [];
    // Contenders refused with 401, 403 or 429 did not race; they have their own finding.
    const keptOut = withOutcome(round.attempts, 'fail').filter((attempt) => attempt.reason !== 'lost').length;
    const contenders = plan.contenders - keptOut;
    // A read-back proves that a reset connection booked nothing, but not that it was ever in the race.
    const overlap = settled.has(round.inventory.key) ? overlapOf(round.attempts.filter(tookPart)) : round.overlap;
    const required = requiredOverlap(round, contenders, plan.limits, isAtEndOfHold(round, inventories));
    const reasons = contenders < 2 ? [] : weaknesses(round, { overlap, required }, contenders, plan.limits);
    if (reasons.length === 0) return [];
    return [
      {
        id: 'weak-contention',
        round: round.number,
        inventory: round.inventory.key,
        message: `${history.run.label} ${round.inventory.key} was not fought over as planned: ${reasons.join('; ')}`,
        witness: round.offsets === undefined ? outermost(round) : furthestOff(round),
      },
    ];
  });
};

/** Did capacity cover all demand? Demand is known only afterwards. */
export const enoughForAll: Checker = ({ plan, history, inventories }) =>
  inventories.flatMap((contest) => {
    if (contest.attempts.length === 0) return [];
    const reason = abundance(ruleOf(plan), contest);
    if (reason === undefined) return [];
    const message = `${history.run.label} ${contest.inventory.key} was not fought over: ${reason}`;
    return [{ id: 'weak-contention', ...subjectOf(contest), message, witness: [] }];
  });

function abundance({ contention }: RuleRow, { inventory, attempts, unitsBefore }: Contest): string | undefined {
  switch (contention) {
    case 'few units':
      // Checked before the race.
      return undefined;
    case 'high demand': {
      const wanted = sum(attempts.map(unitsOf));
      const left = inventory.capacity - unitsBefore;
      return wanted <= left ? `${counted(wanted, 'unit')} were wanted of ${left.toLocaleString('en-US')}` : undefined;
    }
    case 'shared parts': {
      const parts = attempts.flatMap((attempt) => attempt.parts ?? []);
      return new Set(parts).size === parts.length ? 'no two orders overlapped' : undefined;
    }
  }
}

/** Causes that may also come from a proxy or balancer in front of the target. */
const OUTSIDE: ReadonlySet<InfoCause> = new Set(['reset', 'unreachable', 'unreadable', 'aborted']);

const tookPart = (attempt: Attempt) => attempt.outcome !== 'info' || !OUTSIDE.has(attempt.cause);

/**
 * How many attempts must be in flight at once. With offsets the plan decides, but one after the other is no race. Except
 * against the end of a hold: that is an instant and not a rival. Somebody who comes too late for it is refused at once and
 * meets nobody, however right the system is.
 */
function requiredOverlap({ offsets }: Round, contenders: number, limits: Limits, isAtEnd: boolean): number {
  if (offsets === undefined) return overlapLimit(limits, contenders);
  return isAtEnd && offsets.plannedMs > 0 ? 1 : 2;
}

/** Whether somebody got a hold of the inventory in an earlier round. */
const isAtEndOfHold = ({ number, inventory }: Round, contests: readonly Contest[]): boolean =>
  contests
    .filter((contest) => contest.inventory.key === inventory.key)
    .some(({ attempts }) =>
      withOutcome(attempts, 'ok').some((attempt) => attempt.round < number && operationOf(attempt) === 'hold'),
    );

function weaknesses(
  round: Round,
  { overlap, required }: { readonly overlap: number; readonly required: number },
  contenders: number,
  limits: Limits,
): string[] {
  const { spreadMs, offsets } = round;
  const released = round.attempts.filter((attempt) => attempt.releasedAtMs !== undefined).length;
  return [
    released < contenders
      ? `${released.toLocaleString('en-US')} of ${counted(contenders, 'contender')} were released`
      : [],
    offsets === undefined && spreadMs !== undefined && spreadMs > limits.spreadMs
      ? `they were released over ${spreadMs.toFixed(1)} ms; allowed: ${limits.spreadMs} ms`
      : [],
    offsets !== undefined && offsets.worstDeviationMs > limits.spreadMs
      ? `they were released up to ${offsets.worstDeviationMs.toFixed(1)} ms off their planned offsets; allowed: ` +
        `${limits.spreadMs} ms`
      : [],
    overlap < required
      ? `at most ${overlap}${overlap < round.overlap ? ', not counting those that may never have arrived,' : ''} were in flight at once; required: ${required}`
      : [],
  ].flat();
}

/** The attempt whose release was furthest off its plan. */
function furthestOff({ attempts }: Round): Attempt[] {
  return attempts
    .filter((attempt) => deviationMs(attempt) !== undefined)
    .toSorted((a, b) => (deviationMs(b) ?? 0) - (deviationMs(a) ?? 0))
    .slice(0, 1);
}

/** The first and the last one released: they span the spread. */
function outermost({ attempts }: Round): Attempt[] {
  const released = attempts.filter((attempt) => attempt.releasedAtMs !== undefined);
  const [first, last] = [released[0], released.at(-1)];
  return first === undefined || last === undefined || first === last ? released.slice(0, 1) : [first, last];
}
