import * as z from 'zod';

/** What things are called, in a history and in a verdict file. */

export const words = z
  .object({ one: z.string(), many: z.string() })
  .describe('What an inventory is called, and several of them; absent: the label, and its usual plural');

export const targetVersion = z.string().describe('The commit or version of the target; absent where it is not known');
