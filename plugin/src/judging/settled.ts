import { type Attempt, type History, operationOf, ruleOf, type Success, withOutcome } from '../../../model/index.ts';
import { type Contest, evidenceOf } from './evidence.ts';
import { isBooking, mayHaveGivenUp, unitsTold } from './told.ts';
import { isPending, type Unclear } from './untold.ts';

/**
 * The history with every attempt decided that was accepted (202) and that the read-back decides: it is `ok` where the server
 * names its order, and `fail` where all orders of the server are known to be others'. Only where the suite says how long the
 * target needs (`settleMs`): otherwise a queue may go on booking after the last question. Deciding twice changes nothing.
 */
export function settled(history: History): History {
  const { plan } = history.run;
  if (plan.settleMs === undefined || !withOutcome(history.attempts, 'info').some(isPending)) return history;
  const { inventories } = evidenceOf(history);
  const decided = new Map(inventories.flatMap((contest) => decisionsIn(contest, ruleOf(plan))));
  return { ...history, attempts: history.attempts.map((attempt) => decided.get(attempt) ?? attempt) };
}

type Decision = readonly [before: Attempt, after: Attempt];

function decisionsIn(contest: Contest, rule: ReturnType<typeof ruleOf>): Decision[] {
  const { attempts, readBack, storedUnits, gainedUnits, isBeforeUnknown } = contest;
  if (readBack?.kind !== 'read' || rule.successes === 'prove nothing') return [];
  if (readBack.holds !== undefined) return decisionsByOperation(attempts, readBack.holds);
  if (storedUnits === undefined || storedUnits === 0) return [];
  const takesTurns = rule.successes === 'take turns';
  const pending = withOutcome(attempts, 'info').filter(
    (attempt) => isPending(attempt) && (!takesTurns || isBooking(attempt)),
  );
  const stored = new Set(readBack.orderIds);
  const isNamed = ({ orderId }: { readonly orderId?: string }) => orderId !== undefined && stored.has(orderId);
  const winners = pending.filter(isNamed);
  const others = pending.filter((attempt) => !isNamed(attempt));
  // The one who was told may have cancelled: then a count does not say whose the seat is.
  const isTold = !takesTurns && !isBeforeUnknown && gainedUnits <= unitsTold(attempts, rule);
  const isOver = stored.size === 0 ? isTold : isAccountedFor(contest, winners);
  // If the server names some of these ids, it would name all of them.
  const isLost = (attempt: Unclear) =>
    isOver || (attempt.orderId !== undefined && winners.length > 0 && namesAll(contest));
  const losers = others.filter((attempt) => isLost(attempt) && !(takesTurns && mayHaveGivenUp(attempt, attempts)));
  return [
    ...winners.map((attempt): Decision => [attempt, decide(attempt, 'ok')]),
    ...losers.map((attempt): Decision => [attempt, decide(attempt, 'fail')]),
  ];
}

/** What happened was granted to all who asked for it, and nothing else was granted. */
const decisionsByOperation = (attempts: readonly Attempt[], happened: readonly string[]): Decision[] =>
  happened.length === 0
    ? []
    : withOutcome(attempts, 'info')
        .filter(isPending)
        .map((attempt) => [attempt, decide(attempt, happened.includes(operationOf(attempt)) ? 'ok' : 'fail')]);

/** Every order that the server names is known to be somebody's. */
function isAccountedFor(contest: Contest, winners: readonly Unclear[]): boolean {
  const { attempts, readBack, orderIdsBefore } = contest;
  const known = new Set([...withOutcome(attempts, 'ok'), ...winners].map(({ orderId }) => orderId));
  const orderIds = readBack?.kind === 'read' ? readBack.orderIds : [];
  return namesAll(contest) && orderIds.every((orderId) => known.has(orderId) || orderIdsBefore.has(orderId));
}

/** A list with fewer ids than units is one page of it, or the server names only some orders. */
const namesAll = ({ readBack, partReadBacks }: Contest): boolean =>
  (partReadBacks.size > 0 ? [...partReadBacks.values()] : [readBack]).every(
    (answer) => answer?.kind === 'read' && answer.orderIds.length >= answer.units,
  );

function decide(attempt: Unclear, outcome: 'ok' | 'fail'): Attempt {
  const { cause: _, mayPromise: __, orderId, message, answer, ...request } = attempt;
  if (answer.kind !== 'answered') return attempt;
  const settledBy = 'read-back';
  return outcome === 'ok'
    ? ({ ...request, outcome, answer, ...(orderId !== undefined && { orderId }), settledBy } satisfies Success)
    : { ...request, outcome, answer, reason: 'lost', ...(message !== undefined && { message }), settledBy };
}
