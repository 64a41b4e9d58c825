import { InputError } from '../config/index.ts';
import type { Leaf } from './draft.ts';
import { type Seat, stem } from './seat.ts';

/**
 * Reads `--inventories`.
 *
 * @param seat what the captured request books: the others have the same type in JSON
 * @param least how many there must be: a probe uses one up
 * @throws InputError if one is empty, stands twice, has another type or cannot stand in a path
 */
export function inventoriesIn(
  text: string,
  { value: seat, leaves = [] }: Pick<Seat, 'value'> & Partial<Seat>,
  least: number,
): (string | number)[] {
  const isInPath = leaves.some((leaf) => leaf.in === 'path');
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name === '')) throw new InputError('--inventories: names nothing; separate them by commas');
  if (names.includes('')) throw new InputError('--inventories: has an empty name between two commas');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`--inventories: names ${twice.slice(0, 60)} twice`);
  if (names.length < least) {
    throw new InputError('--inventories: name at least two: the probe books the last one, and the others are raced');
  }
  const lost = isInPath ? names.find((name) => /[/?#%\\]/.test(name)) : undefined;
  if (lost !== undefined) {
    throw new InputError(
      `--inventories: ${lost.slice(0, 60)} stands in the path of the request, where / ? # % and \\ have a meaning of their own; name others`,
    );
  }
  if (typeof seat === 'string') return names;
  const wrong = names.find((name) => String(Number(name)) !== name);
  if (wrong === undefined) return names.map(Number);
  throw new InputError(`--inventories: must be numbers, as ${seat} is in the request (received ${wrong.slice(0, 60)})`);
}

/** Names that say nothing about the thing that they name. */
const GENERAL =
  /^(?:ref|id|code|number|no|key|name|uuid|value|slug|item_id|target|query|mutation|variables|input|data|body|params|args)$/;

/** What one of the seats is called, by the field that names it: `pitchId` → `pitch`. */
export function labelFor(leaves: readonly Leaf[]): string {
  const words = leaves.flatMap(({ in: place, name, path }) => {
    if (place !== 'json') return [name];
    const keys = [...path.matchAll(/\.(\w+)|\['([^']*)'\]/g)].map(([, plain, quoted]) => plain ?? quoted ?? '');
    return keys.toReversed();
  });
  const label = words.map(stem).find((word) => /^[a-z]{2,20}(?:_[a-z]{2,20})?$/.test(word) && !GENERAL.test(word));
  return label?.replace('_', ' ') ?? 'seat';
}
