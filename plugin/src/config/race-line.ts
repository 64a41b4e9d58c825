import * as z from 'zod';
import type { Intent, Plan } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, type ConfigProblem, lineOf, problemsIn } from './config-error.ts';
import { intentWith, problemsOfRule, text } from './intent.ts';
import { type ReleaseSettings, releaseWith, renderedRelease } from './release.ts';

/** The `race:` line of a request, with its templates rendered. */
export interface RaceLine {
  /** The key of the inventory. All requests that name it wait for each other, and are let go together. */
  readonly inventory: string;
  readonly intent: Intent;
  /** How the request is let go; absent: as the plugin's block says. */
  readonly release?: ReleaseSettings;
}

/** @param as turns the schema of a value into the schema of what people may write: the value alone, or also a template */
const lineWith = <As extends (value: z.ZodType) => z.ZodType, R extends z.ZodType>(as: As, release: R) =>
  z.strictObject({
    inventory: as(text).describe('The key of the inventory that the request goes for'),
    ...intentWith(as),
    release: release.optional().describe("How the request is let go. Default: as the plugin's block says"),
  });

// It aborts, so that a union goes on to its other branches, which say what is wrong.
const template = z.string().regex(/\{\{.*\}\}/s, { abort: true });
const orTemplate = (value: z.ZodType) => z.union([template, value]);
/** The line as it stands in the script, with templates. */
export const writtenLine = lineWith(orTemplate, z.union([z.literal('simultaneous'), releaseWith(orTemplate)]));
const renderedLine = lineWith((value) => value, renderedRelease);

/**
 * Reads a rendered `race:` line.
 *
 * @param written as it stands in the script, for the message
 * @param rendered the same with its templates filled in
 * @returns the line, or one sentence that says what is wrong with it
 */
export function readRaceLine(written: unknown, rendered: unknown): RaceLine | string {
  if (!isMapping(written) || !isMapping(rendered)) {
    return isKey(rendered) ? { inventory: String(rendered), intent: {} } : namesNothing(written, rendered);
  }
  // A template without a value must not count as a key that was left out.
  const unset = Object.keys(written).find((key) => rendered[key] === undefined || rendered[key] === null);
  if (unset !== undefined) return `race.${unset}: ${JSON.stringify(written[unset])} has no value`;
  const parsed = renderedLine.safeParse(rendered);
  if (!parsed.success) {
    return problemsIn(parsed.error, { schema: renderedLine, input: rendered, path: 'race' }).map(lineOf)[0] ?? 'race';
  }
  const { inventory, release, ...intent } = parsed.data as Omit<RaceLine, 'intent'> & Intent;
  return { inventory, intent, ...(release && { release }) };
}

/** One sentence that says why the rule of the run does not take a line; undefined if it does. */
export const misfitOf = ({ intent }: RaceLine, plan: Plan): string | undefined =>
  problemsOfRule('race', intent, plan).map(lineOf)[0];

const isKey = (key: unknown): boolean => (typeof key === 'string' && key.trim() !== '') || typeof key === 'number';

const namesNothing = (written: unknown, rendered: unknown) =>
  `race: ${JSON.stringify(written)} names no inventory: it is ${JSON.stringify(rendered)}`;

/** The sections of a script. Requests in them may have `race:` lines. */
interface RaceableScript {
  readonly scenarios?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Checks every `race:` line of a script before anything is started: its keys, its values unless they are templates, whether
 * the rule of the run takes them, and whether the plugin sees the line at all.
 *
 * @throws ConfigError with one line for each problem
 */
export function checkRaceLines({ scenarios, before, after }: RaceableScript, plan: Plan): void {
  const problems = [
    ...linesIn(scenarios, 'scenarios').flatMap(({ path, line }) => problemsOf(path, line, plan)),
    ...linesIn({ before, after }).map(({ path }) => unseen(path)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Artillery runs these sections once, and without plugins, so the line would be ignored in silence. */
const unseen = (path: string): ConfigProblem => ({
  path,
  problem: 'nothing races in a before or after section',
  fix: 'move the request into a scenario, or take the line out',
});

function problemsOf(path: string, line: unknown, plan: Plan): ConfigProblem[] {
  const keys = isMapping(line) ? line : {};
  const parsed = isMapping(line) ? writtenLine.safeParse(line) : undefined;
  if (parsed?.success === false) return problemsIn(parsed.error, { schema: writtenLine, input: line, path });
  return problemsOfRule(path, keys, plan, (value) => !template.safeParse(value).success);
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/**
 * The `race:` lines of all requests, wherever they are in a flow, with their paths; `race: false` counts as no line. It does
 * not look inside a request: a key `race` in the JSON to send is not the plugin's.
 */
function linesIn(node: unknown, path?: string): { readonly path: string; readonly line: unknown }[] {
  const below = (key: string | number) => (path === undefined ? String(key) : `${path}.${key}`);
  if (Array.isArray(node)) return node.flatMap((item, index) => linesIn(item, below(index)));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (!VERBS.includes(key)) return linesIn(value, below(key));
    const line = isMapping(value) ? value.race : undefined;
    return line === undefined || line === false ? [] : [{ path: `${below(key)}.race`, line }];
  });
}
