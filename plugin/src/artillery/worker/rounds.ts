import { setTimeout as sleep } from 'node:timers/promises';
import { MACHINE_LOST, type Plan, RACE_STOPPED } from '../../../../model/index.ts';
import { ANSWERS, MAX_SILENT_ROUNDS, type RoundTable, visitKey } from '../shared/round-table.ts';
import { createRegister } from './register.ts';

/** A sweep over rounds has this many steps where the plan does not say how many rounds there are. */
const UNPLANNED_STEPS = 16;
const POLL_MS = 20;

/** The rounds as all workers see them: numbered alike, and measured together. */
export interface Rounds {
  /**
   * The number of the round for the n-th visit to an inventory. The plan numbers the first visits; every other round
   * gets the next number when some worker meets it first. All workers agree.
   *
   * @throws Error after more rounds than the table can hold
   */
  numberOf(inventory: string, visit: number): number;
  /** Which step of a sweep this round takes, from 0, and how many steps the sweep has. */
  stepOf(inventory: string, round: number): { readonly step: number; readonly steps: number };
  /** A contender waits in this round. */
  entered(round: number): void;
  /**
   * A contender that had entered is done with the round.
   *
   * @param releasedAtMs when it was released, on the run's clock; undefined: it never was
   * @param isAnswered whether anything was answered, if only a status
   * @returns the spread of the round in milliseconds, once the last contender of all workers is through; undefined
   * before that, and where fewer than two were released
   */
  left(round: number, releasedAtMs: number | undefined, isAnswered: boolean): number | undefined;
  /**
   * If nobody was answered in the round before, waits until somebody is in this one, or until it is over: then all contenders
   * know alike whether the race goes on.
   */
  untilHeard(round: number): Promise<void>;
  /** Why no further round is released; undefined where one may be. */
  stoppedBecause(): string | undefined;
}

/** @param isLost whether a machine of the run was lost */
export function createRounds(table: RoundTable, { inventories, machines = 1 }: Plan, isLost = () => false): Rounds {
  const { names, open, firstNs, lastNs, answers, silentRounds } = table;
  const planned = new Map(inventories.map(({ key }, index) => [visitKey(key, 1), index + 1]));
  const unplanned = createRegister(names);

  return {
    numberOf(inventory, visit) {
      const key = visitKey(inventory, visit);
      const first = planned.get(visitKey(inventory, 1));
      // Other machines have other orders, so the number follows from the plan.
      if (machines > 1 && first !== undefined) return (visit - 1) * inventories.length + first;
      return planned.get(key) ?? inventories.length + unplanned.numberOf(key).number + 1;
    },
    stepOf(inventory, round) {
      const first = planned.get(visitKey(inventory, 1));
      return first === undefined
        ? { step: (round - 1) % UNPLANNED_STEPS, steps: UNPLANNED_STEPS }
        : { step: first - 1, steps: inventories.length };
    },
    entered: (round) => void Atomics.add(open, round, 1),
    left(round, releasedAtMs, isAnswered) {
      if (releasedAtMs !== undefined) {
        if (isAnswered) Atomics.store(answers, round, ANSWERS.some);
        else Atomics.compareExchange(answers, round, ANSWERS.unknown, ANSWERS.none);
        const atNs = BigInt(Math.round(releasedAtMs * 1e6));
        replaceIf(firstNs, round, atNs, (first) => first === 0n || atNs < first);
        replaceIf(lastNs, round, atNs, (last) => atNs > last);
      }
      if (Atomics.sub(open, round, 1) > 1) return undefined;
      countSilence(table, round);
      const [first, last] = [Atomics.load(firstNs, round), Atomics.load(lastNs, round)];
      return last > first ? Number(last - first) / 1e6 : undefined;
    },
    async untilHeard(round) {
      const isUnheard = () => Atomics.load(answers, round) < ANSWERS.some && Atomics.load(open, round) > 0;
      while (Atomics.load(silentRounds, 0) > 0 && isUnheard()) await sleep(POLL_MS);
    },
    stoppedBecause() {
      if (isLost()) return MACHINE_LOST;
      return Atomics.load(silentRounds, 0) >= MAX_SILENT_ROUNDS ? RACE_STOPPED : undefined;
    },
  };
}

/** The round is over. A round that some contenders come to late is over twice, and counts once. */
function countSilence({ answers, silentRounds }: RoundTable, round: number): void {
  const before = Atomics.compareExchange(answers, round, ANSWERS.none, ANSWERS.silent);
  if (before === ANSWERS.none) Atomics.add(silentRounds, 0, 1);
  else if (before === ANSWERS.some && Atomics.load(silentRounds, 0) < MAX_SILENT_ROUNDS)
    Atomics.store(silentRounds, 0, 0);
}

/** Writes the value if the current one should give way; asks again whenever another thread wrote in between. */
function replaceIf(cells: BigInt64Array, index: number, value: bigint, givesWay: (current: bigint) => boolean): void {
  let current = Atomics.load(cells, index);
  while (givesWay(current)) {
    const before = Atomics.compareExchange(cells, index, current, value);
    if (before === current) return;
    current = before;
  }
}
