import type * as z from 'zod';
import { isMapping } from '../../../model/json.ts';

/**
 * Parses what people wrote. Artillery fills `"{{ $env.LIMIT_MS }}"` in as text: a text that is a number counts as that number,
 * where only a number is right.
 */
export function parseWithNumbers<S extends z.ZodType>(schema: S, input: unknown): z.ZodSafeParseResult<z.output<S>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed;
  const filled = parsed.error.issues
    .filter(wantsNumber)
    .reduce((value, { path }) => withNumberAt(value, path), input as unknown);
  const again = schema.safeParse(filled);
  return again.success ? again : parsed;
}

const wantsNumber = (issue: z.core.$ZodIssue): boolean => issue.code === 'invalid_type' && issue.expected === 'number';

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

function withNumberAt(value: unknown, [key, ...below]: readonly PropertyKey[]): unknown {
  if (key === undefined) return typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? withNumberAt(item, below) : item));
  return isMapping(value) ? { ...value, [key]: withNumberAt(value[String(key)], below) } : value;
}
