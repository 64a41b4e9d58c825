import {
  type Attempt,
  type Finding,
  type History,
  type Inventory,
  isTakenBefore,
  type Plan,
  type ReadBack,
  type Round,
  readBackKeysOf,
  roundsOf,
  type Severity,
  sum,
} from '../../../model/index.ts';

/** The history, arranged for the checkers by round and by inventory. */
export interface Evidence {
  readonly plan: Plan;
  readonly history: History;
  /** Without rounds on inventories that are {@link alreadyTaken}. */
  readonly rounds: readonly Round[];
  /** The attempts of these rounds, by round and release: the order of recording does not matter. */
  readonly attempts: readonly Attempt[];
  readonly inventories: readonly Contest[];
  /** Inventories that were sold before the race. Nobody went for them, and no other checker looks at them. */
  readonly alreadyTaken: readonly Contest[];
}

/** Everything known about one inventory: the attempts of all its rounds, and what the server said. */
export interface Contest {
  readonly inventory: Inventory;
  /** The first round on it. */
  readonly round: number;
  readonly attempts: readonly Attempt[];
  /** What the server said after the last round, added up over the parts; absent where nobody asked. */
  readonly readBack?: ReadBack;
  /** Units in that answer; undefined where nobody asked, or the answer could not be read. */
  readonly storedUnits: number | undefined;
  /** The answer for each part; empty where the inventory has no parts. */
  readonly partReadBacks: ReadonlyMap<string, ReadBack>;
  /** Units that the server held before the first round; 0 where nobody asked. */
  readonly unitsBefore: number;
  /**
   * Units may have been sold before the first round: the answer could not be read, or nobody asked, because the plan does not
   * name the inventory.
   */
  readonly isBeforeUnknown: boolean;
  /** Why the answer before the first round could not be read. */
  readonly beforeError?: string;
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

export function evidenceOf(history: History): Evidence {
  const { plan } = history.run;
  const everyRound = roundsOf(plan, history.attempts);
  const readBacks = new ReadBacks(history);
  const byInventory = Map.groupBy(everyRound, (round) => round.inventory.key);
  const contests = [...byInventory.values()].flatMap((rounds) => contestOf(plan, rounds, readBacks));
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

/** The answers of the server that count: the first one before the race, the last one after it. */
class ReadBacks {
  readonly #answers: ReadonlyMap<string, ReadBack>;

  constructor({ readBacks }: History) {
    // A thread that starts late asks again, in the middle of the race: that must not replace the first answer.
    const before = readBacks.filter(({ when }) => when === 'before').toReversed();
    const after = readBacks.filter(({ when }) => when === 'after');
    this.#answers = new Map([...before, ...after].map((answer) => [`${answer.when} ${answer.inventory}`, answer]));
  }

  get(when: ReadBack['when'], key: string): ReadBack | undefined {
    return this.#answers.get(`${when} ${key}`);
  }
}

function contestOf(plan: Plan, rounds: readonly Round[], readBacks: ReadBacks): Contest[] {
  const [first] = rounds;
  if (first === undefined) return [];
  const { inventory } = first;
  const { key } = inventory;
  const before = readBackKeysOf(inventory).map((part) => readBacks.get('before', part));
  const unread = before.find((answer) => answer?.kind === 'unreadable');
  const parts = (inventory.parts ?? []).flatMap((part) => readBacks.get('after', part) ?? []);
  const readBack = inventory.parts === undefined ? readBacks.get('after', key) : together(inventory, parts);
  const attempts = rounds.flatMap((round) => round.attempts);
  const missing = sum(rounds.map((round) => missingIn(round, plan)));
  return [
    {
      inventory,
      round: first.number,
      attempts,
      storedUnits: readBack?.kind === 'read' ? readBack.units : undefined,
      unitsBefore: sum(before.map(unitsIn)),
      isBeforeUnknown: before.some((answer) =>
        answer === undefined ? !isPlanned(plan, key) : answer.kind === 'unreadable',
      ),
      missing,
      missingUnits: missing > 0 && attempts.some(({ units }) => units !== undefined) ? Infinity : missing,
      isTaken: attempts.length === 0 && isTakenBefore(inventory, (part) => unitsIn(readBacks.get('before', part))),
      ...(readBack === undefined ? {} : { readBack }),
      ...(unread === undefined ? {} : { beforeError: unread.error }),
      partReadBacks: new Map(parts.map((part) => [part.inventory, part])),
    },
  ];
}

export const isPlanned = ({ inventories }: Plan, key: string) => inventories.some((inventory) => inventory.key === key);

const unitsIn = (readBack: ReadBack | undefined) => (readBack?.kind === 'read' ? readBack.units : 0);

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
  const orderIds = [...new Set(read.flatMap((answer) => answer.orderIds))];
  return { inventory: key, when: 'after', kind: 'read', units: sum(read.map(unitsIn)), orderIds };
}

/** How many contenders have no attempt in a round. An attempt that is recorded twice does not replace a missing one. */
export const missingIn = ({ attempts }: Round, { contenders }: Plan) =>
  Math.max(0, contenders - new Set(attempts.map((attempt) => attempt.vu)).size);

/** What a finding is about: the inventory, and the first round on it. */
export const subjectOf = (contest: Contest) => ({ round: contest.round, inventory: contest.inventory.key });

/** How many there are of each kind: `400 (2×), 409 (1×)`. */
export const tally = <A>(attempts: readonly A[], kindOf: (attempt: A) => unknown): string =>
  [...Map.groupBy(attempts, kindOf)].map(([kind, same]) => `${kind} (${same.length}×)`).join(', ');
