import { isMapping } from '../../../model/json.ts';
import { type ReadableAnswer, readAnswer, searchable, type WireReply } from './answer.ts';
import { isText, selector } from './extractor.ts';

/** Where the inventories are in an answer. All paths but `each` are relative to what `each` selects. */
export interface InventoryPaths {
  /** Default: the entries of the answer. */
  readonly each?: string | undefined;
  readonly key: string;
  readonly capacity?: string | undefined;
  readonly parts?: string | undefined;
  /** The paths of further fields, by name. */
  readonly fields: readonly (readonly [name: string, path: string])[];
}

/** An entry of a list of inventories. What is no text and no number is absent. */
export interface ListedInventory {
  readonly key?: string | number | undefined;
  readonly capacity?: string | number | undefined;
  readonly parts?: readonly string[];
  readonly fields: Readonly<Record<string, string | number>>;
  /** The entry itself, for messages. */
  readonly text: string;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @returns what the answer lists, and its beginning for messages; a text where the answer cannot be read */
export function inventoryList(
  paths: InventoryPaths,
  reply: WireReply,
): { readonly listed: readonly ListedInventory[] | string; readonly said: string } {
  if (reply.kind === 'broken') return { listed: `got no answer: ${reply.error}`, said: '' };
  const answer = searchable(readAnswer(reply, MAX_BODY_BYTES));
  const said = `${answer.status} ${answer.text}`;
  if (answer.lost !== undefined) return { listed: `cannot be read: ${answer.lost}`, said };
  if (answer.status < 200 || answer.status > 299 || answer.json === undefined)
    return { listed: 'was answered otherwise than with 2xx and JSON', said };
  return { listed: selector(paths.each ?? '$[*]')(answer).map((entry) => entryOf(paths, entry, answer)), said };
}

function entryOf(
  { key, capacity, parts, fields }: InventoryPaths,
  entry: unknown,
  answer: ReadableAnswer,
): ListedInventory {
  // A list of bare ids: `$` is the id itself.
  const valuesAt = (path: string | undefined): unknown[] => {
    if (path === undefined) return [];
    return path === '$' && !isMapping(entry) ? [entry] : selector(path)({ ...answer, json: entry });
  };
  const at = (path: string | undefined) => valuesAt(path).find(isText);
  const found = fields.flatMap(([name, path]) => {
    const value = at(path);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    key: at(key),
    capacity: at(capacity),
    ...(parts !== undefined && { parts: valuesAt(parts).flat().filter(isText).map(String) }),
    fields: Object.fromEntries(found),
    text: JSON.stringify(entry),
  };
}
