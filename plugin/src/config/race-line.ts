import * as z from 'zod';
import type { Intent, Plan } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { valueText } from '../../../model/value-text.ts';
import { type ConfigProblem, lineOf, problemsIn } from './config-error.ts';
import { intentWith, problemsOfRule, text } from './intent.ts';
import { parseWithNumbers } from './numbers.ts';
import { type OnceLine, onceWith, type SettlesLine, settlesWith } from './once-and-settles.ts';
import { type ReleaseSettings, releaseWith, renderedRelease } from './release.ts';
import { shortList, suggestion } from './suggestion.ts';

/** The `race:` line of a request that is held and released with others, with its templates rendered. */
export interface RaceLine {
  /** The key of the inventory. All requests that name it wait for each other, and are let go together. */
  readonly inventory: string;
  readonly intent: Intent;
  /** How the request is let go; absent: as the plugin's block says. */
  readonly release?: ReleaseSettings;
  /** It is held and released with the others, and judged by nothing. */
  readonly judge?: false;
}

/** What a `race:` line may say. */
export type AnyLine = RaceLine | OnceLine | SettlesLine;

/** @param as turns the schema of a value into the schema of what people may write: the value alone, or also a template */
const lineWith = <As extends (value: z.ZodType) => z.ZodType, R extends z.ZodType>(as: As, release: R) =>
  z.strictObject({
    inventory: as(text).describe('The key of the inventory that the request goes for'),
    ...intentWith(as),
    release: release.optional().describe("How the request is let go. Default: as the plugin's block says"),
    judge: as(z.boolean())
      .optional()
      .describe('`false`: held and released with the others, and judged by nothing. Default: `true`'),
  });

// It aborts, so that a union goes on to its other branches, which say what is wrong.
const template = z.string().regex(/\{\{.*\}\}/s, { abort: true });
const orTemplate = (value: z.ZodType) => z.union([template, value]);
/** The three kinds of line as they stand in the script, with templates. */
export const writtenLine = lineWith(orTemplate, z.union([z.literal('simultaneous'), releaseWith(orTemplate)]));
export const writtenOnce = onceWith(orTemplate, text);
export const writtenSettles = settlesWith(orTemplate, text);
const asIs = (value: z.ZodType) => value;
const renderedLine = lineWith(asIs, renderedRelease);
const renderedOnce = onceWith(asIs, text);
const renderedSettles = settlesWith(asIs, text);

/** The schema of the kind of line that a mapping is. */
function schemaFor<S extends z.ZodType>(line: object, race: S, once: S, settles: S): S {
  if ('once' in line) return once;
  return 'settles' in line ? settles : race;
}

/**
 * Reads a rendered `race:` line.
 *
 * @param written as it stands in the script, for the message
 * @param filled the same with its templates filled in
 * @returns the line, or one sentence that says what is wrong with it
 */
export function readRaceLine(written: unknown, filled: unknown): AnyLine | string {
  const rendered = isMapping(filled) ? withText(filled) : asText(filled);
  if (!isMapping(written) || !isMapping(rendered)) {
    return isKey(rendered) ? { inventory: String(rendered), intent: {} } : namesNothing(written, rendered);
  }
  // A template without a value must not count as a key that was left out.
  const unset = Object.keys(written).find((key) => rendered[key] === undefined || rendered[key] === null);
  if (unset !== undefined) return `race.${unset}: ${valueText(written[unset])} has no value`;
  const schema = schemaFor<z.ZodType>(rendered, renderedLine, renderedOnce, renderedSettles);
  const parsed = parseWithNumbers(schema, rendered);
  if (!parsed.success)
    return problemsIn(parsed.error, { schema, input: rendered, path: 'race' }).map(lineOf)[0] ?? 'race';
  if (schema !== renderedLine) return parsed.data as OnceLine | SettlesLine;
  const { inventory, release, judge, ...intent } = parsed.data as Omit<RaceLine, 'intent'> & Intent;
  return { inventory, intent, ...(release && { release }), ...(judge === false && { judge }) };
}

/** One sentence that says why the rule of the run does not take a line; undefined if it does. */
export const misfitOf = (line: AnyLine, plan: Plan): string | undefined =>
  'intent' in line && line.judge !== false ? problemsOfRule('race', line.intent, plan).map(lineOf)[0] : undefined;

/** YAML reads a time that stands without quotes as a date; a function of a suite may keep ids as bigints. */
const withText = (line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(line).map(([key, value]) => [key, asText(value)]));

const asText = (value: unknown): unknown =>
  value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? String(value) : value;

const isKey = (key: unknown): boolean => (typeof key === 'string' && key.trim() !== '') || typeof key === 'number';

const namesNothing = (written: unknown, rendered: unknown) =>
  `race: ${valueText(written)} names no inventory: it is ${valueText(rendered)}`;

/** What is wrong with a line as it is written; what its templates will hold is not known yet. */
export function problemsOfLine(path: string, line: unknown, plan: Plan): ConfigProblem[] {
  const misshapen = misshapenLine(path, line, plan);
  if (misshapen !== undefined) return [misshapen];
  const keys = isMapping(line) ? line : {};
  const schema = schemaFor<z.ZodType>(keys, writtenLine, writtenOnce, writtenSettles);
  const misnamed = misnamedKind(path, keys);
  if (misnamed !== undefined) return [misnamed];
  const parsed = isMapping(line) ? schema.safeParse(line) : undefined;
  if (parsed?.success === false) return problemsIn(parsed.error, { schema, input: line, path });
  if (schema !== writtenLine || keys.judge === false) return [];
  return problemsOfRule(path, keys, plan, (value) => !template.safeParse(value).success);
}

/** A line is the key of an inventory, or a mapping. */
function misshapenLine(path: string, line: unknown, plan: Plan): ConfigProblem | undefined {
  if (!isMapping(line)) {
    if (typeof line === 'number') return oddNumber(path, line, plan);
    if (typeof line === 'string' && line.trim() !== '') return undefined;
    const fix = 'must be the inventory that the request goes for, such as "A1", or a mapping such as { inventory: A1 }';
    return { path, fix, received: valueText(line) };
  }
  return typeof line.inventory === 'number' ? oddNumber(`${path}.inventory`, line.inventory, plan) : undefined;
}

/** A number that YAML has changed, or that is the id of nothing. */
function oddNumber(path: string, number: number, { inventories }: Plan): ConfigProblem | undefined {
  const received = String(number);
  const known = inventories.map(({ key }) => key);
  if (known.includes(received)) return undefined;
  if (!Number.isSafeInteger(number))
    return { path, fix: 'must be an id: put it in quotes, or YAML changes it', received };
  if (known.length === 0) return undefined;
  return { path, problem: 'is not under config.plugins.race.inventories', fix: `known: ${shortList(known)}`, received };
}

/** What a line is about: it has one of these keys. */
const KINDS = ['inventory', 'once', 'settles'];

/** A line has exactly one of {@link KINDS}; a similar word is a slip. */
function misnamedKind(path: string, line: Readonly<Record<string, unknown>>): ConfigProblem | undefined {
  const named = Object.keys(line).filter((key) => KINDS.includes(key));
  if (named.length > 1) {
    return { path, problem: `has ${named.join(' and ')}`, fix: 'a line has one of them: make two requests of it' };
  }
  if (named.length === 1) return undefined;
  const slips = Object.keys(line).map((key) => ({ key, fix: suggestion(key, KINDS) }));
  const slip = slips.find(({ fix }) => fix.startsWith('did you mean'));
  return slip && { path: `${path}.${slip.key}`, problem: 'unknown key', fix: slip.fix };
}
