import type { Plan } from '../../../../model/index.ts';

/** How many rounds beyond the plan a run may have. */
const MAX_UNPLANNED = 1 << 16;

/** Memory that all workers share about the rounds. */
export interface RoundTable {
  /** A hash of the visit key of each unplanned round, in the order in which the workers met them; 0: not used yet. */
  readonly names: BigInt64Array<SharedArrayBuffer>;
  /** By round number: how many contenders wait or are in flight. */
  readonly open: Int32Array<SharedArrayBuffer>;
  /** By round number, nanoseconds on the run's clock: the first and the last release; 0: nobody was released yet. */
  readonly firstNs: BigInt64Array<SharedArrayBuffer>;
  readonly lastNs: BigInt64Array<SharedArrayBuffer>;
  /** By round number: one of {@link ANSWERS}. */
  readonly answers: Int32Array<SharedArrayBuffer>;
  /** One number: how many rounds in a row had no answer at all. It stays once it is {@link MAX_SILENT_ROUNDS}. */
  readonly silentRounds: Int32Array<SharedArrayBuffer>;
}

/**
 * Of those that were released. `unknown`: nobody is through. `none`: nobody is answered so far. `some`: somebody is.
 * `silent`: the round is over, and nobody was answered.
 */
export const ANSWERS = { unknown: 0, none: 1, some: 2, silent: 3 } as const;

/** After so many rounds in a row in which nobody was answered, the race stops: each would take a whole timeout. */
export const MAX_SILENT_ROUNDS = 2;

export function createRoundTable({ inventories }: Plan): RoundTable {
  const rounds = 1 + inventories.length + MAX_UNPLANNED;
  return {
    names: new BigInt64Array(new SharedArrayBuffer(MAX_UNPLANNED * 8)),
    open: new Int32Array(new SharedArrayBuffer(rounds * 4)),
    firstNs: new BigInt64Array(new SharedArrayBuffer(rounds * 8)),
    lastNs: new BigInt64Array(new SharedArrayBuffer(rounds * 8)),
    answers: new Int32Array(new SharedArrayBuffer(rounds * 4)),
    silentRounds: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/** Names a round: the contenders that go for the same inventory for the n-th time meet, and are released together. */
export const visitKey = (inventory: string, visit: number): string => `${inventory}\n${visit}`;

/** The parts of a {@link visitKey}. */
export function visitIn(key: string): readonly [inventory: string, visit: number] {
  const end = key.lastIndexOf('\n');
  return [key.slice(0, end), Number(key.slice(end + 1))];
}
