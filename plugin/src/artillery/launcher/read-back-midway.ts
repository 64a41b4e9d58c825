import type { History, Inventory, Plan } from '../../../../model/index.ts';
import type { RacedFor } from '../shared/read-back-desk.ts';
import { leastUnitsOf, pendingKeysOf } from './ask-afterwards.ts';
import type { Asking } from './books/index.ts';

export interface MidwayOptions {
  readonly plan: Plan;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** How many attempts there were so far. */
  readonly ended: () => number;
  /** Reads the history of the run, as far as it goes. */
  readonly history: () => History;
  /** Asks the server, and writes the answers down. */
  readonly ask: (inventories: readonly Inventory[], asking: Omit<Asking, 'rawHeaders'>) => Promise<unknown>;
}

/** Reads inventories back in the middle of the run, before a request changes them that is not part of the race. */
export interface MidwayReader {
  /**
   * Reads back what was raced for since it was last read back, by any contender of this machine. One call after the other: a
   * later one does not ask again about what the first caller may have changed by then.
   *
   * @param raced what the caller knows of: the history lacks attempts that nothing has decided yet
   */
  read(raced: readonly RacedFor[]): Promise<void>;
  /** When an inventory was last read back so, in milliseconds on the run's clock; undefined: not yet. */
  askedAtMs(inventory: string): number | undefined;
}

export function midwayReader({ plan, now, ended, history: readHistory, ask }: MidwayOptions): MidwayReader {
  const asked = new Map<string, number>();
  let endedThen = 0;
  const readNow = async (raced: readonly RacedFor[]): Promise<void> => {
    const endedNow = ended();
    if (raced.length === 0 && endedNow === endedThen) return;
    endedThen = endedNow;
    const history = readHistory();
    const since = [...raced, ...history.attempts].filter(
      ({ inventory, completedAtMs }) => completedAtMs >= (asked.get(inventory) ?? 0),
    );
    const keys = new Set(since.map(({ inventory }) => inventory));
    if (keys.size === 0) return;
    await ask(
      [...keys].map((key) => plan.inventories.find((inventory) => inventory.key === key) ?? { key, capacity: 1 }),
      { when: 'after', leastUnits: (key) => leastUnitsOf(history, key), restless: pendingKeysOf(history) },
    );
    for (const key of keys) asked.set(key, now());
  };
  let latest: Promise<void> = Promise.resolve();
  return {
    read(raced) {
      const turn = latest.then(() => readNow(raced));
      latest = turn.catch(() => {});
      return turn;
    },
    askedAtMs: (inventory) => asked.get(inventory),
  };
}
