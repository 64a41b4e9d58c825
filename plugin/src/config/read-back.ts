import * as z from 'zod';
import { conditions } from './condition.ts';
import { extractor } from './extractor.ts';
import { milliseconds } from './milliseconds.ts';

const settings = z.strictObject({
  path: z
    .string()
    .regex(
      /^\/[^{}]*\{\w+\}[^{}]*$/,
      'must begin with / and hold the inventory, and nothing else, in braces, such as /seats/{seatId}',
    )
    .describe('Path of the GET, below the target. The part in braces becomes the key of the inventory'),
  taken: conditions
    .default({ body: { '$.status': 'booked' } })
    .describe('When an answer says that the inventory is booked'),
  free: conditions
    .default({ body: { '$.status': 'available' } })
    .describe('When an answer says that the inventory is free'),
  units: extractor
    .optional()
    .describe(
      'How many units are booked: a number, or the list of bookings. It replaces `taken` and `free`. ' +
        'Default: as many as `orderIds` names, at least 1 if it is taken',
    ),
  orderIds: extractor.default('$.order_ids[*]').describe('The ids of the bookings'),
  // No default here: only what the suite writes itself lets the read-back decide.
  settleMs: milliseconds
    .optional()
    .describe(
      'Milliseconds to wait after the last round before asking: as long as the target needs to decide. If you set it, the ' +
        'read-back decides attempts that were accepted with 202: the plugin asks until the answer stays the same, for at most ' +
        'as long again. Default: 200',
    ),
  timeoutMs: milliseconds.default(5000).describe('Milliseconds that one answer may take'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('How often to ask again if the answer cannot be read, or holds less than was acknowledged'),
});

export const readBack = z.union(
  [
    z.literal(false).transform(() => undefined),
    z.literal('off').transform(() => undefined),
    z
      .string()
      .transform((path) => ({ path }))
      .pipe(settings),
    settings,
  ],
  'must be off, a path such as /seats/{seatId}, or a mapping with one',
);

export type ReadBackSettings = z.output<typeof settings>;
