import { maxOf, type Plan, type StatusSet } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { checkBooks } from './check-books.ts';
import { checkVariables } from './check-variables.ts';
import { type Overrides, readOverrides } from './environment-variables.ts';
import type { InventoryKey, SourcedInventory } from './inventory.ts';
import type { InventorySource } from './inventory-source.ts';
import { checkPlanned, type MachineSettings, machinesOf, plannedMachines, publicMeet } from './machines.ts';
import { checkMetricNames } from './metric-names.ts';
import { type Contenders, contendersOf } from './phases.ts';
import { withStars } from './public-url.ts';
import { type RaceBlock, raceBlockOf } from './race-block.ts';
import { bookName } from './read-back.ts';
import type { ReleaseSettings } from './release.ts';
import { checkRule } from './rule.ts';
import type {
  BookSettings,
  OutcomeSettings,
  ParsedRaceConfig,
  ReadBackSettings,
  Refusal,
  RehearsalSettings,
} from './schema.ts';
import { readScript } from './script.ts';
import { checkSharedParts } from './shared-parts.ts';
import { targetOf } from './target.ts';

/** Everything that a run needs to know, checked. Times are in milliseconds. */
export interface RunSettings {
  /** The name given with `-e`; `default` without one. */
  readonly environment: string;
  /** Base URL; it may hold credentials, so it never leaves the process: see {@link publicUrl}. */
  readonly target: string;
  readonly plan: Plan;
  /** The keys of the planned inventories as the flow gets them: a number stays a JSON number. */
  readonly keys: readonly InventoryKey[];
  /** Where the inventories come from; undefined where the suite lists them, or does not say. */
  readonly source: InventorySource | undefined;
  /** Of the whole run, all machines together. */
  readonly contenders: Contenders;
  readonly machines: MachineSettings;
  /** The entries of `config.variables` that environment variables set. */
  readonly variables: Readonly<Record<string, string | readonly string[]>>;
  /** Names of `config.variables` whose entries go to the virtual users in turn. */
  readonly inTurn: readonly string[];
  /** Whether environment variables override this suite: the bundled scenarios say so. */
  readonly orderVariables: boolean;
  /** Names of environment variables that are set, and that this suite does not read. */
  readonly ignoredVariables: readonly string[];
  readonly label: string;
  readonly outcome: OutcomeSettings;
  readonly wire: ParsedRaceConfig['wire'];
  /** Undefined if it is switched off. */
  readonly rehearsal: RehearsalSettings | undefined;
  readonly release: ReleaseSettings;
  readonly rendezvousTimeoutMs: number;
  /** How long all contenders wait after the last one has come. */
  readonly settleMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Undefined if the server is not asked. */
  readonly readBack: ReadBackSettings | undefined;
  readonly outputDir: string;
  readonly outputName: string;
  /** Of the target, as the suite or the CI says it; empty where neither does. */
  readonly targetVersion: string;
  /** Whether raced requests carry a `traceparent`. */
  readonly traces: boolean;
  /** Further names of secrets, see `secrets` in the plugin's block. */
  readonly secrets: readonly string[];
  readonly console: ParsedRaceConfig['console'];
  /** Whether the script asks before it runs against this environment. */
  readonly confirm: boolean;
  /** The block as it applies, for the reports. It holds no secrets. */
  readonly published: Readonly<Record<string, unknown>>;
}

export interface ResolveInput {
  /** `config` of the script, with the environment already merged into it: see {@link withSharedEnvironment}. */
  readonly config: unknown;
  /** The name given with `-e`, if any. */
  readonly environment: string | undefined;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The inventories, where the block only says where they come from; default: not known yet. */
  readonly sourced?: readonly SourcedInventory[] | undefined;
}

/**
 * Checks the set-up of a run: the script, the plugin's block, and what environment variables override.
 *
 * @throws ConfigError with one line for each problem
 */
export function resolveRun({ config, environment, env, sourced }: ResolveInput): RunSettings {
  const script = readScript(config, environment);
  const overrides = readOverrides(env, isMapping(script.race) && script.race.orderVariables === true);
  const block = raceBlockOf(script, overrides, sourced);
  checkVariables(block, script, overrides);
  if (!block.race.orderVariables) checkMetricNames(config);

  const { race, inventories, readBack } = block;
  const { outcome, limits } = refusalsOf(race);
  const machines = machinesOf(race, env);
  const contenders = onAllMachines(contendersOf(script.phases, race.contenders, overrides.vus), machines);
  const rule = race.rule && { rule: race.rule };
  checkRule({ plan: { contenders: contenders.count, inventories, ...rule }, readBack, outcome });
  // Where a request or a file says what there is, this comes once more.
  if (block.source === undefined || sourced !== undefined) {
    checkBooks(readBack ?? [], inventories);
    if (readBack !== undefined) checkSharedParts(inventories);
    checkPlanned(machines, inventories);
  }
  const path = `${script.environmentPath}.target`;
  const timeoutMs = race.attempt.timeoutMs ?? script.timeoutMs ?? USUAL_TIMEOUT_MS;

  return {
    environment: environment ?? 'default',
    target: targetOf({ overrides, declared: script.target, path, env }),
    plan: { ...planOf(block, contenders, limits, overrides), ...plannedMachines(machines) },
    keys: block.keys,
    source: block.source,
    contenders,
    machines,
    variables: {
      ...block.overridden,
      // A bundled scenario resets only where rounds repeat.
      ...(race.orderVariables && (overrides.repeat ?? race.repeat) === undefined && { resetPath: '' }),
    },
    inTurn: race.inTurn,
    orderVariables: race.orderVariables,
    ignoredVariables: overrides.ignored,
    label: race.words?.one ?? race.label,
    outcome,
    wire: race.wire,
    rehearsal: race.rehearsal,
    release: overrides.oneAtATime ? ONE_AT_A_TIME : race.release,
    rendezvousTimeoutMs: race.rendezvous.timeoutMs,
    settleMs: race.rendezvous.settleMs,
    attemptTimeoutMs: timeoutMs,
    maxBodyBytes: race.attempt.maxBodyBytes,
    readBack,
    outputDir: overrides.outputDir ?? race.output.dir,
    outputName: race.output.name,
    targetVersion: targetVersionOf(race, env),
    traces: race.traces,
    secrets: race.secrets,
    console: { ...race.console, ...detailIn(overrides) },
    confirm: race.confirm,
    published: {
      ...race,
      attempt: { ...race.attempt, timeoutMs },
      ...{ outcome, limits, inventories, contenders: contenders.anyItem ? { each: 'any' } : contenders.count },
      ...(race.meet !== undefined && { meet: publicMeet(race.meet) }),
      rehearsal: withoutSecrets(race.rehearsal) ?? 'off',
      readBack: publishedBooks(readBack),
    },
  };
}

/** Each machine starts all virtual users of the script. A number that the suite writes is of the whole run. */
const onAllMachines = (own: Contenders, { count }: MachineSettings): Contenders =>
  own.areAll ? { ...own, count: own.count * count } : own;

const ONE_AT_A_TIME: ReleaseSettings = { shape: 'one-at-a-time', spanMs: 0, delayMs: 0 };

function planOf(
  { race, inventories, readBack }: RaceBlock,
  contenders: Contenders,
  limits: Plan['limits'],
  overrides: Overrides,
): Plan {
  const repeat = overrides.repeat ?? race.repeat;
  return {
    contenders: contenders.count,
    inventories,
    limits,
    readBack: readBack !== undefined,
    ...booksOf(readBack),
    ...settleTime(readBack),
    ...(contenders.anyItem && { anyItem: true as const }),
    ...(race.rule && { rule: race.rule }),
    ...(repeat && { repeat }),
    ...((overrides.oneAtATime || race.release.shape === 'one-at-a-time') && { oneAtATime: true as const }),
    ...(race.words && { words: race.words }),
    ...(race.instances && { instances: race.instances }),
  };
}

/** How long Artillery waits for an answer where the suite does not say, in milliseconds. */
const USUAL_TIMEOUT_MS = 10_000;

/** If only one of `outcome.refusal` and `limits.rejections` is set, the other one follows from it. */
function refusalsOf({ outcome, limits }: ParsedRaceConfig): {
  readonly outcome: OutcomeSettings;
  readonly limits: Plan['limits'];
} {
  return {
    outcome: {
      ...outcome,
      refusal: outcome.refusal ?? refusalBy(limits.rejections),
      settled: { ...outcome.settled, refusal: outcome.settled?.refusal ?? outcome.refusal },
      ...(outcome.operations && { operations: withSettled(outcome.operations, outcome) }),
    },
    limits: { ...limits, rejections: limits.rejections ?? rejectionsOf(outcome) },
  };
}

/** A poll that is answered by the usual 4xx, such as 404, is not refused yet: only a refusal that is written decides. */
function withSettled(
  operations: NonNullable<ParsedRaceConfig['outcome']['operations']>,
  { settled, refusal }: ParsedRaceConfig['outcome'],
): OutcomeSettings['operations'] {
  return Object.fromEntries(
    Object.entries(operations).map(([name, own = {}]) => {
      const decided = own.settled?.refusal ?? settled?.refusal ?? own.refusal ?? refusal;
      return [name, { ...own, settled: { ...settled, ...own.settled, refusal: decided } }];
    }),
  );
}

/** Any 4xx, and every error that the limits name by its number: if 403 is an allowed rejection, a 403 is a refusal. */
function refusalBy(rejections: StatusSet = []): Refusal {
  return { status: ['400-499', ...rejections.filter((status) => typeof status === 'number' && status >= 400)] };
}

/** The statuses of the refusals that the suite describes; without a usual one, those for a taken or locked seat. */
function rejectionsOf({ refusal, settled, operations = {} }: ParsedRaceConfig['outcome']): StatusSet {
  const usual =
    refusal === undefined ? [400, 409, 423] : [refusal].flat().flatMap(({ status }) => status ?? ['100-599']);
  const others = [settled, ...Object.values(operations).flatMap((own) => [own, own?.settled])];
  return [
    ...new Set([
      ...usual,
      ...others.flatMap((own) => [own?.refusal ?? []].flat()).flatMap(({ status = [] }) => status),
    ]),
  ];
}

const detailIn = ({ allFailures, quiet, verbose }: Overrides): Partial<ParsedRaceConfig['console']> => ({
  ...(allFailures && { allFailures }),
  ...(quiet && { quiet }),
  ...(verbose && { verbose }),
});

/** What several read-backs are called. */
const booksOf = (readBack: ReadBackSettings = []): Pick<Plan, 'books'> =>
  readBack.length > 1 ? { books: readBack.map(bookName) } : {};

/** How long the target needs, where the suite says so; of several read-backs, the longest. */
function settleTime(readBack: ReadBackSettings = []): Pick<Plan, 'settleMs'> {
  const written = readBack.flatMap(({ settleMs }) => settleMs ?? []);
  return written.length === 0 ? {} : { settleMs: maxOf(written) };
}

/** Without what may hold a secret: a query, a body, headers, the password of a database. */
function publishedBooks(readBack: ReadBackSettings = []): unknown {
  const published = (book: BookSettings): unknown => {
    switch (book.kind) {
      case 'http': {
        const { json, headers = {}, ...rest } = book;
        const names = Object.keys(headers);
        return withoutSecrets({
          ...rest,
          ...(json !== undefined && { json: '***' }),
          ...(names.length > 0 && { headers: Object.fromEntries(names.map((name) => [name, '***'])) }),
        });
      }
      case 'sql':
        return { ...book, database: book.database.replace(/:\/\/[^@]*@/, '://***@').replace(/\?.*$/s, '?***') };
      case 'function':
        return book;
    }
  };
  const books = readBack.map(published);
  return books.length === 0 ? 'off' : books.length === 1 ? books[0] : books;
}

/** A query may hold a key, and a URL credentials. */
function withoutSecrets<T extends { readonly path?: string | undefined }>(settings: T | undefined): T | undefined {
  return settings?.path === undefined ? settings : { ...settings, path: withStars(settings.path) };
}

/** What the suite says, else the commit that a CI builds, as GitHub, GitLab and Jenkins say it. */
function targetVersionOf({ targetVersion = '' }: ParsedRaceConfig, env: ResolveInput['env']): string {
  const { GITHUB_SHA, CI_COMMIT_SHA, GIT_COMMIT } = env;
  return String(targetVersion).trim() || GITHUB_SHA || CI_COMMIT_SHA || GIT_COMMIT || '';
}
