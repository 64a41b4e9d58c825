import { InputError } from '../config/index.ts';
import type { CapturedParameter } from './capture.ts';
import { type Draft, type Leaf, leavesOf, mapLeaves } from './draft.ts';
import { envTemplate } from './formats/urls.ts';
import { isSecret } from './secrets.ts';

/** What a request books. */
export interface Seat {
  /** Its name as it stands in the input: text, or a number where JSON has one. */
  readonly value: string | number;
  /** Where it stands; at least one place. */
  readonly leaves: readonly Leaf[];
}

/** What stands for the seat in a suite. */
export const SEAT = '{{ $loopElement }}';

/**
 * Finds the seat that `--seat` names: by a field's name or path, by the name of a parameter or variable, else by its value.
 *
 * @param parameters those that the format names: a part of a path has no name otherwise
 * @throws InputError if nothing matches, or if several values match that differ
 */
export function seatNamed(wanted: string, draft: Draft, parameters: readonly CapturedParameter[] = []): Seat {
  const leaves = leavesOf(draft).filter(isPlace);
  const parameter = parameters.find(({ name }) => sameName(name, wanted));
  const named = leaves.filter((leaf) => isNamed(leaf, wanted) || (parameter !== undefined && isOf(parameter, leaf)));
  if (named.length > 0) return seatAt(named, leaves, wanted);
  const unknown = leaves.filter(({ value }) => value === envTemplate(wanted));
  if (unknown.length > 0) return seatAt(unknown, leaves, wanted);
  if (parameter?.in === 'variable') return seatNamed(parameter.value, draft);
  const equal = leaves.filter(({ value }) => String(value) === wanted);
  if (equal.length > 0) return seatAt(equal, leaves, wanted);
  const inside = leaves.filter(({ value }) => typeof value === 'string' && occurs(wanted, value));
  const behind = inside.flatMap(({ value }) => valueBehind(wanted, String(value)) ?? [])[0];
  if (behind !== undefined)
    return { value: behind, leaves: inside.filter(({ value }) => occurs(behind, String(value))) };
  if (inside.length > 0) return { value: wanted, leaves: inside };
  throw new InputError(`--seat: nothing in ${shown(draft)} is called or holds "${wanted.slice(0, 60)}"`);
}

/** Who books is no seat. */
const isPlace = ({ in: place, name, value }: Leaf): boolean =>
  place !== 'login' &&
  !(place === 'header' && SIGNS_IN.test(name)) &&
  (typeof value === 'string' || typeof value === 'number');
const SIGNS_IN = /^(?:authorization|cookie)$/i;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `ref`, `$.plot.ref`, `plot.ref`, `seats[0]`. */
function isNamed({ in: place, name, path }: Leaf, wanted: string): boolean {
  if (place === 'path') return path === wanted;
  const bare = (text: string) =>
    text
      .replace(/^\$\.?/, '')
      .replace(/\[(?:\d+|\*)\]/g, '')
      .replace(/\['([^']*)'\]/g, '.$1');
  return sameName(name, wanted) || path === wanted || (bare(path) !== '' && bare(path) === bare(wanted));
}

const isOf = ({ in: place, name, value }: CapturedParameter, leaf: Leaf): boolean =>
  leaf.in === place && (place === 'path' ? String(leaf.value) === value : sameName(leaf.name, name));

/** All places of one seat: those that were meant, and others with the same value and a related name. */
function seatAt(meant: readonly Leaf[], leaves: readonly Leaf[], wanted: string): Seat {
  const [first] = meant;
  if (first === undefined) throw new InputError('--seat: names nothing');
  const values = new Set(meant.map(({ value }) => String(value)));
  if (values.size > 1) {
    const shownValue = (leaf: Leaf) => (isSecret(leaf) ? '***' : String(leaf.value).slice(0, 40));
    const places = meant.map((leaf) => `${leaf.path} (${shownValue(leaf)})`).join(', ');
    throw new InputError(
      `--seat: "${wanted.slice(0, 60)}" stands for several values: ${places}; name one by its path or value`,
    );
  }
  const same = leaves.filter(({ value }) => String(value) === String(first.value));
  const isClear = !/^(?:\d{1,3}|.|true|false|string)$/i.test(String(first.value));
  const related = same.filter((leaf) => isClear || meant.some((other) => sameName(stem(other.name), stem(leaf.name))));
  const names = new Set(meant.map(({ name }) => stem(name)));
  if (!isClear && names.size > 1) {
    const places = meant.map(({ path }) => path).join(', ');
    throw new InputError(`--seat: "${wanted.slice(0, 60)}" stands in several fields: ${places}; name the field`);
  }
  const value = related.some((leaf) => typeof leaf.value === 'number') ? Number(first.value) : String(first.value);
  return { value, leaves: related };
}

/** `seat_ids`, `seatId` and `seats` are about the same thing. */
export const stem = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+$/, '')
    .replace(/[^a-z\d]+(?:ids?|refs?|nos?|numbers?|codes?|keys?|uuids?)$/, '')
    .replace(/[^a-z\d]+/g, '_')
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|ss)es$/, '$1')
    .replace(/([^s])s$/, '$1');

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The value inside a longer text, such as a statement in GraphQL, and not as a part of another word. */
const inText = (value: string): RegExp => new RegExp(`(?<![\\w-])${escaped(value)}(?![\\w-])`, 'g');

/** What stands behind a name in a longer text: `seat: "A1"`, `seat=A1`, `<seat>A1</seat>`. A name has no digits. */
function valueBehind(name: string, text: string): string | undefined {
  if (!/^[A-Za-z_-]+$/.test(name)) return undefined;
  const [, value, element] =
    new RegExp(`(?<![\\w-])${name}\\\\?["']?\\s*[:=]\\s*\\\\?["']?([\\w.-]+)|<${name}>([^<]+)<`).exec(text) ?? [];
  return value ?? element;
}

const occurs = (value: string, text: string): boolean => value !== '' && inText(value).test(text);

const shown = ({ method, segments }: Draft): string => `${method} /${segments.join('/')}`;

/** The request with a template in place of the seat. */
export function withSeat(draft: Draft, { value, leaves }: Seat): Draft {
  const places = new Set(leaves.map(keyOf));
  return mapLeaves(draft, (leaf) => {
    if (!places.has(keyOf(leaf))) return leaf.value;
    return String(leaf.value) === String(value) ? SEAT : String(leaf.value).replace(inText(String(value)), SEAT);
  });
}

const keyOf = ({ in: place, path }: Leaf): string => `${place} ${path}`;
