import { asInventory, type RunSettings, type SourcedInventory } from '../../config/index.ts';

/** The value of `$inventory`: an inventory with its fields. Numbers stay numbers. */
export interface InventoryVariable {
  of(key: string | undefined): Readonly<Record<string, unknown>> | undefined;
  /** A request named another inventory, before a further pass. */
  learn(inventory: SourcedInventory): void;
}

export function inventoryVariable({ plan, keys }: Pick<RunSettings, 'plan' | 'keys'>): InventoryVariable {
  const known = new Map(
    plan.inventories.map(({ fields, key, ...inventory }, index) => [
      key,
      { ...fields, ...inventory, key: keys[index] ?? key },
    ]),
  );
  return {
    of: (key) => (key === undefined ? undefined : (known.get(key) ?? { key })),
    learn(sourced) {
      const { fields, ...inventory } = asInventory(sourced);
      if (!known.has(inventory.key)) known.set(inventory.key, { ...fields, ...inventory, key: sourced.key });
    },
  };
}
