import {
  type Attempt,
  type Finding,
  type FoldedHistory,
  type Inventory,
  isOldHistory,
  isTakenBefore,
  named,
  type Plan,
  type Raced,
  type Round,
  racedIn,
  type Severity,
  subjectIdOf,
  sum,
} from '../../../model/index.ts';
import { ReadBacks, type Stock, stockOf } from './read-backs.ts';

/** The history, arranged for the checkers by round and by inventory. */
export interface Evidence {
  readonly plan: Plan;
  readonly history: FoldedHistory;
  /** Every round. */
  readonly raced: Raced;
  /** Without rounds on inventories that are {@link alreadyTaken}. */
  readonly rounds: readonly Round[];
  /** The attempts of these rounds, by round and release: the order of recording does not matter. */
  readonly attempts: readonly Attempt[];
  readonly inventories: readonly Contest[];
  /** Inventories that were sold before the race. Nobody went for them, and no other checker looks at them. */
  readonly alreadyTaken: readonly Contest[];
}

/**
 * Everything known about one inventory, the object of the contest: the attempts of all rounds on it, and the read-backs. Where
 * rounds repeat, each visit to it is a contest of its own.
 */
export interface Contest extends Stock {
  readonly inventory: Inventory;
  /** Which visit this is; absent where rounds do not repeat. */
  readonly visit?: number;
  /** The first round on it. */
  readonly round: number;
  readonly attempts: readonly Attempt[];
  /** Planned attempts that the history lacks. Each may have booked: the thread that recorded it may have been killed. */
  readonly missing: number;
  /** How many units the missing attempts may have booked: any number, where orders may want several. */
  readonly missingUnits: number;
  /** Sold out before the first round, and nobody went for it. If somebody did, it is judged like any other. */
  readonly isTaken: boolean;
}

/** What a checker found. Without a severity it has the usual one of its kind. */
export type Found = Omit<Finding, 'severity'> & { readonly severity?: Severity };

/** Answers one question about the evidence. Pure: no clock, no I/O. */
export type Checker = (evidence: Evidence) => Found[];

/** @param raced the rounds of the history, by `racedIn` */
export function evidenceOf(history: FoldedHistory, raced = racedIn(history)): Evidence {
  const { plan } = history.run;
  const said = { readBacks: new ReadBacks(history), isOld: isOldHistory(history) };
  const bySubject = Map.groupBy(raced.rounds, subjectIdOf);
  const contests = [...bySubject.values()].flatMap((rounds) => contestOf(plan, rounds, said));
  const alreadyTaken = contests.filter(({ isTaken }) => isTaken);
  const takenKeys = new Set(alreadyTaken.map(subjectIdOf));
  // What nobody went for is no doubt where each contender goes for whatever it likes.
  const isTried = ({ attempts }: { readonly attempts: readonly Attempt[] }) =>
    plan.anyItem !== true || attempts.length > 0;
  const rounds = raced.rounds.filter((round) => isTried(round) && !takenKeys.has(subjectIdOf(round)));
  return {
    plan,
    history,
    raced,
    rounds,
    attempts: rounds.flatMap((round) => round.attempts),
    inventories: contests.filter((contest) => isTried(contest) && !contest.isTaken),
    alreadyTaken,
  };
}

function contestOf(plan: Plan, rounds: readonly Round[], said: Parameters<typeof stockOf>[3]): Contest[] {
  const [first] = rounds;
  if (first === undefined) return [];
  const { inventory, visit } = first;
  const attempts = rounds.flatMap((round) => round.attempts);
  const missing = sum(rounds.map(missingIn));
  const isTaken = isTakenBefore(plan, inventory, (part) => said.readBacks.get('before', part, visit));
  return [
    {
      inventory,
      ...(visit !== undefined && { visit }),
      round: first.number,
      attempts,
      ...stockOf(plan, first, attempts, said),
      missing,
      missingUnits: missing > 0 && attempts.some(({ units }) => units !== undefined) ? Infinity : missing,
      isTaken: attempts.length === 0 && isTaken,
    },
  ];
}

/** How many contenders have no attempt in a round. An attempt that is recorded twice does not replace a missing one. */
export const missingIn = ({ attempts, planned }: Round): number =>
  Math.max(0, planned - new Set(attempts.map((attempt) => attempt.vu)).size);

/** What a finding is about: the inventory, and the first round of the contest. */
export const subjectOf = (contest: Contest) => ({ round: contest.round, inventory: contest.inventory.key });

/** What was found at an inventory; `what` is the rest of the sentence that its name begins. */
export interface FoundAt extends Pick<Found, 'id' | 'witness'> {
  readonly what: string;
  /** Default: the finding has the usual severity of its kind. */
  readonly isDoubt?: boolean;
}

/** The finding about an inventory, with its name in front. */
export const foundAt = (
  contest: Contest,
  { history }: Pick<Evidence, 'history'>,
  { id, what, witness, isDoubt = false }: FoundAt,
): Found => ({
  id,
  ...(isDoubt && { severity: 'doubt' }),
  ...subjectOf(contest),
  message: `${named(history.run.label, contest.inventory.key)}: ${what}`,
  witness,
});

/** Whether the last answer of the server still changed: then it does not prove that anything is missing. */
export const isUnsettled = ({ readBack }: Contest): boolean => readBack?.kind === 'read' && readBack.unsettled === true;

/** How many there are of each kind: `400 (2×), 409 (1×)`. */
export const tally = <A>(attempts: readonly A[], kindOf: (attempt: A) => unknown): string =>
  tallyText([...Map.groupBy(attempts, kindOf)].map(([kind, same]) => [kind, same.length]));

export const tallyText = (counts: Iterable<readonly [kind: unknown, count: number]>): string =>
  [...counts].map(([kind, count]) => `${kind} (${count}×)`).join(', ');
