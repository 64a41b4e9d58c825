import * as z from 'zod';
import { type Intent, OPERATIONS, type Plan, ruleOf } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, describeIssues } from './config-error.ts';
import { RELEASE_KEYS, type ReleaseSettings, releaseWith, renderedRelease } from './release.ts';

/** The `race:` line of a request, its templates rendered: what the request is about, and what it wants of it. */
export interface RaceLine {
  /** The key of the inventory; all who name it meet, and are let go together. */
  readonly inventory: string;
  readonly intent: Intent;
  /** How it is let go; absent: as the plugin's block says. */
  readonly release?: ReleaseSettings;
}

const text = z.union([z.string().trim().min(1, 'must not be empty'), z.number()]).transform(String);
const count = z.union([
  z.int().min(1),
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1')
    .transform(Number),
]);

/** @param as what each value may be besides what it is in the end */
const lineWith = <As extends (its: z.ZodType) => z.ZodType, R extends z.ZodType>(as: As, release: R) =>
  z.strictObject({
    inventory: as(text),
    operation: as(z.enum(OPERATIONS)).optional(),
    units: as(count).optional(),
    parts: as(z.array(as(text)).min(1, 'must name at least one part')).optional(),
    user: as(text).optional(),
    idempotencyKey: as(text).optional(),
    release: release.optional(),
  });

const template = z.string().regex(/\{\{.*\}\}/s);
/** The line as it stands in the script, with templates. */
const orTemplate = (its: z.ZodType) => z.union([template, its]);
const writtenLine = lineWith(orTemplate, z.union([z.literal('simultaneous'), releaseWith(orTemplate)]));
const renderedLine = lineWith((its) => its, renderedRelease);

/**
 * Reads a rendered `race:` line.
 *
 * @param written as it stands in the script, for the message
 * @param rendered the same with its templates filled in
 * @returns the line, or in one sentence what is wrong with it
 */
export function readRaceLine(written: unknown, rendered: unknown): RaceLine | string {
  if (!isMapping(written) || !isMapping(rendered)) {
    return isKey(rendered) ? { inventory: String(rendered), intent: {} } : namesNothing(written, rendered);
  }
  // A template that came to nothing must not pass for a line that leaves the key out.
  const unset = Object.keys(written).find((key) => rendered[key] === undefined || rendered[key] === null);
  if (unset !== undefined) return `race.${unset}: ${JSON.stringify(written[unset])} has no value`;
  const parsed = renderedLine.safeParse(rendered);
  if (!parsed.success) return describeIssues(parsed.error, 'race', rendered, keysAt).split('\n')[0] ?? 'race';
  const { inventory, release, ...intent } = parsed.data as Omit<RaceLine, 'intent'> & Intent;
  return { inventory, intent, ...(release && { release }) };
}

/**
 * Checks every `race:` line of a script before anything is started: its keys, its values as far as they are no templates,
 * whether the rule of the run knows what to make of them, and whether it is where it can be heard.
 *
 * @throws ConfigError with one line for each problem
 */
export function checkRaceLines({ scenarios, before, after }: RaceableScript, plan: Plan): void {
  const problems = [
    ...linesIn(scenarios, 'scenarios').flatMap(({ path, line }) => problemsOf(path, line, plan)),
    ...linesIn({ before, after }).flatMap(({ path, line }) => (line === false ? [] : [deaf(path)])),
  ];
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
}

/** As much of a script as may have `race:` lines. */
interface RaceableScript {
  readonly scenarios?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Artillery runs these sections once, without its plugins: the line would be passed over in silence. */
const deaf = (path: string) =>
  `${path}: nothing races in a before or after section; move the request into a scenario, or take the line out`;

function problemsOf(path: string, line: unknown, plan: Plan): string[] {
  if (line === false) return [];
  const its = isMapping(line) ? line : {};
  const parsed = isMapping(line) ? writtenLine.safeParse(line) : undefined;
  if (parsed?.success === false) return describeIssues(parsed.error, path, line, keysAt).split('\n');
  const { name: rule, operations, lineKeys } = ruleOf(plan);
  const needs = INTENT_KEYS.filter((key) => lineKeys[key as keyof typeof lineKeys] === 'required');
  const knows = ['operation', ...Object.keys(lineKeys)];
  const { operation } = its;
  const isForeign =
    typeof operation === 'string' &&
    !template.safeParse(operation).success &&
    !(operations as readonly string[]).includes(operation);
  return [
    ...needs.filter((key) => its[key] === undefined).map((key) => `${path}.${key}: missing; the rule ${rule} needs it`),
    ...INTENT_KEYS.filter((key) => its[key] !== undefined && !knows.includes(key)).map(
      (key) => `${path}.${key}: the rule ${rule} knows no ${key}; set config.plugins.race.rule`,
    ),
    ...(isForeign
      ? [`${path}.operation: the rule ${rule} knows ${operations.join(', ')} (received "${operation}")`]
      : []),
  ];
}

const LINE_KEYS = Object.keys(renderedLine.shape);
/** What not every rule knows. */
const INTENT_KEYS = LINE_KEYS.filter((key) => !['inventory', 'user', 'release'].includes(key));
const keysAt = ([key]: readonly PropertyKey[]) => (key === 'release' ? RELEASE_KEYS : LINE_KEYS);
const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** The `race:` lines of all requests, wherever in a flow they are, and where. A request's own parts are not looked into. */
function linesIn(node: unknown, path?: string): { readonly path: string; readonly line: unknown }[] {
  const below = (key: string | number) => (path === undefined ? String(key) : `${path}.${key}`);
  if (Array.isArray(node)) return node.flatMap((its, index) => linesIn(its, below(index)));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, its]) => {
    if (!VERBS.includes(key)) return linesIn(its, below(key));
    return isMapping(its) && its.race !== undefined ? [{ path: `${below(key)}.race`, line: its.race }] : [];
  });
}

const isKey = (key: unknown): boolean => (typeof key === 'string' && key.trim() !== '') || typeof key === 'number';

const namesNothing = (written: unknown, rendered: unknown) =>
  `race: ${JSON.stringify(written)} names no inventory: it is ${JSON.stringify(rendered)}`;
