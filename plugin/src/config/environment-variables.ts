import * as z from 'zod';
import { ConfigError } from './config-error.ts';

/** An environment variable that people set. */
interface EnvironmentVariable {
  readonly name: string;
  /** What it sets, for the reference page. */
  readonly sets: string;
  /** What applies without it, for the reference page. */
  readonly default: string;
  /** The one of `config.variables` that it overrides. */
  readonly variable?: string;
}

/** The variables that ORDER_SEAT_IDS and ORDER_READ_BACK override, in a scenario that names them. */
export const SEATS = 'seats';
export const SEAT_READ_BACK = 'seatReadBack';

/** Every environment variable that people set: the reference page prints this table. */
export const ENVIRONMENT_VARIABLES = [
  {
    name: 'ORDER_VUS',
    sets: 'How many virtual users go for each seat, from 2 to 20,000',
    default: 'the `arrivalCount` of the script: 100 in the bundled scenarios',
  },
  { name: 'ORDER_BASE_URL', sets: 'The URL that books', default: '`target` of the environment' },
  {
    name: 'ORDER_SEAT_IDS',
    sets: 'The ids of the seats, separated by commas; each seat is one round',
    default: '`variables.seats` of the environment',
  },
  {
    name: 'ORDER_EVENT_ID',
    sets: 'The event that the booking request names',
    default: '`variables.eventId` of the environment',
    variable: 'eventId',
  },
  {
    name: 'ORDER_SESSION_ID',
    sets: 'The session that the booking request names',
    default: '`variables.sessionId` of the environment',
    variable: 'sessionId',
  },
  {
    name: 'ORDER_ORGANIZATION_ID',
    sets: 'The organization that the booking request names',
    default: '`variables.organizationId` of the environment',
    variable: 'organizationId',
  },
  {
    name: 'ORDER_TOKEN',
    sets: 'The bearer token of all virtual users',
    default: 'the token that `variables.signIn` of the environment gets',
  },
  {
    name: 'ORDER_READ_BACK',
    sets: '`off`, or the path below the base URL that tells who owns a seat, such as `/seats/{seatId}`',
    default: '`variables.seatReadBack` of the environment: on in `demo`, off in `dev` and `prod`',
  },
  { name: 'ORDER_OUTPUT_DIR', sets: 'The folder of the reports', default: '`output`' },
] as const satisfies readonly EnvironmentVariable[];

/** Those that the shell script sets for the run it starts. */
type ScriptVariable = 'ORDER_ALL_FAILURES' | 'ORDER_QUIET';
type VariableName = (typeof ENVIRONMENT_VARIABLES)[number]['name'] | ScriptVariable;

/** What the environment variables override in the YAML; undefined where one is not set. */
export interface Overrides {
  readonly vus: number | undefined;
  readonly baseUrl: string | undefined;
  readonly seatIds: readonly string[] | undefined;
  /** A path below the base URL, or `off`. */
  readonly readBack: string | undefined;
  readonly outputDir: string | undefined;
  readonly allFailures: boolean;
  readonly quiet: boolean;
  /** Values for `config.variables`, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Reads ORDER_VUS, ORDER_BASE_URL, ORDER_SEAT_IDS and so on. An empty value counts as unset.
 *
 * @throws ConfigError naming the variable, the value and the mend
 */
export function readOverrides(env: Readonly<Record<string, string | undefined>>): Overrides {
  const value = (name: VariableName) => env[name]?.trim() || undefined;
  return {
    vus: parseVus(value('ORDER_VUS')),
    baseUrl: value('ORDER_BASE_URL'),
    seatIds: parseSeatIds(env.ORDER_SEAT_IDS),
    readBack: value('ORDER_READ_BACK'),
    outputDir: value('ORDER_OUTPUT_DIR'),
    allFailures: value('ORDER_ALL_FAILURES') !== undefined,
    quiet: value('ORDER_QUIET') !== undefined,
    variables: Object.fromEntries(
      ENVIRONMENT_VARIABLES.flatMap((row) => {
        const text = value(row.name);
        return 'variable' in row && text !== undefined ? [[row.variable, text]] : [];
      }),
    ),
  };
}

/** The name of the environment variable that overrides one of `config.variables`; undefined where none does. */
export function overrideOf(variable: string): string | undefined {
  return ENVIRONMENT_VARIABLES.find((row) => 'variable' in row && row.variable === variable)?.name;
}

const vus = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(2).max(20_000));

function parseVus(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parsed = vus.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError({
    path: 'ORDER_VUS',
    mend: 'must be a whole number from 2 to 20000, because a race needs two',
    received: `"${text.slice(0, 40)}"`,
  });
}

function parseSeatIds(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  const path = 'ORDER_SEAT_IDS';
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id === '')) {
    throw new ConfigError({ path, problem: 'names no seat', mend: 'separate the ids by commas' });
  }
  if (ids.includes('')) throw new ConfigError({ path, problem: 'has an empty id between two commas' });
  return ids;
}
