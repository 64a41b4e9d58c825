import * as z from 'zod';
import type { Amount, Inventory } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { units } from './intent.ts';
import { slipMessage, slipOf } from './inventory-source.ts';
import { slipPattern } from './slip-pattern.ts';

/** An id as the suite writes it. The flow gets a number as a number; everything else calls it by its text. */
export type InventoryKey = string | number;

const text = z.string().trim().min(1, 'must not be empty');
/** A number of more digits than a double holds is not the id that was written. */
const number = z
  .number({ error: 'must be text or a number' })
  .refine((id) => Math.abs(id) <= Number.MAX_SAFE_INTEGER, 'has too many digits for a number: put it in quotes')
  .transform(String);
const key = z.union([text, number], 'must be text or a number');

const WORDS = ['key', 'capacity', 'parts'];

/** A decimal is kept as it is written. */
const capacityOf = (capacity: Amount = 1) => ({
  capacity: Number(capacity),
  ...(typeof capacity === 'string' && { amount: capacity }),
});

/** Typed loosely, because TypeScript applies it to `capacity` and `parts` as well. */
const field: z.ZodType<unknown, unknown> = z.union(
  [z.string(), z.number()],
  'must be text or a number: it is a field of the inventory',
);

/** Something to race for: an id, which exists once, or a mapping. */
export const inventory = z.union(
  [
    text.transform((id) => ({ key: id, capacity: 1 })),
    number.transform((id) => ({ key: id, capacity: 1 })),
    z
      .object({
        key: key.describe('What requests and the read-back call it. A number stays a number in the requests'),
        capacity: units
          .optional()
          .describe('How many units of it exist; under the rule `balance`, an amount such as `"12.50"`. Default: 1'),
        parts: z
          .array(key)
          .min(2, 'must name at least two parts')
          .refine((parts) => new Set(parts).size === parts.length, 'must name each part once')
          .optional()
          .describe(
            'The parts that orders ask for, such as the seats of a row. Each part exists once; with a read-back, no other inventory may have one of that name',
          ),
      })
      .catchall(field)
      .meta({ patternProperties: { [slipPattern(WORDS)]: false } })
      .superRefine((item, context) => {
        for (const name of Object.keys(item)) {
          const word = WORDS.includes(name) ? undefined : slipOf(name, WORDS);
          if (word !== undefined) context.addIssue({ code: 'custom', path: [name], message: slipMessage(word) });
        }
      })
      .refine(({ capacity, parts }) => capacity === undefined || parts === undefined, {
        path: ['capacity'],
        error: 'must be left out if parts are named: each part exists once',
      })
      .transform(({ key: id, capacity, parts, ...fields }) => ({
        key: id,
        ...(parts === undefined ? capacityOf(capacity) : { capacity: parts.length, parts }),
        ...(Object.keys(fields).length > 0 && { fields: fields as Inventory['fields'] & object }),
      })),
  ],
  'must be an id such as "A1", or a mapping such as { key: "A1", capacity: 1 }',
);

/** The keys of inventories as they are written; `parsed` has them as text. */
export function keysAsWritten(written: unknown, parsed: readonly { readonly key: string }[]): readonly InventoryKey[] {
  const items: readonly unknown[] = Array.isArray(written) ? written : [];
  return parsed.map(({ key: asText }, index) => {
    const item = items[index];
    const id = isMapping(item) ? item.key : item;
    return typeof id === 'number' ? id : asText;
  });
}

/** An inventory that came from elsewhere than the suite itself. */
export interface SourcedInventory {
  readonly key: InventoryKey;
  /** Default: 1. */
  readonly capacity?: Amount;
  readonly parts?: readonly string[];
  readonly fields: Readonly<Record<string, string | number>>;
}

export const asInventory = ({ key: id, capacity, parts, fields }: SourcedInventory) => ({
  key: String(id),
  ...(parts === undefined ? capacityOf(capacity) : { capacity: parts.length, parts: [...parts] }),
  ...(Object.keys(fields).length > 0 && { fields: { ...fields } }),
});

/** A capacity that came from elsewhere; undefined if it is not a capacity. 0: nothing is left. */
export const capacityIn = (written: unknown): Amount | undefined =>
  Number(written) === 0 && written !== '' ? 0 : units.safeParse(written).data;
