import { createHash } from 'node:crypto';
import type { Plan } from '../../../../model/index.ts';

/** How many rounds a run may have that the plan does not foresee. */
const UNPLANNED = 1 << 16;
/** In how many steps a sweep is made where nobody says how many rounds there will be. */
const UNPLANNED_PLACES = 16;

/** Memory that all workers share about the rounds. */
export interface RoundTable {
  /** A hash of the name of each round that the plan does not foresee, in the order in which they were met; 0: free. */
  readonly names: BigInt64Array<SharedArrayBuffer>;
  /** By round number: how many contenders are staged or in flight. */
  readonly open: Int32Array<SharedArrayBuffer>;
  /** By round number, nanoseconds on the run's clock: the first and the last release; 0: none yet. */
  readonly firstNs: BigInt64Array<SharedArrayBuffer>;
  readonly lastNs: BigInt64Array<SharedArrayBuffer>;
}

export function createRoundTable({ inventories }: Plan): RoundTable {
  const rounds = 1 + inventories.length + UNPLANNED;
  return {
    names: new BigInt64Array(new SharedArrayBuffer(UNPLANNED * 8)),
    open: new Int32Array(new SharedArrayBuffer(rounds * 4)),
    firstNs: new BigInt64Array(new SharedArrayBuffer(rounds * 8)),
    lastNs: new BigInt64Array(new SharedArrayBuffer(rounds * 8)),
  };
}

/** What the contenders of all workers together come to, round by round. */
export interface SharedRounds {
  /**
   * The number of the round for the n-th visit to an inventory: the first visit has the inventory's place in the plan;
   * what the plan does not foresee is numbered after it, in the order in which it is met. All workers agree.
   *
   * @throws Error where there are more rounds than there is memory for
   */
  numberOf(inventory: string, visit: number): number;
  /** The place of the round's inventory among all, from 0, and how many there are; where the plan names none, one of 16. */
  placeOf(inventory: string, round: number): { readonly place: number; readonly places: number };
  /** A contender is staged in this round. */
  entered(round: number): void;
  /**
   * A contender that had entered is through.
   *
   * @returns the spread of the round, in milliseconds, where it was the last one in any worker and there is a spread
   */
  left(round: number, releasedAtMs: number | undefined): number | undefined;
}

export function shareRounds(table: RoundTable, { inventories }: Plan): SharedRounds {
  const { names, open, firstNs, lastNs } = table;
  const planned = new Map(inventories.map(({ key }, index) => [nameOf(key, 1), index + 1]));
  /** The part of the table that this thread has seen, by hash. */
  const met = new Map<bigint, number>();

  const unplanned = (hash: bigint): number => {
    while (!met.has(hash)) {
      const place = met.size;
      if (place >= names.length) throw new Error(`more than ${names.length} rounds that the plan does not foresee`);
      const before = Atomics.compareExchange(names, place, 0n, hash);
      met.set(before === 0n ? hash : before, inventories.length + place + 1);
    }
    return met.get(hash) as number;
  };

  return {
    numberOf(inventory, visit) {
      const name = nameOf(inventory, visit);
      return planned.get(name) ?? unplanned(hashOf(name));
    },
    placeOf(inventory, round) {
      const place = planned.get(nameOf(inventory, 1));
      return place === undefined
        ? { place: (round - 1) % UNPLANNED_PLACES, places: UNPLANNED_PLACES }
        : { place: place - 1, places: inventories.length };
    },
    entered: (round) => void Atomics.add(open, round, 1),
    left(round, releasedAtMs) {
      if (releasedAtMs !== undefined) {
        const atNs = BigInt(Math.round(releasedAtMs * 1e6));
        replaceWhile(firstNs, round, atNs, (first) => first === 0n || atNs < first);
        replaceWhile(lastNs, round, atNs, (last) => atNs > last);
      }
      if (Atomics.sub(open, round, 1) > 1) return undefined;
      const [first, last] = [Atomics.load(firstNs, round), Atomics.load(lastNs, round)];
      return last > first ? Number(last - first) / 1e6 : undefined;
    },
  };
}

const nameOf = (inventory: string, visit: number) => `${inventory}\n${visit}`;

/** 64 bits, never 0. */
const hashOf = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE() || 1n;

/** Replaces a value for as long as it is to be replaced, whatever other threads do meanwhile. */
function replaceWhile(
  cells: BigInt64Array,
  index: number,
  value: bigint,
  isToBeReplaced: (current: bigint) => boolean,
): void {
  let current = Atomics.load(cells, index);
  while (isToBeReplaced(current)) {
    const before = Atomics.compareExchange(cells, index, current, value);
    if (before === current) return;
    current = before;
  }
}
