import type { InventoryKey } from '../../config/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import { MAX_PASSES, PASS, type PassTable, passPoint } from '../shared/passes.ts';

/** Lets contenders make another pass over some of their inventories. */
export interface NextPass {
  /**
   * A contender is through with an inventory. After its last one it waits for the others, and for the launcher to decide what
   * is raced again: that is added to its list.
   *
   * @param inventories the contender's own list, which its loop goes over
   */
  after(vu: number, inventory: string, inventories: InventoryKey[]): Promise<void>;
}

export function createNextPass(
  { passes, next }: PassTable,
  planned: readonly InventoryKey[],
  meet: Rendezvous['arrive'],
): NextPass {
  /** How many passes each contender has made. */
  const made = new Map<number, number>();

  const decision = async (pass: number): Promise<readonly InventoryKey[]> => {
    if (Atomics.compareExchange(passes, PASS.over, pass - 1, pass) === pass - 1) Atomics.notify(passes, PASS.over);
    for (;;) {
      const decided = Atomics.load(passes, PASS.decided);
      if (decided >= pass) return planned.flatMap((key, index) => (Atomics.load(next, index) === 1 ? key : []));
      await Atomics.waitAsync(passes, PASS.decided, decided).value;
    }
  };

  return {
    async after(vu, inventory, inventories) {
      const pass = (made.get(vu) ?? 0) + 1;
      if (pass >= MAX_PASSES || inventory !== String(inventories.at(-1))) return;
      made.set(vu, pass);
      await new Promise<void>((letGo) => meet(passPoint(pass), vu, () => letGo()));
      for (const key of await decision(pass)) inventories.push(key);
    },
  };
}

/** For flows that cannot be restarted, and where nobody can tell what is still free. */
export const NO_NEXT_PASS: NextPass = { after: async () => {} };
