import * as z from 'zod';
import type { Repeat } from '../../../model/index.ts';
import { ConfigError } from './config-error.ts';
import { checkSpelling } from './misspelt-variables.ts';
import { repeatOf } from './repeat.ts';

/** An environment variable that users may set. */
export interface EnvironmentVariable {
  /** What it sets. */
  readonly help: string;
  /** The value without it. */
  readonly fallback?: string;
  /** The entry of `config.variables` that it overrides. */
  readonly variable?: string;
  /** The value must not show up in a command or a report. */
  readonly secret?: true;
  /** It says where a run runs, not what is raced: every suite reads it. */
  readonly everywhere?: true;
}

/** The variables that ORDER_SEAT_IDS and ORDER_READ_BACK override, in a scenario that names them. */
export const SEATS = 'seats';
export const SEAT_READ_BACK = 'seatReadBack';

/** Every environment variable of the plugin that users may set. `--help` and docs/options.md print this table. */
export const ENVIRONMENT_VARIABLES = {
  ORDER_VUS: {
    help: 'how many virtual users go for each seat',
    fallback: 'arrivalCount of the scenario, 100 in the order race',
  },
  ORDER_BASE_URL: { help: 'the URL that takes the bookings', fallback: 'target of the environment' },
  ORDER_EVENT_ID: {
    help: 'the event that the seats belong to',
    fallback: 'variables.eventId',
    variable: 'eventId',
  },
  ORDER_SESSION_ID: {
    help: 'the session of that event',
    fallback: 'variables.sessionId',
    variable: 'sessionId',
  },
  ORDER_ORGANIZATION_ID: {
    help: 'the organisation that sells the seats',
    fallback: 'variables.organizationId',
    variable: 'organizationId',
  },
  ORDER_SEAT_IDS: { help: 'the seats, separated by commas; each seat is one round', fallback: 'variables.seats' },
  ORDER_CAPACITY: { help: 'how many units each of these seats has', fallback: 'what variables.seats says, 1' },
  ORDER_REPEAT: {
    help: 'how often rounds repeat: 20 times, until a pass means "below 3%", or for 5m',
    fallback: 'repeat of the scenario, once',
  },
  ORDER_TOKEN: {
    help: 'the bearer token of all virtual users',
    fallback: 'what variables.signIn gets',
    secret: true,
  },
  ORDER_READ_BACK: {
    help: '"off", or the path below the base URL that tells who owns a seat, such as /seats/{seatId}',
    fallback: 'on in demo, off in dev and prod',
  },
  ORDER_OUTPUT_DIR: { help: 'the folder for the reports', fallback: 'output' },
  ORDER_MACHINES: {
    help: 'how many machines race together',
    fallback: 'machines of the scenario, 1',
    everywhere: true,
  },
  ORDER_MEET: {
    help: 'the Redis where these machines meet, such as rediss://user:password@host:6379',
    fallback: 'meet of the scenario',
    secret: true,
    everywhere: true,
  },
  ORDER_RUN_ID: {
    help: 'the name of the run, equal on all its machines and new for each run',
    fallback: 'ARTILLERY_TEST_RUN_ID',
    everywhere: true,
  },
  ORDER_JOIN_MS: {
    help: 'how many milliseconds a machine waits for the others',
    fallback: 'joinMs of the scenario, 60000',
    everywhere: true,
  },
} as const satisfies Readonly<Record<string, EnvironmentVariable>>;

const ROWS: readonly (readonly [string, EnvironmentVariable])[] = Object.entries(ENVIRONMENT_VARIABLES);

/** The entries of `config.variables` that name things in public: events, sessions of an event, organisations. */
export const PUBLIC_VARIABLES: readonly string[] = ROWS.flatMap(([, { variable }]) => variable ?? []);

/** Variables that the shell script sets for the run that it starts. */
const SCRIPT_VARIABLES = [
  'ORDER_ALL_FAILURES',
  'ORDER_QUIET',
  'ORDER_VERBOSE',
  'ORDER_IN_PACK',
  'ORDER_ONE_AT_A_TIME',
  'ORDER_COMMAND',
  'ORDER_PROGRESS',
  'ORDER_VERDICT_NOTE',
] as const;
const READ_BY_ALL: readonly string[] = ROWS.flatMap(([name, { everywhere }]) => (everywhere ? name : []));
/** What a suite of the user's own reads if the shell script runs it. */
const READ_FOR_SCRIPT: readonly string[] = ['ORDER_OUTPUT_DIR', ...SCRIPT_VARIABLES];

type VariableName = keyof typeof ENVIRONMENT_VARIABLES | (typeof SCRIPT_VARIABLES)[number];
type Variables = Readonly<Record<string, string | undefined>>;

/** What the environment variables override in the YAML; undefined if a variable is not set. */
export interface Overrides {
  /** Whether the suite reads all of them: `orderVariables: true`. */
  readonly areWanted: boolean;
  readonly vus: number | undefined;
  readonly baseUrl: string | undefined;
  readonly seatIds: readonly string[] | undefined;
  /** Units of each seat. */
  readonly capacity: number | undefined;
  readonly repeat: Repeat | undefined;
  readonly oneAtATime: boolean;
  /** A path below the base URL, or `off`. */
  readonly readBack: string | undefined;
  /** The bearer token of all virtual users. */
  readonly token: string | undefined;
  readonly outputDir: string | undefined;
  readonly allFailures: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Values for `config.variables`, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables that are set, and that this suite does not read. */
  readonly ignored: readonly string[];
}

/**
 * Reads ORDER_VUS, ORDER_BASE_URL, ORDER_SEAT_IDS and so on. An empty value counts as unset.
 *
 * @param areWanted whether the suite wants to be overridden: `orderVariables: true`
 * @throws ConfigError naming the variable, the value and the fix
 */
export function readOverrides(env: Variables, areWanted: boolean): Overrides {
  const isFromScript = env.ORDER_COMMAND !== undefined;
  const isRead = (name: string) =>
    areWanted || READ_BY_ALL.includes(name) || (isFromScript && READ_FOR_SCRIPT.includes(name));
  const known = [...ROWS.map(([name]) => name), ...SCRIPT_VARIABLES];
  checkSpelling(env, known, areWanted ? known : READ_BY_ALL);
  const value = (name: VariableName) => (isRead(name) ? env[name]?.trim() || undefined : undefined);
  return {
    areWanted,
    vus: parseVus(value('ORDER_VUS')),
    baseUrl: value('ORDER_BASE_URL'),
    seatIds: parseSeatIds(areWanted ? env.ORDER_SEAT_IDS : undefined),
    capacity: parseCapacity(value('ORDER_CAPACITY')),
    repeat: parseRepeat(value('ORDER_REPEAT')),
    oneAtATime: value('ORDER_ONE_AT_A_TIME') !== undefined,
    readBack: value('ORDER_READ_BACK'),
    token: parseToken(areWanted ? env.ORDER_TOKEN : undefined),
    outputDir: value('ORDER_OUTPUT_DIR'),
    allFailures: value('ORDER_ALL_FAILURES') !== undefined,
    quiet: value('ORDER_QUIET') !== undefined,
    verbose: value('ORDER_VERBOSE') !== undefined,
    variables: Object.fromEntries(
      ROWS.flatMap(([name, { variable }]) => {
        const text = value(name as VariableName);
        return variable === undefined || text === undefined ? [] : [[variable, text]];
      }),
    ),
    ignored: ROWS.map(([name]) => name).filter((name) => env[name]?.trim() && !isRead(name)),
  };
}

/** The name of the environment variable that overrides an entry of `config.variables`; undefined if there is no such variable. */
export function overrideOf(variable: string): string | undefined {
  return ROWS.find(([, row]) => row.variable === variable)?.[0];
}

const parseRepeat = (text: string | undefined): Repeat | undefined =>
  text === undefined ? undefined : repeatOf(text, 'ORDER_REPEAT');

const vus = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(2).max(20_000));

function parseVus(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parsed = vus.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError({
    path: 'ORDER_VUS',
    fix: 'must be a whole number from 2 to 20000, because a race needs two',
    received: `"${text.slice(0, 40)}"`,
  });
}

const capacity = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(1_000_000));

function parseCapacity(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parsed = capacity.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError({
    path: 'ORDER_CAPACITY',
    fix: 'must be a whole number from 1 to 1000000',
    received: `"${text.slice(0, 40)}"`,
  });
}

function parseSeatIds(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  const path = 'ORDER_SEAT_IDS';
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id === '')) {
    throw new ConfigError({ path, problem: 'names no seat', fix: 'separate the ids by commas' });
  }
  if (ids.includes('')) throw new ConfigError({ path, problem: 'has an empty id between two commas' });
  return ids;
}

/** A line break would end the header that carries the token. */
function parseToken(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (/^[\t\x20-\x7e\x80-\xff]+$/.test(text)) return text;
  const problem = /[\r\n]/.test(text) ? 'has a line break' : 'has a character that no header can carry';
  throw new ConfigError({ path: 'ORDER_TOKEN', problem, fix: 'a token is one line of text' });
}
