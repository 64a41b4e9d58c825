import * as z from 'zod';

/** Schemas of what went wrong around the attempts: as a history has it, and as a report does. */

const setup = z
  .literal(true)
  .exactOptional()
  .describe('What one virtual user sends for all (`once`) was answered otherwise than the suite allows');

export const problemRecord = z
  .union([
    z.object({
      reason: z.string().describe('What went wrong, without what differs from one virtual user to the next'),
      step: z.string().exactOptional().describe('The step of the flow at which it happened, such as POST /login'),
      vu: z.int().min(1).exactOptional().describe('The virtual user that ended because of it'),
      answer: z
        .string()
        .exactOptional()
        .describe('What the server answered at that step: the status and the beginning of the body'),
      ended: z
        .enum(['before the race', 'during the race'])
        .exactOptional()
        .describe('When the virtual user ended; absent in histories of before, and where nobody ended'),
      setup,
    }),
    z.object({ message: z.string() }).describe('As versions 1 and 2 say it'),
  ])
  .describe('Something that went wrong around the attempts');

export const problem = z
  .object({
    reason: z.string(),
    step: z.string().exactOptional().describe('The step of the flow at which it happened, such as POST /login'),
    count: z.int().min(1).describe('How often it happened'),
    vus: z.array(z.int().min(1)).describe('The virtual users that ended because of it; empty if it is about none'),
    answer: z.string().exactOptional().describe('What the server answered the first of them at that step'),
    ended: z.enum(['before the race', 'during the race']).exactOptional().describe('When they ended'),
    setup,
  })
  .meta({ id: 'Problem' });
