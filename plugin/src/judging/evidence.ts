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
}

/** Everything that is known of one inventory: all attempts at it, over all its rounds, and what the server said later. */
export interface Contest {
  readonly inventory: Inventory;
  /** The first round on it. */
  readonly round: number;
  readonly attempts: readonly Attempt[];
  /** Absent where the server was not asked. */
  readonly readBack?: ReadBack;
}

/** Answers one question of the evidence. Pure: no clock, no I/O. */
export type Checker = (evidence: Evidence) => Finding[];

export function evidenceOf(history: History): Evidence {
  const { plan } = history.run;
  const rounds = roundsOf(plan, history.attempts);
  const readBacks = new Map(history.readBacks.map((readBack) => [readBack.inventory, readBack]));
  const inventories = [...Map.groupBy(rounds, (round) => round.inventory.key)].flatMap(([key, its]): Contest[] => {
    const [first] = its;
    if (first === undefined) return [];
    const readBack = readBacks.get(key);
    return [
      {
        inventory: first.inventory,
        round: first.number,
        attempts: its.flatMap((round) => round.attempts),
        ...(readBack === undefined ? {} : { readBack }),
      },
    ];
  });
  return { plan, history, rounds, attempts: rounds.flatMap((round) => round.attempts), inventories };
}

/** The finding's place: the inventory, and its first round. */
export const placeOf = (contest: Contest) => ({ round: contest.round, inventory: contest.inventory.key });

/** `1 attempt`, `2 attempts`. */
export const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
