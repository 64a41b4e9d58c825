import type { Attempt, Finding, History, Inventory, Plan, ReadBack, Round } from '../../../model/index.ts';
import { isTakenBefore, readBackKeysOf, roundsOf } from '../../../model/index.ts';

/** What the checkers are given: the history, arranged by round and by inventory. */
export interface Evidence {
  readonly plan: Plan;
  readonly history: History;
  readonly rounds: readonly Round[];
  /** All attempts, by round and release: an order that does not depend on when they were recorded. */
  readonly attempts: readonly Attempt[];
  readonly inventories: readonly Contest[];
  /** What was taken before anything began: nobody went for it, and nothing else is asked of it. */
  readonly alreadyTaken: readonly Contest[];
}

/** Everything that is known of one inventory: all attempts at it, over all its rounds, and what the server said later. */
export interface Contest {
  readonly inventory: Inventory;
  /** The first round on it. */
  readonly round: number;
  readonly attempts: readonly Attempt[];
  /** What the server said after the last round, of all its parts together; absent where it was not asked. */
  readonly readBack?: ReadBack;
  /** The same of each part; empty where it has none. */
  readonly partReadBacks: ReadonlyMap<string, ReadBack>;
  /** Units that the server held already before the first round; 0 where it was not asked. */
  readonly unitsBefore: number;
  /**
   * Units may have been gone before the first round: what the server said could not be read, or it was not asked, because the
   * plan does not name the inventory.
   */
  readonly isBeforeUnknown: boolean;
  /** Why what the server said before the first round could not be read. */
  readonly beforeError?: string;
  /** Planned attempts that the history does not hold. Each may have booked: who recorded it may have been killed. */
  readonly missing: number;
  /** How many units those may have booked: who may want several, may have wanted any number. */
  readonly missingUnits: number;
  /** Nothing was left of it before the first round, and nobody went for it. One that was gone for is judged like any other. */
  readonly isTaken: boolean;
}

/** Answers one question of the evidence. Pure: no clock, no I/O. */
export type Checker = (evidence: Evidence) => Finding[];

export function evidenceOf(history: History): Evidence {
  const { plan } = history.run;
  const everyRound = roundsOf(plan, history.attempts);
  // What was said first before the race, and last after it: a thread that comes late asks once more, in the middle of it.
  const said = [
    ...history.readBacks.filter(isBefore).toReversed(),
    ...history.readBacks.filter((its) => !isBefore(its)),
  ];
  const readBacks = new Map(said.map((readBack) => [`${readBack.when} ${readBack.inventory}`, readBack]));
  const contests = [...Map.groupBy(everyRound, (round) => round.inventory.key)].flatMap(([key, its]): Contest[] => {
    const [first] = its;
    if (first === undefined) return [];
    const { inventory } = first;
    const before = readBackKeysOf(inventory).map((place) => readBacks.get(`before ${place}`));
    const unread = before.find((its) => its?.kind === 'unreadable');
    const unitsAt = (place: string) => unitsIn(readBacks.get(`before ${place}`));
    const parts = (inventory.parts ?? []).flatMap((part) => readBacks.get(`after ${part}`) ?? []);
    const readBack = inventory.parts === undefined ? readBacks.get(`after ${key}`) : together(inventory, parts);
    const attempts = its.flatMap((round) => round.attempts);
    const missing = sum(its.map((round) => missingIn(round, plan)));
    return [
      {
        inventory,
        round: first.number,
        attempts,
        unitsBefore: sum(before.map(unitsIn)),
        isBeforeUnknown: before.some((its) => (its === undefined ? !isPlanned(plan, key) : its.kind === 'unreadable')),
        missing,
        missingUnits: missing > 0 && attempts.some(({ units }) => units !== undefined) ? Infinity : missing,
        isTaken: attempts.length === 0 && isTakenBefore(inventory, unitsAt),
        ...(readBack === undefined ? {} : { readBack }),
        ...(unread === undefined ? {} : { beforeError: unread.error }),
        partReadBacks: new Map(parts.map((part) => [part.inventory, part])),
      },
    ];
  });
  const alreadyTaken = contests.filter(({ isTaken }) => isTaken);
  const takenKeys = new Set(alreadyTaken.map((contest) => contest.inventory.key));
  const rounds = everyRound.filter((round) => !takenKeys.has(round.inventory.key));
  return {
    plan,
    history,
    rounds,
    attempts: rounds.flatMap((round) => round.attempts),
    inventories: contests.filter(({ isTaken }) => !isTaken),
    alreadyTaken,
  };
}

const isBefore = ({ when }: ReadBack) => when === 'before';

export const isPlanned = ({ inventories }: Plan, key: string) => inventories.some((inventory) => inventory.key === key);

const unitsIn = (readBack: ReadBack | undefined) => (readBack?.kind === 'read' ? readBack.units : 0);

/** What the server said of the parts, as one answer; unreadable where one of them could not be read or was not asked for. */
function together({ key, parts = [] }: Inventory, readBacks: readonly ReadBack[]): ReadBack | undefined {
  if (readBacks.length === 0) return undefined;
  const read = readBacks.filter((its) => its.kind === 'read');
  const unread = readBacks.find((its) => its.kind === 'unreadable');
  if (unread !== undefined || read.length < parts.length) {
    return {
      inventory: key,
      when: 'after',
      kind: 'unreadable',
      error: unread?.error ?? 'not every part was asked for',
    };
  }
  const orderIds = [...new Set(read.flatMap((its) => its.orderIds))];
  return {
    inventory: key,
    when: 'after',
    kind: 'read',
    units: read.reduce((sum, { units }) => sum + units, 0),
    orderIds,
  };
}

/** How many contenders have no attempt in a round. One that is recorded twice does not stand in for another. */
export const missingIn = ({ attempts }: Round, { contenders }: Plan) =>
  Math.max(0, contenders - new Set(attempts.map((attempt) => attempt.vu)).size);

/** The finding's place: the inventory, and its first round. */
export const placeOf = (contest: Contest) => ({ round: contest.round, inventory: contest.inventory.key });

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** How many there are of each kind: `400 (2×), 409 (1×)`. */
export const tally = <A>(attempts: readonly A[], kindOf: (attempt: A) => unknown): string =>
  [...Map.groupBy(attempts, kindOf)].map(([kind, its]) => `${kind} (${its.length}×)`).join(', ');

/** `1 attempt`, `2 attempts`. */
export const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
