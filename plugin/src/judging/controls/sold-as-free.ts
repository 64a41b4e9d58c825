import {
  capacityOf,
  grantedTo,
  minus,
  type Plan,
  type ReadBack,
  readBackKeysOf,
  ruleOf,
  settingsOf,
  withOutcome,
} from '../../../../model/index.ts';
import { type Contest, isUnsettled } from '../evidence.ts';
import { hasArrived } from '../state.ts';
import { isBooking, mayHaveGivenUp } from '../told.ts';

/** Whether the read-back says that it is sold, and would prove a loss if it said that it is free. */
export function canProveLoss(contest: Contest, plan: Plan): boolean {
  const { readBack, storedUnits, gainedUnits, attempts, missing, cannotCount, orderIdsBefore } = contest;
  if (readBack?.kind !== 'read' || storedUnits === undefined || gainedUnits === 0 || cannotCount) return false;
  if (isUnsettled(contest)) return false;
  const winners = withOutcome(attempts, 'ok').filter((one) => grantedTo(one) > 0 && one.settledBy === undefined);
  switch (ruleOf(plan).successes) {
    case 'prove nothing':
      return settingsOf(plan).exactly !== false && isSoldOutByAnswers(contest);
    case 'take turns':
      return missing === 0 && winners.some((winner) => isBooking(winner) && !mayHaveGivenUp(winner, attempts));
    case 'repeat':
      return winners.length > 0 && orderIdsBefore.size === 0;
    case 'own parts':
      return winners.some(({ granted, parts = [] }) => granted === undefined || Number(granted) >= parts.length);
    case 'add up':
    case 'own time':
    case 'own values':
    case 'same operation':
      return winners.length > 0;
  }
}

/** Enough requests got through to sell everything. */
function isSoldOutByAnswers({ inventory, attempts, storedUnits, unitsBefore }: Contest): boolean {
  const arrived = attempts.filter(hasArrived);
  return (
    storedUnits === inventory.capacity &&
    arrived.length >= inventory.capacity - unitsBefore &&
    attempts.some(({ outcome }) => outcome === 'ok')
  );
}

/** The answers of the server, with the inventory after the race as it was before. */
export function asFree(readBacks: readonly ReadBack[], { inventory, visit }: Contest): ReadBack[] {
  const keys = new Set(readBackKeysOf(inventory));
  const beforeOf = ({ inventory: key, book }: ReadBack) =>
    readBacks.find(
      (other) => other.when === 'before' && other.inventory === key && other.visit === visit && other.book === book,
    );
  return readBacks.map((answer) => {
    if (answer.when !== 'after' || answer.kind !== 'read' || answer.visit !== visit || !keys.has(answer.inventory))
      return answer;
    const before = beforeOf(answer);
    const said = before?.kind === 'read' ? before : undefined;
    return {
      ...answer,
      units: said?.units ?? 0,
      orderIds: said?.orderIds ?? [],
      ...(answer.owners && { owners: said?.owners ?? [] }),
      ...(answer.holds && { holds: said?.holds ?? [] }),
      ...(answer.remaining !== undefined && { remaining: said?.remaining ?? String(minus(capacityOf(inventory), 0)) }),
    };
  });
}
