import * as z from 'zod';
import { DECIMAL } from './decimal.ts';
import { visit } from './repeat-file.ts';

/** A decimal stands as text, so that no digit is lost. */
export const decimal = z.string().regex(DECIMAL, 'expected a decimal such as "12.50"');

const asked = {
  inventory: z.string(),
  when: z.enum(['before', 'after']),
  visit: visit.exactOptional(),
  book: z.int().min(1).exactOptional().describe('Which of several read-backs was asked; absent: the only one'),
};
export const readBack = z
  .discriminatedUnion('kind', [
    z.object({
      ...asked,
      kind: z.literal('read'),
      units: z.int().min(0).describe('Booked units; 0 is a free inventory'),
      orderIds: z.array(z.string()),
      owners: z
        .array(z.string())
        .exactOptional()
        .describe('Who owns the bookings, in the order of `orderIds` where there are as many'),
      counts: z
        .literal(false)
        .exactOptional()
        .describe('The answer only says "taken" or "free": where the capacity is above 1, that proves no number'),
      unsettled: z
        .literal(true)
        .exactOptional()
        .describe('No two answers in a row agreed within the time that settleMs allows'),
      remaining: decimal.exactOptional().describe('What is left, where the answer says that'),
      holds: z
        .array(z.string())
        .exactOptional()
        .describe('The operations that the server says happened, where some exclude each other'),
    }),
    z.object({ ...asked, kind: z.literal('unreadable'), error: z.string() }),
  ])
  .describe('What the server said about one inventory, before the first round or after the last');
