import { compile } from 'json-p3';
import * as z from 'zod';

const status = z
  .union([
    z.int().min(100).max(599),
    z
      .string()
      .regex(/^[1-5]\d\d\s*-\s*[1-5]\d\d$/, {
        error: 'must be a status such as 409 or a range such as "400-499"',
        abort: true,
      })
      .refine((range) => Number(range.slice(0, 3)) <= Number(range.slice(-3)), 'must begin with the smaller status'),
  ])
  .meta({ id: 'Status', description: 'A status such as 409, or a range such as "400-499"' });

/** Statuses; the list may be empty. */
export const anyStatuses = z.array(status);
export const statuses = anyStatuses.min(1, 'must name at least one status');

export const jsonPath = z
  .string()
  .superRefine((text, context) => {
    try {
      compile(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `is not a JSONPath (RFC 9535): ${(error as Error).message}` });
    }
  })
  .meta({ id: 'JSONPath', description: 'A JSONPath (RFC 9535)' });

/**
 * A condition on an answer. `has` and `lacks` are lists, not mappings below a path, because Artillery's templates turn a dot
 * in a key into a level of nesting.
 */
export const condition = z
  .strictObject({
    status: statuses
      .optional()
      .describe(
        'Statuses such as `409` and ranges such as `"400-499"`, one of which the answer must have. Default: any',
      ),
    body: z
      .record(jsonPath, z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be one value, such as true'))
      .optional()
      .describe('JSONPath → the value that a node at that path must equal'),
    has: z.array(jsonPath).optional().describe('JSONPaths that must each select something other than null'),
    lacks: z.array(jsonPath).optional().describe('JSONPaths that must each select nothing, or null'),
  })
  .refine(
    ({ status, body = {}, has = [], lacks = [] }) =>
      status !== undefined || Object.keys(body).length + has.length + lacks.length > 0,
    'must have a status or a condition on the body: everything would meet it',
  )
  .meta({ id: 'Condition', description: 'A condition on an answer: everything that it names must hold' });

/** Proof of a refusal: a condition, or a list in which one is enough. */
export const refusal = z.union([condition, z.array(condition).min(1, 'must hold at least one')]);
