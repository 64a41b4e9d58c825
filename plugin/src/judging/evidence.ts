import type { Attempt, Finding, History, Inventory, Plan, ReadBack, Round } from '../model/index.ts';
import { roundsOf } from '../model/index.ts';

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
  /** What the server said after the last round; absent where it was not asked. */
  readonly readBack?: ReadBack;
  /** Units that the server held already before the first round; 0 where it was not asked. */
  readonly unitsBefore: number;
  /**
   * Units may have been gone before the first round: what the server said could not be read, or it was not asked, because the
   * plan does not name the inventory.
   */
  readonly isBeforeUnknown: boolean;
  /** Planned attempts that the history does not hold. Each may have booked: who recorded it may have been killed. */
  readonly missing: number;
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
    const before = readBacks.get(`before ${key}`);
    const readBack = readBacks.get(`after ${key}`);
    return [
      {
        inventory: first.inventory,
        round: first.number,
        attempts: its.flatMap((round) => round.attempts),
        unitsBefore: before?.kind === 'read' ? before.units : 0,
        isBeforeUnknown: before === undefined ? !isPlanned(plan, key) : before.kind === 'unreadable',
        missing: its.reduce((sum, round) => sum + missingIn(round, plan), 0),
        ...(readBack === undefined ? {} : { readBack }),
      },
    ];
  });
  const alreadyTaken = contests.filter(isTaken);
  const takenKeys = new Set(alreadyTaken.map((contest) => contest.inventory.key));
  const rounds = everyRound.filter((round) => !takenKeys.has(round.inventory.key));
  return {
    plan,
    history,
    rounds,
    attempts: rounds.flatMap((round) => round.attempts),
    inventories: contests.filter((contest) => !isTaken(contest)),
    alreadyTaken,
  };
}

const isBefore = ({ when }: ReadBack) => when === 'before';

export const isPlanned = ({ inventories }: Plan, key: string) => inventories.some((inventory) => inventory.key === key);

/** Nothing was left of it before the first round. One that was gone for all the same is judged like any other. */
const isTaken = ({ inventory, attempts, unitsBefore }: Contest) =>
  attempts.length === 0 && unitsBefore >= inventory.capacity;

/** How many contenders have no attempt in a round. One that is recorded twice does not stand in for another. */
export const missingIn = ({ attempts }: Round, { contenders }: Plan) =>
  Math.max(0, contenders - new Set(attempts.map((attempt) => attempt.vu)).size);

/** The finding's place: the inventory, and its first round. */
export const placeOf = (contest: Contest) => ({ round: contest.round, inventory: contest.inventory.key });

/** `1 attempt`, `2 attempts`. */
export const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
