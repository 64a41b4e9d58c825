import { compile } from 'json-p3';
import * as z from 'zod';
import { headerName, textOrPattern } from './pattern.ts';

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
  .meta({ id: 'JSONPath', description: 'A JSONPath (RFC 9535)', pattern: '^\\$' });

const literal = z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be one value, such as true');

/** Whether everything else is right: a misspelt word is one problem, not two. */
const isRightSoFar = ({ issues }: { readonly issues: readonly unknown[] }): boolean => issues.length === 0;

/** A bound. A template of Artillery gives text, so a number may be written as text. */
const bound = z.union(
  [z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, { error: 'must be a number', abort: true })],
  'must be a number',
);

const comparison = z
  .strictObject({
    above: bound.optional().describe('The value must be greater than this number'),
    below: bound.optional().describe('The value must be less than this number'),
    in: z
      .array(literal)
      .min(1, 'must hold at least one value')
      .optional()
      .describe('The value must equal one of these'),
    get not() {
      return expected.optional().describe('What the value must not be: a value, a pattern or another comparison');
    },
  })
  .refine((tests) => Object.keys(tests).length > 0, {
    error: 'must compare with something, such as { above: 0 }',
    when: isRightSoFar,
  })
  .meta({ id: 'Comparison', description: 'What a value must be: everything that is named must hold' });

/** What a value in JSON must be. */
const expected: z.ZodType<Expected> = z
  .union(
    [textOrPattern, z.number(), z.boolean(), z.null(), comparison],
    'must be one value, or a mapping such as { above: 0 }',
  )
  .meta({
    id: 'Expected',
    description: 'A value such as true, a pattern such as "/sold/i", or a mapping with above, below, not or in',
  });

type Literal = string | number | boolean | null;
type Expected =
  | Literal
  | {
      above?: number | string | undefined;
      below?: number | string | undefined;
      in?: Literal[] | undefined;
      not?: Expected | undefined;
    };

/** @param path the schema of a JSONPath */
const conditionWith = <Path extends z.ZodType<string, string>>(path: Path) =>
  z
    .strictObject({
      status: statuses
        .optional()
        .describe('The answer must have one of these statuses: `409`, or a range such as `"400-499"`. Default: any'),
      header: z
        .record(
          headerName,
          z.union([textOrPattern, z.number()], 'must be text, or a pattern such as "/^\\/orders\\//"'),
        )
        .optional()
        .describe('Name → the text that a line of that header must equal, or a `/pattern/flags` that it must match'),
      body: z
        .record(path, expected)
        .optional()
        .describe(
          'JSONPath → what a node at that path must be: a value, a `/pattern/flags`, or a mapping with `above`, `below`, `not` or ' +
            '`in`. If there are several nodes, one is enough; without a node, the condition does not hold',
        ),
      text: textOrPattern
        .min(1, 'must not be empty')
        .optional()
        .describe(
          'What the answer must contain as it was sent, HTML too: a text, or a `/pattern/flags`, which looks at the first 262,144 characters, for at most 100 ms',
        ),
      has: z.array(path).optional().describe('JSONPaths that must each select something other than null'),
      lacks: z.array(path).optional().describe('JSONPaths that must each select nothing, or null'),
    })
    .refine(
      ({ status, text, header = {}, body = {}, has = [], lacks = [] }) =>
        status !== undefined ||
        text !== undefined ||
        [header, body, has, lacks].some((part) => Object.keys(part).length > 0),
      {
        error: 'must have a status or a condition on the rest of the answer: everything would meet it',
        when: isRightSoFar,
      },
    );

const DESCRIPTION = 'A condition on an answer: everything that it names must hold';

/** A condition on an answer. */
export const condition = conditionWith(jsonPath).meta({ id: 'Condition', description: DESCRIPTION });

const orList = <One extends z.ZodType>(one: One) => z.union([one, z.array(one).min(1, 'must hold at least one')]);

/** A condition, or a list in which one is enough. */
export const conditions = orList(condition);

/** The same with paths of another schema. @param id the name of the schema */
export const conditionsWith = <Path extends z.ZodType<string, string>>(path: Path, id: string) =>
  orList(conditionWith(path).meta({ id, description: DESCRIPTION }));
