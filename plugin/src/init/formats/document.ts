import type * as z from 'zod';
import { parseJson } from '../../../../model/json.ts';
import { ConfigError, checkDepth, parseYaml } from '../../config/index.ts';

/** The file's name is in front of the message already. */
const WHOLE = '';

/** @throws ConfigError if the text is not JSON, or is nested too deeply; the message shows nothing of the text */
export function parseJsonDocument(text: string, what: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new ConfigError({ path: WHOLE, problem: `this ${what} is no JSON${placeOf(text)}` });
  checkDepth(value, what);
  return value;
}

/** @throws ConfigError if the text is neither JSON nor YAML */
export function parseJsonOrYaml(text: string, what: string): unknown {
  return /^\s*\{/.test(text) ? parseJsonDocument(text, what) : parseYaml(text, `this ${what}`);
}

/** Where the text stops to be JSON. The engine's own message may quote the text, which may hold secrets. */
function placeOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
    if (position === undefined) return '';
    const before = text.slice(0, Number(position)).split('\n');
    return `: see line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  }
}

/** @throws ConfigError naming the first place that breaks the format, without its value, which may be a secret */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') || what;
  throw new ConfigError({ path, problem: `does not fit the format of this ${what}`, fix: issue?.message ?? '' });
}
