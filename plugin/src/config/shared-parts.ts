import { type Inventory, readBackKeysOf } from '../../../model/index.ts';
import { ConfigError } from './config-error.ts';

/**
 * Checks that the read-back is asked about each thing under a name of its own. The history knows an answer by that name alone:
 * if two inventories had a part of the same name, the answer about one would be taken for the other.
 *
 * @param inventories those that the read-back is asked about
 * @throws ConfigError that names the part and both inventories
 */
export function checkSharedParts(inventories: readonly Inventory[]): void {
  const ownerOf = new Map<string, string>();
  inventories.forEach((inventory, index) => {
    for (const name of readBackKeysOf(inventory)) {
      const owner = ownerOf.get(name);
      ownerOf.set(name, inventory.key);
      if (owner !== undefined) throw sharedPart({ name, owner, other: inventory.key, index });
    }
  });
}

function sharedPart({ name, owner, other, index }: Record<'name' | 'owner' | 'other', string> & { index: number }) {
  return new ConfigError({
    path: `config.plugins.race.inventories.${index}`,
    problem: `"${name}" is in ${owner} and in ${other}, so the answers of the read-back would be mixed up`,
    fix: 'name each part in one inventory; where two rows number their seats alike, write ids such as row-1/3 and row-2/3',
  });
}
