import type { RunSettings } from '../../config/index.ts';

/** The value of `$inventory`: an inventory with its fields. Numbers stay numbers. */
export function inventoryVariable({
  plan,
  keys,
}: Pick<RunSettings, 'plan' | 'keys'>): (key: string | undefined) => Readonly<Record<string, unknown>> | undefined {
  const known = new Map(
    plan.inventories.map(({ fields, key, ...inventory }, index) => [
      key,
      { ...fields, ...inventory, key: keys[index] ?? key },
    ]),
  );
  return (key) => (key === undefined ? undefined : (known.get(key) ?? { key }));
}
