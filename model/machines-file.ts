import * as z from 'zod';

/** Records of a run on several machines. See `history-file.ts`. */

export const machine = z.int().min(1);

const ms = z.number().min(0);

export const clock = z
  .object({
    machine,
    round: z.int().min(1),
    offsetMs: z.number().describe("What to add to this machine's times for the clock that all machines have in common"),
    errorMs: ms.describe('How wrong the offset may be: a proven bound'),
  })
  .describe('The clock of a machine during one round, where there were several machines');

export const lost = z
  .object({
    what: z.enum(['machine', 'redis']),
    machine: machine.exactOptional().describe('The machine that was lost'),
    came: z.int().min(1).exactOptional().describe('How many machines came, where some never did'),
  })
  .describe(
    'A machine, or the Redis where the machines meet, was silent for too long. No round is released after that',
  );
