import * as z from 'zod';
import {
  type Amount,
  compareAmounts,
  DECIMAL,
  isNumeric,
  MOMENT,
  momentOf,
  OPERATIONS,
  operationsOf,
  type Plan,
  ruleOf,
} from '../../../model/index.ts';
import type { ConfigProblem } from './config-error.ts';
import { similar, suggestion } from './suggestion.ts';

const IS_UNITS = 'must be a whole number from 1, or an amount above 0';

type As = (value: z.ZodType) => z.ZodType;

export const text = z.union([z.string().trim().min(1, 'must not be empty'), z.number()]).transform(String);

/** A number of units: more than 0. A decimal stays as it is written. */
export const units = z
  .union([z.number(), z.string().trim()], IS_UNITS)
  // For editors, which cannot run the check.
  .meta({ exclusiveMinimum: 0, pattern: '^\\s*(?=.*[1-9])\\d+(?:\\.\\d+)?\\s*$' })
  .transform((written, context): Amount => {
    const amount = amountIn(written);
    if (amount !== undefined && compareAmounts(amount, 0) > 0) return amount;
    context.addIssue({ code: 'custom', message: IS_UNITS });
    return z.NEVER;
  });

/** A whole number that a computer holds exactly is a number, and anything else text. */
function amountIn(written: Amount): Amount | undefined {
  const text = String(written);
  if (!DECIMAL.test(text)) return undefined;
  return !text.includes('.') && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

const moment = z
  .union([z.number(), z.string()])
  .meta({ pattern: MOMENT })
  .refine(
    (written) => momentOf(written) !== undefined,
    'must be a number, or a time with its zone such as "2026-01-31T09:00:00+01:00" or "2026-01-31T08:00:00Z"',
  );

/**
 * What a `race:` line says about what its contender wants.
 *
 * @param as turns the schema of a value into the schema of what people may write: the value alone, or also a template
 */
export const intentWith = (as: As) => ({
  operation: as(z.union([z.enum(OPERATIONS), text]))
    .optional()
    .describe('What the request does; under the rule `exclusive`, one of the names in its `operations`. Default: book'),
  units: as(units)
    .optional()
    .describe('How many units it wants; under the rule `balance`, an amount such as `"12.50"`. Default: 1'),
  parts: as(z.array(as(text)).min(1, 'must name at least one part'))
    .optional()
    .describe('The parts of the inventory that it wants, all or nothing: seats of a row'),
  from: as(moment)
    .optional()
    .describe('Where the stretch begins that it wants: a number, or a time with its zone (ISO 8601)'),
  to: as(moment).optional().describe('Where this stretch ends. The next one may begin at the same moment'),
  user: as(text)
    .optional()
    .describe('The person, if several virtual users act for the same one. Default: the virtual user'),
  idempotencyKey: as(text).optional().describe('The idempotency key that the request carries'),
});

/** The keys of a line that every rule takes. */
const COMMON_KEYS = ['inventory', 'operation', 'user', 'release', 'judge'];

/**
 * Why the rule of the run does not take a line, whose values are as {@link intentWith} reads them.
 *
 * @param isKnown false for a template, which may come to anything
 */
export function problemsOfRule(
  path: string,
  keys: Readonly<Record<string, unknown>>,
  plan: Plan,
  isKnown: (value: unknown) => boolean = () => true,
): ConfigProblem[] {
  const { name, lineKeys } = ruleOf(plan);
  const known = Object.fromEntries(Object.entries(keys).filter(([, value]) => isKnown(value)));
  return [
    ...Object.entries(lineKeys)
      .filter(([key, need]) => need === 'required' && keys[key] === undefined)
      .map(([key]) => ({ path: `${path}.${key}`, problem: 'missing', fix: `the rule ${name} needs it` })),
    ...Object.keys(keys)
      .filter((key) => keys[key] !== undefined && !COMMON_KEYS.includes(key) && !(key in lineKeys))
      .map((key) => {
        const problem = `the rule ${name} knows no ${key}`;
        return { path: `${path}.${key}`, problem, fix: 'set config.plugins.race.rule' };
      }),
    ...strangeOperation(path, known, plan),
    ...brokenUnits(path, known, plan),
    ...backwards(path, known),
  ];
}

type Known = Readonly<Record<string, unknown>>;

function strangeOperation(path: string, { operation }: Known, plan: Plan): ConfigProblem[] {
  const operations = operationsOf(plan);
  if (operation === undefined || operations.includes(String(operation))) return [];
  const { name } = ruleOf(plan);
  const knows = `the rule ${name} knows ${operations.join(', ')}`;
  const meant = similar(String(operation), operations);
  const fix = meant === undefined ? knows : `${knows}; ${meant}`;
  return [{ path: `${path}.operation`, fix, received: `"${operation}"` }];
}

function brokenUnits(path: string, { units: wanted }: Known, plan: Plan): ConfigProblem[] {
  const isWhole = wanted === undefined || typeof units.safeParse(wanted).data === 'number';
  if (isWhole || ruleOf(plan).isDecimal) return [];
  return [{ path: `${path}.units`, fix: 'must be a whole number from 1 under this rule', received: String(wanted) }];
}

function backwards(path: string, { from, to }: Known): ConfigProblem[] {
  if (!isMoment(from) || !isMoment(to)) return [];
  if (isNumeric(from) !== isNumeric(to)) {
    return [{ path: `${path}.to`, fix: 'from and to must both be numbers, or both be times', received: String(to) }];
  }
  return (momentOf(from) ?? 0) < (momentOf(to) ?? 0)
    ? []
    : [{ path: `${path}.to`, fix: 'must be later than from', received: `${from} to ${to}` }];
}

const isMoment = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Names that `outcome.operations` may have beside the operations of the rule. */
export function strangeOperations(path: string, names: readonly string[], plan: Pick<Plan, 'rule'>): ConfigProblem[] {
  const { name, operations } = ruleOf(plan);
  const allowed: readonly string[] = operations === 'of the settings' ? operationsOf(plan) : OPERATIONS;
  return names
    .filter((each) => !allowed.includes(each))
    .map((each) => ({
      path: `${path}.${each}`,
      problem: `the rule ${name} knows no such operation`,
      fix: suggestion(each, allowed),
    }));
}
