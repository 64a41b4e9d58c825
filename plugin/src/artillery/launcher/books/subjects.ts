import { capacityOf, type Inventory, readBackKeysOf, valuesOf } from '../../../../../model/index.ts';
import type { InventoryKey } from '../../../config/index.ts';
import type { Subject } from '../../../recording/index.ts';

/**
 * What is asked about an inventory: the inventory itself, or each of its parts.
 *
 * @param keyOf the key as the suite wrote it: a number stays a number in a body
 */
export const subjectsOf = (inventory: Inventory, keyOf: (key: string) => InventoryKey = String): Subject[] =>
  readBackKeysOf(inventory).map((key) => ({
    key,
    capacity: inventory.parts === undefined ? capacityOf(inventory) : 1,
    values: valuesOf(inventory, keyOf(key)),
  }));
