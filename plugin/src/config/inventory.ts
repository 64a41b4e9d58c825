import * as z from 'zod';
import type { Amount } from '../../../model/index.ts';
import { units } from './intent.ts';

const key = z.string().trim().min(1, 'must not be empty');

/** A decimal is kept as it is written. */
const capacityOf = (capacity: Amount = 1) => ({
  capacity: Number(capacity),
  ...(typeof capacity === 'string' && { amount: capacity }),
});

/** Something to race for: an id, which exists once, or a mapping. */
export const inventory = z.union(
  [
    key.transform((id) => ({ key: id, capacity: 1 })),
    // YAML has read 001 as 1 and 1e3 as 1000, so nobody can know which id was meant.
    z
      .number()
      .transform((_number, context) => {
        context.addIssue({ code: 'custom', message: 'must be text: put the id in quotes, or YAML changes it' });
        return z.NEVER;
      })
      .meta({ deprecated: true, description: 'Refused: put the id in quotes, or YAML changes it' }),
    z
      .strictObject({
        key: key.describe('What requests and the read-back call it'),
        capacity: units
          .optional()
          .describe('How many units of it exist; under the rule `balance`, an amount such as `"12.50"`. Default: 1'),
        parts: z
          .array(key)
          .min(2, 'must name at least two parts')
          .refine((parts) => new Set(parts).size === parts.length, 'must name each part once')
          .optional()
          .describe('The parts that orders ask for, such as the seats of a row. Each part exists once'),
      })
      .refine(({ capacity, parts }) => capacity === undefined || parts === undefined, {
        path: ['capacity'],
        error: 'must be left out if parts are named: each part exists once',
      })
      .transform(({ capacity, parts, ...rest }) =>
        parts === undefined ? { ...rest, ...capacityOf(capacity) } : { ...rest, capacity: parts.length, parts },
      ),
  ],
  'must be an id such as "A1", or a mapping such as { key: "A1", capacity: 1 }',
);
