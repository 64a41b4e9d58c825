import { hasStatus, type ReadBack } from '../../../model/index.ts';
import { readBody } from './body.ts';
import type { WireReply } from './outcome.ts';
import { type AnswerPredicate, compilePredicate, isText, selector } from './predicate.ts';

/** How the answer to "who owns it?" is read. */
export interface ReadBackRules {
  readonly taken: AnswerPredicate;
  readonly free: AnswerPredicate;
  /**
   * JSONPath that selects how many units are booked: a number, or a list with one entry for each; where it is given, `taken`
   * and `free` are not asked.
   */
  readonly units?: string | undefined;
  /** JSONPath that selects the ids of the bookings. */
  readonly orderIds: string;
}

/** As many as there can be contenders. */
const MAX_ORDER_IDS = 20_000;
const MAX_ORDER_ID = 100;

/**
 * Makes the function that reads what the server says about an inventory. An answer that proves neither "taken" nor
 * "free", or both, is unreadable: it leaves doubts standing. So does a status other than 2xx, unless a predicate names it
 * (404 may mean "free"), and orders of which no id can be read: who knows how many there are?
 */
export function readBackReader(
  rules: ReadBackRules,
): (inventory: string, when: ReadBack['when'], reply: WireReply) => ReadBack {
  const isTaken = compilePredicate(rules.taken);
  const isFree = compilePredicate(rules.free);
  const unitsOf = rules.units === undefined ? undefined : selector(rules.units);
  const orderIdsOf = selector(rules.orderIds);
  // Names no value of the answer: that may be anything, also a secret.
  const expected = `taken ${JSON.stringify(rules.taken)} and free ${JSON.stringify(rules.free)}`.slice(0, 200);
  const named = unitsOf === undefined ? [...(rules.taken.status ?? []), ...(rules.free.status ?? [])] : [];

  return (inventory, when, reply) => {
    const unreadable = (error: string): ReadBack => ({ inventory, when, kind: 'unreadable', error });
    if (reply.kind === 'broken') return unreadable(`${reply.failure}: ${reply.error}`.slice(0, 200));
    if (!hasStatus(['200-299', ...named], reply.status)) return unreadable(`status ${reply.status}`);
    const body = readBody(reply.body, reply.headers);
    if (reply.status < 300 && !body.isSound) return unreadable('the answer is a page, or was cut short');
    const selected = orderIdsOf(body).filter((id) => id !== null && id !== '');
    if (!selected.every(isText)) return unreadable('the ids of the orders are no text: mend the path of orderIds');
    if (selected.length > MAX_ORDER_IDS) return unreadable(`the answer names more than ${MAX_ORDER_IDS} orders`);
    const orderIds = selected.map((id) => String(id).slice(0, MAX_ORDER_ID));
    if (unitsOf !== undefined) {
      const units = unitsIn(unitsOf(body));
      if (units === undefined) return unreadable('the answer names no number of units');
      return { inventory, when, kind: 'read', units, orderIds };
    }
    const taken = isTaken(reply.status, body);
    const free = isFree(reply.status, body);
    if (taken === free) return unreadable(`the answer says ${taken ? 'both' : 'neither'}: ${expected}`);
    if (free && orderIds.length > 0) return unreadable('the answer says free, and names orders');
    return { inventory, when, kind: 'read', units: free ? 0 : Math.max(1, orderIds.length), orderIds };
  };
}

function unitsIn([value]: readonly unknown[]): number | undefined {
  if (Array.isArray(value)) return value.length;
  return isText(value) && /^\d{1,15}$/.test(String(value)) ? Number(value) : undefined;
}
