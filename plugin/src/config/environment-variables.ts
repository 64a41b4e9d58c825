import * as z from 'zod';
import { ConfigError } from './config-error.ts';

/** The environment variables that override the YAML. */
export interface Overrides {
  readonly vus?: number;
  readonly baseUrl?: string;
  readonly seatIds?: readonly string[];
  /** A path below the base URL, or `off`. */
  readonly readBack?: string;
  readonly outputDir?: string;
  readonly allFailures?: boolean;
  readonly quiet?: boolean;
  /** Values for `config.variables`, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The variables of an environment that ORDER_SEAT_IDS and ORDER_READ_BACK override, where a scenario names them. */
export const SEATS = 'seats';
export const SEAT_READ_BACK = 'seatReadBack';

/** Which environment variable sets which of `config.variables`. */
export const VARIABLES = {
  ORDER_EVENT_ID: 'eventId',
  ORDER_SESSION_ID: 'sessionId',
  ORDER_ORGANIZATION_ID: 'organizationId',
} as const;

const vus = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(2).max(20_000));

/**
 * Reads ORDER_VUS, ORDER_BASE_URL, ORDER_SEAT_IDS and so on; an empty value counts as unset.
 *
 * @throws ConfigError naming the variable, the value and the mend
 */
export function readOverrides(env: Readonly<Record<string, string | undefined>>): Overrides {
  const value = (name: string) => {
    const text = env[name]?.trim();
    return text === undefined || text === '' ? undefined : text;
  };
  const given = <K extends string, V>(name: K, its: V | undefined) =>
    (its === undefined ? {} : { [name]: its }) as { [P in K]?: V };

  return {
    ...given('vus', parseVus(value('ORDER_VUS'))),
    ...given('baseUrl', value('ORDER_BASE_URL')),
    ...given('seatIds', parseSeatIds(env.ORDER_SEAT_IDS)),
    ...given('readBack', value('ORDER_READ_BACK')),
    ...given('outputDir', value('ORDER_OUTPUT_DIR')),
    ...given('allFailures', value('ORDER_ALL_FAILURES') === undefined ? undefined : true),
    ...given('quiet', value('ORDER_QUIET') === undefined ? undefined : true),
    variables: Object.fromEntries(
      Object.entries(VARIABLES).flatMap(([from, to]) => {
        const text = value(from);
        return text === undefined ? [] : [[to, text]];
      }),
    ),
  };
}

function parseVus(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parsed = vus.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `ORDER_VUS: must be a whole number from 2 to 20000, because a race needs two (received "${text.slice(0, 40)}")`,
  );
}

function parseSeatIds(text: string | undefined): string[] | undefined {
  if (text === undefined || text === '') return undefined;
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id === '')) throw new ConfigError('ORDER_SEAT_IDS: names no seat; separate the ids by commas');
  if (ids.includes('')) throw new ConfigError('ORDER_SEAT_IDS: has an empty id between two commas');
  return ids;
}
