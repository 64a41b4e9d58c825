import * as z from 'zod';

/** Schemas of what a history says about rounds that repeat. */

export const visit = z
  .int()
  .min(1)
  .describe(
    'How often the inventory was raced for, this time included, where rounds repeat; each visit is judged by itself',
  );

/** The rounds that one run can have. */
export const MAX_ROUNDS = 60_000;

export const repeat = z
  .object({
    times: z.int().min(1).exactOptional().describe('Each inventory is raced for so often'),
    until: z
      .number()
      .gt(0)
      .lt(1)
      .exactOptional()
      .describe('Rounds go on until a pass means that the true rate of violations is below this share'),
    forMs: z.number().positive().exactOptional().describe('Rounds go on for so long'),
    stop: z.enum(['violation', 'never']).describe('What ends the run before that'),
  })
  .describe('How often rounds repeat. One of `times`, `until` and `forMs` is there');

/**
 * Why no further round was raced. `done`: as often, as long or until as the plan says. `violation`: one was found. `out of
 * reach`: so many rounds were weak that going on cannot prove any more. `nothing left`: a request named nothing new.
 */
export const REPEAT_ENDS = ['done', 'violation', 'out of reach', 'nothing left'] as const;
