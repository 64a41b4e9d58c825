import * as z from 'zod';
import { type Plan, ruleOf, type StatusSet } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, describeIssues, UnknownEnvironment } from './config-error.ts';
import { readOverrides, SEAT_READ_BACK, SEATS, VARIABLES } from './environment-variables.ts';
import { nameIn, withNamedValues } from './named-values.ts';
import { type Contenders, contendersOf } from './phases.ts';
import { checkProxy } from './proxy.ts';
import type { ReleaseSettings } from './release.ts';
import { checkInventories } from './rule.ts';
import {
  type OutcomeSettings,
  type ParsedRaceConfig,
  type ReadBackSettings,
  type Refusal,
  type RehearsalSettings,
  raceSchema,
} from './schema.ts';
import { fileNamed, isUnknown } from './shared-environments.ts';
import { suggestion } from './suggestion.ts';

/** Everything that a run needs to know, checked. */
export interface RunSettings {
  /** The name given with `-e`; `default` where there is none. */
  readonly environment: string;
  /** Base URL; may hold credentials, so it never leaves the process: see {@link publicUrl}. */
  readonly target: string;
  readonly plan: Plan;
  readonly contenders: Contenders;
  /** `config.variables` that environment variables override. */
  readonly variables: Readonly<Record<string, string | readonly string[]>>;
  readonly label: string;
  readonly outcome: OutcomeSettings;
  readonly wire: ParsedRaceConfig['wire'];
  /** Undefined where it is switched off. */
  readonly rehearsal: RehearsalSettings | undefined;
  readonly release: ReleaseSettings;
  readonly rendezvousTimeoutMs: number;
  /** How long everybody waits on once all are there. */
  readonly settleMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly readBack: ReadBackSettings | undefined;
  readonly outputDir: string;
  readonly outputName: string;
  readonly console: ParsedRaceConfig['console'];
  /** Ask before a run against this environment. */
  readonly confirm: boolean;
  /** The block as it applies, for the reports: it holds no secrets. */
  readonly published: Readonly<Record<string, unknown>>;
}

export interface ResolveInput {
  /** `config` of the script, with the environment already merged into it: see {@link withSharedEnvironment}. */
  readonly config: unknown;
  /** The name given with `-e`, if any. */
  readonly environment: string | undefined;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const scriptConfig = z.looseObject({
  target: z.string().optional(),
  phases: z.unknown(),
  variables: z.record(z.string(), z.unknown()).default({}),
  environments: z.record(z.string(), z.unknown()).default({}),
  plugins: z.looseObject({ race: z.unknown().optional() }).default({ race: {} }),
});

/**
 * Checks the whole set-up of a run: the plugin's block, what environment variables override, and what must be there.
 *
 * @throws ConfigError with one line for each problem
 */
export function resolveRun(input: ResolveInput): RunSettings {
  const parsed = scriptConfig.safeParse(input.config);
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error, 'config', input.config, () => []));
  const config = parsed.data;
  const place = placeOf(input);
  checkBlock(config.plugins);
  checkEnvironment(input.environment, Object.keys(config.environments), fileNamed(config));
  const overrides = readOverrides(input.env);

  const written = isMapping(config.plugins.race) ? config.plugins.race : {};
  const named = nameIn(written.inventories);
  // A scenario that names its list is not always about seats: only one that asks for them gets those of ORDER_SEAT_IDS.
  const variables = {
    ...overrides.variables,
    ...(named !== undefined && overrides.seatIds && { [SEATS]: overrides.seatIds }),
  };
  const values: Readonly<Record<string, unknown>> = { ...config.variables, ...variables };
  if (named !== undefined && isEmptyList(values[named])) {
    const where = named === SEATS ? 'there, or in ORDER_SEAT_IDS,' : 'there';
    throw new ConfigError(`${place}.variables.${named}: names none; list ${where} what is fought over`);
  }
  const block = blockWith(config.plugins.race, values, named === undefined ? overrides.seatIds : undefined);
  const race = parseBlock(block);
  if (named !== undefined && race.inventories === undefined) {
    throw new ConfigError(`config.variables.${named}: missing; list what is fought over under ${place}.variables`);
  }
  const inventories = race.inventories ?? [];
  checkTwice(
    inventories.map((inventory) => inventory.key),
    overrides.seatIds ? 'ORDER_SEAT_IDS' : 'config.plugins.race.inventories',
    race.label,
  );
  const isOfSeats = [undefined, SEAT_READ_BACK].includes(nameIn(written.readBack));
  const readBack =
    overrides.readBack !== undefined && (isOfSeats || isOff(overrides.readBack))
      ? readBackWith(block, overrides.readBack)
      : race.readBack;
  checkRequired(race.requires, values, place);
  const outcome = { ...race.outcome, refusal: race.outcome.refusal ?? refusalBy(race.limits.rejections) };
  const limits = { ...race.limits, rejections: race.limits.rejections ?? rejectionsOf(race.outcome.refusal) };
  const contenders = contendersOf(config.phases, race.contenders, overrides.vus);

  const rule = race.rule === undefined ? {} : { rule: race.rule };
  checkInventories(ruleOf(rule), inventories, contenders.count);
  const target = parseTarget(overrides.baseUrl, config.target, place);
  checkProxy(target, input.env);
  checkCredentials(target, input.env.ORDER_TOKEN);

  return {
    environment: input.environment ?? 'default',
    target,
    plan: { contenders: contenders.count, inventories, limits, readBack: readBack !== undefined, ...rule },
    contenders,
    variables,
    label: race.label,
    outcome,
    wire: race.wire,
    rehearsal: race.rehearsal,
    release: race.release,
    rendezvousTimeoutMs: race.rendezvous.timeoutMs,
    settleMs: race.rendezvous.settleMs,
    attemptTimeoutMs: race.attempt.timeoutMs,
    maxBodyBytes: race.attempt.maxBodyBytes,
    readBack,
    outputDir: overrides.outputDir ?? race.output.dir,
    outputName: race.output.name,
    console: {
      ...race.console,
      ...(overrides.allFailures && { allFailures: true }),
      ...(overrides.quiet && { quiet: true }),
    },
    confirm: race.confirm,
    published: {
      ...race,
      outcome,
      limits,
      inventories,
      contenders: contenders.count,
      rehearsal: withoutQuery(race.rehearsal) ?? 'off',
      readBack: withoutQuery(readBack) ?? 'off',
    },
  };
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Any 4xx, and whatever error the limits name in so many words: a loser that may be refused with 403 is refused by 403. */
function refusalBy(rejections: StatusSet = []): Refusal {
  return { status: ['400-499', ...rejections.filter((its) => typeof its === 'number' && its >= 400)] };
}

/** An API that says how it refuses is taken at its word; of another one, only a locked or taken seat is a proper answer. */
function rejectionsOf(refusal: Refusal | undefined): StatusSet {
  if (refusal === undefined) return [400, 409, 423];
  return [refusal].flat().flatMap(({ status }) => status ?? ['100-599']);
}

/** Where a value of the environment is written. */
function placeOf({ environment, config }: ResolveInput): string {
  const file = isMapping(config) ? fileNamed(config) : undefined;
  if (environment === undefined) return 'config';
  return file === undefined ? `config.environments.${environment}` : `${file}: ${environment}`;
}

/** Without the block, Artillery would run the script without the plugin. */
function checkBlock(plugins: object): void {
  if ('race' in plugins) return;
  const names = Object.keys(plugins);
  throw new ConfigError(`config.plugins.race: missing; ${names.length === 0 ? 'add it' : suggestion('race', names)}`);
}

function checkEnvironment(name: string | undefined, known: readonly string[], file: string | undefined): void {
  if (name === undefined || known.includes(name)) return;
  const places = `config.environments${file === undefined ? '' : `, nor in ${file}`}`;
  throw new UnknownEnvironment(
    known.length === 0
      ? `environment "${name}": the script has no ${places}`
      : `environment "${name}": not under ${places}; ${suggestion(name, known)}`,
  );
}

/** The block with the values that it names; `seatIds`: from ORDER_SEAT_IDS, in place of its inventories. */
function blockWith(
  block: unknown,
  variables: Readonly<Record<string, unknown>>,
  seatIds: readonly string[] | undefined,
): unknown {
  if (block !== null && block !== undefined && !isMapping(block)) return block;
  return { ...withNamedValues(block ?? {}, variables), ...(seatIds && { inventories: seatIds }) };
}

function parseBlock(block: unknown): ParsedRaceConfig {
  const parsed = raceSchema.safeParse(block);
  if (parsed.success) return parsed.data;
  throw new ConfigError(describeIssues(parsed.error, 'config.plugins.race', block, keysAt));
}

function readBackWith(block: unknown, wanted: string): ReadBackSettings | undefined {
  const its = z.looseObject({ readBack: z.looseObject({}).catch({}) }).safeParse(block).data?.readBack ?? {};
  const readBack = isOff(wanted) ? 'off' : { ...its, path: wanted };
  const parsed = raceSchema.shape.readBack.safeParse(readBack);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `ORDER_READ_BACK: must be "off", or a path below the base URL such as /seats/{seatId} (received "${wanted.slice(0, 80)}")`,
  );
}

const isOff = (wanted: string) => /^(off|false|0)$/i.test(wanted);

/** The keys that the schema allows at a path of the block, for suggestions. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const root = z.toJSONSchema(raceSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const nodes = path.reduce<JsonSchema[]>((at, step) => at.flatMap((node) => stepInto(node, step)), branchesOf(root));
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<PropertyKey, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const branchesOf = (node: JsonSchema): JsonSchema[] => [node, ...(node.anyOf ?? []).flatMap(branchesOf)];

function stepInto(node: JsonSchema, step: PropertyKey): JsonSchema[] {
  const next = typeof step === 'number' ? node.items : node.properties?.[step];
  return next === undefined ? [] : branchesOf(next);
}

function checkTwice(keys: readonly string[], where: string, label: string): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new ConfigError(`${where}: names ${label} "${twice}" twice; each ${label} is one round, name it once`);
  }
}

/** A query may hold a key. */
function withoutQuery<T extends { readonly path?: string | undefined }>(its: T | undefined): T | undefined {
  return its?.path === undefined ? its : { ...its, path: its.path.replace(/\?.*$/s, '?***') };
}

/** The HTTP client puts the credentials of a URL over any Authorization header. */
function checkCredentials(target: string, token: string | undefined): void {
  if (!token || new URL(target).username === '') return;
  throw new ConfigError('ORDER_TOKEN: is set, and the target holds credentials too; only one of them can be sent');
}

function checkRequired(names: readonly string[], variables: Readonly<Record<string, unknown>>, place: string): void {
  const missing = names.filter((name) => {
    const value = variables[name];
    return value === undefined || value === null || String(value).trim() === '';
  });
  if (missing.length === 0) return;
  throw new ConfigError(
    missing
      .map((name) => {
        const variable = Object.entries(VARIABLES).find(([, to]) => to === name)?.[0];
        return `config.variables.${name}: missing; set it under ${place}.variables${variable === undefined ? '' : `, or ${variable}`}`;
      })
      .join('\n'),
  );
}

function parseTarget(override: string | undefined, declared: string | undefined, place: string): string {
  const where = override === undefined ? `${place}.target` : 'ORDER_BASE_URL';
  const text = override ?? declared;
  if (text === undefined || isUnknown(text)) {
    throw new ConfigError(`${where}: missing; set it, or ORDER_BASE_URL, to the URL that books`);
  }
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    // The text may hold credentials, so only its beginning up to the scheme is shown.
    const shown = text.replace(/\/\/[^@/]*@/, '//***@').slice(0, 80);
    throw new ConfigError(`${where}: must be a URL such as https://api.example.com/orders (received "${shown}")`);
  }
  return text;
}
