import {
  type Attempt,
  addUp,
  amountGranted,
  counted,
  type History,
  isOldHistory,
  minus,
  named,
  operationOf,
  type Plan,
  type RuleRow,
  ruleOf,
  userOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Found, subjectOf, tally } from './evidence.ts';
import { ownersOf, refusedOwnersText } from './owners.ts';
import { isBooking, unitsTold, unitsWithin } from './told.ts';

export type Unclear = Attempt & { readonly outcome: 'info' };

/** What the server holds of an inventory although no buyer was told. */
interface Untold {
  /** Which parts; empty where the inventory has none. */
  readonly parts: readonly string[];
  readonly units: number;
  /** Attempts without a clear answer. One of them, or more, bought it. */
  readonly buyers: readonly Unclear[];
  /** A buyer was told of an error: the attempts with a lost or unclear answer are too few to have bought it all. */
  readonly isDenied: boolean;
}

/** Does the server hold something whose buyer was not told? */
export const untoldBooking: Checker = ({ plan, history, inventories }) =>
  isOldHistory(history)
    ? []
    : inventories.flatMap((contest): Found[] => {
        const toRefused = soldToRefused(contest, plan);
        if (toRefused.length > 0) return [untoldTo(toRefused, contest, history)];
        const untold = untoldIn(contest, plan);
        if (untold === undefined) return [];
        const { units, parts, buyers, isDenied } = untold;
        const [first] = [...buyers.filter(({ answer }) => isDenied && isError(answer)), ...buyers];
        const ofParts = parts.length > 0 ? ` (${parts.join(', ')})` : '';
        const [what, it] = ruleOf(plan).isDecimal
          ? [`an amount of ${units}`, 'it']
          : wordsFor(contest.cannotCount ? undefined : units);
        const message =
          `${named(history.run.label, contest.inventory.key)}: the server holds ${what}${ofParts} that no buyer was told of; ` +
          `the attempts that may have bought ${it} ended with ${tally(buyers, endingOf)}`;
        return [
          {
            id: 'untold-booking',
            severity: isDenied ? 'violation' : 'doubt',
            ...subjectOf(contest),
            message,
            witness: first === undefined ? [] : [first],
          },
        ];
      });

/** Who was refused, and owns some of it by the server. More than there is is another finding. */
export const soldToRefused = (contest: Contest, plan: Plan): readonly Attempt[] =>
  (contest.storedUnits ?? 0) > contest.inventory.capacity ? [] : ownersOf(contest, plan).refused;

const untoldTo = (refused: readonly Attempt[], contest: Contest, { run }: History): Found => ({
  id: 'untold-booking',
  severity: 'violation',
  ...subjectOf(contest),
  message: `${named(run.label, contest.inventory.key)}: ${refusedOwnersText(refused)}`,
  witness: refused,
});

const wordsFor = (units: number | undefined) =>
  units === undefined ? ['something', 'it'] : [counted(units, 'booking'), units === 1 ? 'it' : 'them'];

/** `500`, `201 without the rest of its body`, `timeout` */
function endingOf({ answer, cause }: Unclear): string {
  if (answer.kind === 'unanswered') return cause;
  return `${answer.status}${answer.bodyLost === undefined ? '' : ' without the rest of its body'}`;
}

const isError = (answer: Attempt['answer']) => answer.kind === 'answered' && answer.status >= 500;

/**
 * Undefined where buyers were told of everything, and where another finding says more: more is stored than there is, or more
 * than the attempts can have booked, or attempts are pending and the suite does not say how long a decision takes.
 */
export function untoldIn(contest: Contest, plan: Plan): Untold | undefined {
  if (contest.inventory.parts !== undefined) return untoldParts(contest, plan);
  const rule = ruleOf(plan);
  const { inventory, storedUnits, gainedUnits, missing, missingUnits } = contest;
  const units = rule.isDecimal ? amountUntold(contest) : gainedUnits - unitsTold(withoutOpenHolds(contest, rule), rule);
  const isLimited = rule.successes !== 'repeat' && !rule.isUnlimited;
  if (units <= 0 || (isLimited && (storedUnits ?? 0) > inventory.capacity)) return undefined;
  const buyers = buyersIn(contest, rule);
  const unseen = rule.successes === 'add up' ? missingUnits : missing;
  const possible = (some: readonly Unclear[]) => unitsWithin(some, rule) + unseen;
  if (buyers.length === 0 || units > possible(buyers) || isLeftOpen(buyers, plan, units, rule)) return undefined;
  const isDenied = units > possible(buyers.filter(({ answer }) => !isError(answer)));
  return { parts: [], units, buyers, isDenied };
}

/**
 * A hold tells its holder nothing about a booking whose confirmation got no clear answer. That the stored order is that
 * booking shows where the server names another id than the hold's.
 */
function withoutOpenHolds({ attempts, readBack }: Contest, { successes }: RuleRow): readonly Attempt[] {
  const stored = readBack?.kind === 'read' ? readBack.orderIds : [];
  if (successes !== 'take turns' || stored.length === 0) return attempts;
  const unclear = withOutcome(attempts, 'info').filter((attempt) => operationOf(attempt) === 'confirm');
  const waiting = new Set(unclear.map(userOf));
  return attempts.filter(
    (attempt) =>
      !(
        attempt.outcome === 'ok' &&
        operationOf(attempt) === 'hold' &&
        waiting.has(userOf(attempt)) &&
        attempt.orderId !== undefined &&
        !stored.includes(attempt.orderId)
      ),
  );
}

/** A difference of decimals is exact only before it is rounded. */
const amountUntold = ({ attempts, soldAfter = 0, soldBefore, isBeforeUnknown }: Contest): number =>
  isBeforeUnknown
    ? 0
    : Number(minus(minus(soldAfter, soldBefore), addUp(withOutcome(attempts, 'ok').map(amountGranted))));

function buyersIn({ attempts, readBack }: Contest, { successes }: RuleRow): Unclear[] {
  const unclear = withOutcome(attempts, 'info');
  const happened = readBack?.kind === 'read' ? readBack.holds : undefined;
  if (happened !== undefined) return unclear.filter((attempt) => happened.includes(operationOf(attempt)));
  if (successes === 'take turns') return unclear.filter(isBooking);
  if (successes !== 'repeat') return unclear;
  const told = new Set(withOutcome(attempts, 'ok').map(({ idempotencyKey }) => idempotencyKey));
  return unclear.filter(({ idempotencyKey }) => !told.has(idempotencyKey));
}

/** `undecided` reports this, and says which setting is missing. */
const isLeftOpen = (buyers: readonly Unclear[], { settleMs }: Plan, units: number, rule: RuleRow): boolean =>
  settleMs === undefined && units <= unitsWithin(buyers.filter(isPending), rule);

export const isPending = ({ cause }: Unclear): boolean => cause === 'pending';

function untoldParts({ attempts, partReadBacks, unitsBefore, isBeforeUnknown, missing }: Contest, plan: Plan) {
  // Nobody knows which of the parts was there before.
  if (isBeforeUnknown || unitsBefore > 0) return undefined;
  const told = new Set(withOutcome(attempts, 'ok').flatMap(({ parts = [] }) => parts));
  const found = [...partReadBacks].flatMap(([part, readBack]) => {
    if (readBack.kind !== 'read' || readBack.units !== 1 || told.has(part)) return [];
    const buyers = withOutcome(attempts, 'info').filter(({ parts }) => parts?.includes(part));
    const isOpen = plan.settleMs === undefined && buyers.some(isPending);
    return buyers.length === 0 || isOpen ? [] : [{ part, buyers }];
  });
  if (found.length === 0) return undefined;
  return {
    parts: found.map(({ part }) => part),
    units: found.length,
    buyers: [...new Set(found.flatMap(({ buyers }) => buyers))],
    isDenied: missing === 0 && found.some(({ buyers }) => buyers.every(({ answer }) => isError(answer))),
  };
}
