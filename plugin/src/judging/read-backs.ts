import {
  type Amount,
  type Attempt,
  addUp,
  answersThatCount,
  type History,
  type Inventory,
  minus,
  type Plan,
  type ReadBack,
  type Round,
  readBackKeysOf,
  ruleOf,
  sum,
  unitsSaidIn,
  withOutcome,
} from '../../../model/index.ts';
import { unitsTold, unitsWithin } from './told.ts';

/** What the server said about one inventory, before the race and after it. */
export interface Stock {
  /** What it said after the last round, added up over the parts; absent where nobody asked. */
  readonly readBack?: ReadBack;
  /** Units in that answer; undefined where nobody asked, or where the answer could not be read or proves no number. */
  readonly storedUnits: number | undefined;
  /** The same, exactly: a decimal is text. */
  readonly soldAfter?: Amount;
  /** The answer for each part; empty where the inventory has no parts. */
  readonly partReadBacks: ReadonlyMap<string, ReadBack>;
  /** Units that the server held before the first round; 0 where nobody asked. */
  readonly unitsBefore: number;
  /** The same, exactly: a decimal is text. */
  readonly soldBefore: Amount;
  /** The orders that it named then. */
  readonly orderIdsBefore: ReadonlySet<string>;
  /** The owners that it named then. */
  readonly ownersBefore: readonly string[];
  /**
   * Units may have been sold before the first round: the answer could not be read or names no number, or nobody asked,
   * because the plan does not name the inventory.
   */
  readonly isBeforeUnknown: boolean;
  /** The server gave a number before the first round, and did not merely say "taken" or "free". */
  readonly isBeforeCounted: boolean;
  /** Why the answer before the first round could not be read. */
  readonly beforeError?: string;
  /** The server only says "taken" or "free" about something with several units: that does not say how many are sold. */
  readonly cannotCount: boolean;
  /** Units that the server surely holds because of this race; 0 where nobody knows. */
  readonly gainedUnits: number;
}

type Read = ReadBack & { readonly kind: 'read' };

/** The answers of the server that count: the first one before the race, the last one after it. */
export class ReadBacks {
  readonly #answerOf: ReturnType<typeof answersThatCount>;
  readonly #namesOrders: boolean;

  constructor({ readBacks }: Pick<History, 'readBacks'>) {
    this.#answerOf = answersThatCount(readBacks);
    this.#namesOrders = readBacks.some((answer) => answer.kind === 'read' && answer.orderIds.length > 0);
  }

  get(when: ReadBack['when'], key: string, visit: number | undefined): ReadBack | undefined {
    return this.#answerOf(when, key, visit);
  }

  /** From a server that names orders elsewhere, "free" without an order means that there is none. */
  isVague(
    { counts, units, holds, remaining }: Read,
    { capacity, parts }: Inventory,
    plan: Plan,
    hasSeveralKeys: boolean,
  ): boolean {
    if (counts !== false || parts !== undefined || holds !== undefined || remaining !== undefined) return false;
    // Orders under two idempotency keys are two, whatever the capacity is.
    return capacity > 1 || ruleOf(plan).isUnlimited ? !(this.#namesOrders && units === 0) : hasSeveralKeys && units > 0;
  }
}

/** The answer is a number of bookings, and not what is left, or what happened. */
const isCount = ({ counts, holds, remaining }: Read) =>
  counts !== false && holds === undefined && remaining === undefined;

export const isPlanned = ({ inventories }: Plan, key: string) => inventories.some((inventory) => inventory.key === key);

/** @param attempts all attempts at the inventory, or those of the visit */
export function stockOf(
  plan: Plan,
  { inventory, visit }: Pick<Round, 'inventory' | 'visit'>,
  attempts: readonly Attempt[],
  { readBacks, isOld }: { readonly readBacks: ReadBacks; readonly isOld: boolean },
): Stock {
  const { key, parts } = inventory;
  const hasSeveralKeys =
    ruleOf(plan).successes === 'repeat' && new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size > 1;
  const before = readBackKeysOf(inventory).map((part) => readBacks.get('before', part, visit));
  const ofParts = (parts ?? []).flatMap((part) => readBacks.get('after', part, visit) ?? []);
  const said = parts === undefined ? readBacks.get('after', key, visit) : together(inventory, ofParts);
  const readBack = isOld ? said : withoutCountdown(before, said, attempts, plan);
  const isMisread = readBack !== said;

  const readBefore = before.filter((answer) => answer?.kind === 'read');
  const unread = before.find((answer) => answer?.kind === 'unreadable');
  const vague = readBefore.filter((answer) => readBacks.isVague(answer, inventory, plan, hasSeveralKeys));
  const soldIn = (answer: Read) => unitsSaidIn(answer, inventory, plan);
  const counted = readBefore.filter((answer) => !vague.includes(answer));
  const soldBefore = isMisread ? 0 : addUp(counted.map((answer) => soldIn(answer) ?? 0));
  const isBeforeUnknown =
    isMisread ||
    vague.some(({ units }) => units > 0) ||
    before.some((answer) => (answer === undefined ? !isPlanned(plan, key) : answer.kind === 'unreadable'));
  const isAfterVague = readBack?.kind === 'read' && readBacks.isVague(readBack, inventory, plan, hasSeveralKeys);
  const soldAfter = readBack?.kind === 'read' && !isAfterVague ? soldIn(readBack) : undefined;
  // "Free" before and "taken" after is a change, whatever the two words mean.
  const wasSold = isAfterVague && readBefore.length > 0 && readBack.units > 0;
  return {
    ...(readBack === undefined ? {} : { readBack }),
    storedUnits: soldAfter === undefined ? undefined : Number(soldAfter),
    ...(soldAfter === undefined ? {} : { soldAfter }),
    partReadBacks: new Map(ofParts.map((part) => [part.inventory, part])),
    unitsBefore: Number(soldBefore),
    soldBefore,
    orderIdsBefore: new Set(readBefore.flatMap(({ orderIds }) => orderIds)),
    ownersBefore: readBefore.flatMap(({ owners = [] }) => owners),
    isBeforeUnknown,
    isBeforeCounted: readBefore.length > 0 && readBefore.every(isCount),
    ...(unread === undefined ? {} : { beforeError: unread.error }),
    cannotCount: isAfterVague || vague.length > 0,
    gainedUnits: isBeforeUnknown ? 0 : Math.max(0, Number(minus(soldAfter ?? (wasSold ? 1 : 0), soldBefore))),
  };
}

/** The answers about the parts as one answer; unreadable where the answer for a part is missing or unreadable. */
function together({ key, parts = [] }: Inventory, answers: readonly ReadBack[]): ReadBack | undefined {
  if (answers.length === 0) return undefined;
  const read = answers.filter((answer) => answer.kind === 'read');
  const unread = answers.find((answer) => answer.kind === 'unreadable');
  if (unread !== undefined || read.length < parts.length) {
    return {
      inventory: key,
      when: 'after',
      kind: 'unreadable',
      error: unread?.error ?? 'not every part was asked for',
    };
  }
  return {
    inventory: key,
    when: 'after',
    kind: 'read',
    units: sum(read.map(({ units }) => units)),
    orderIds: [...new Set(read.flatMap((answer) => answer.orderIds))],
    ...(read.some(({ unsettled }) => unsettled) && { unsettled: true }),
  };
}

/**
 * Sold units only grow while nothing is cancelled. A number that goes down by what was sold counts what is left, so it
 * accuses nobody and settles nothing.
 */
function withoutCountdown(
  [before, ...more]: readonly (ReadBack | undefined)[],
  after: ReadBack | undefined,
  attempts: readonly Attempt[],
  plan: Plan,
): ReadBack | undefined {
  const rule = ruleOf(plan);
  if (rule.successes !== 'add up' && rule.successes !== 'repeat') return after;
  if (before?.kind !== 'read' || after?.kind !== 'read' || more.length > 0) return after;
  if ([before, after].some(({ counts, orderIds }) => counts === false || orderIds.length > 0)) return after;
  const told = unitsTold(attempts, rule);
  const possible = told + unitsWithin(withOutcome(attempts, 'info'), rule);
  const drop = before.units - after.units;
  if (drop <= 0 || drop < told || drop > possible) return after;
  const error = `its number went down from ${before.units} to ${after.units} while ${told} were sold: it may be counting what is left`;
  return { inventory: after.inventory, when: 'after', kind: 'unreadable', error };
}
