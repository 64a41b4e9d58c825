import type { ReadBack } from '../model/index.ts';
import { readBody } from './body.ts';
import type { WireReply } from './outcome.ts';
import { type AnswerPredicate, compilePredicate, selector, textSelector } from './predicate.ts';

/** How the answer to "who owns it?" is read. */
export interface ReadBackRules {
  readonly taken: AnswerPredicate;
  readonly free: AnswerPredicate;
  /** JSONPath that selects how many units are booked; where it is given, `taken` and `free` are not asked. */
  readonly units?: string | undefined;
  /** JSONPath that selects the ids of the bookings. */
  readonly orderIds: string;
}

const MAX_ORDER_IDS = 1000;
const MAX_ORDER_ID = 100;

/**
 * Makes the function that reads what the server says about an inventory. An answer that proves neither "taken" nor
 * "free", or both, is unreadable: it leaves doubts standing.
 */
export function readBackReader(
  rules: ReadBackRules,
): (inventory: string, when: ReadBack['when'], reply: WireReply) => ReadBack {
  const isTaken = compilePredicate(rules.taken);
  const isFree = compilePredicate(rules.free);
  const unitsOf = rules.units === undefined ? undefined : textSelector(rules.units);
  const orderIdsOf = selector(rules.orderIds);

  return (inventory, when, reply) => {
    const unreadable = (error: string): ReadBack => ({ inventory, when, kind: 'unreadable', error });
    if (reply.kind === 'broken') return unreadable(`${reply.failure}: ${reply.error}`.slice(0, 200));
    if (reply.status < 200 || reply.status >= 300) return unreadable(`status ${reply.status}`);
    const body = readBody(reply.body, [reply.headers['content-encoding']].flat()[0]);
    const orderIds = orderIdsOf(body)
      .filter((id) => typeof id === 'string' || typeof id === 'number')
      .slice(0, MAX_ORDER_IDS)
      .map((id) => String(id).slice(0, MAX_ORDER_ID));
    if (unitsOf !== undefined) {
      const text = unitsOf(body);
      if (text === undefined || !/^\d{1,15}$/.test(text)) return unreadable('the answer names no number of units');
      return { inventory, when, kind: 'read', units: Number(text), orderIds };
    }
    const taken = isTaken(reply.status, body);
    const free = isFree(reply.status, body);
    if (taken === free)
      return unreadable(`the answer says ${taken ? 'both taken and free' : 'neither taken nor free'}`);
    if (free && orderIds.length > 0) return unreadable('the answer says free, and names orders');
    return { inventory, when, kind: 'read', units: free ? 0 : Math.max(1, orderIds.length), orderIds };
  };
}
