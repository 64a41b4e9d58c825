import { ALL, ORDER_RACE } from './scenarios.ts';

/** The environment that runs against the bundled reference API. */
export const DEMO = 'demo';

/** A row of the help. */
export interface Described {
  readonly help: string;
  /** What applies if the user does not set it; the help shows it in brackets. */
  readonly fallback?: string;
}

/** An option as `node:util` parses it and as the help describes it. */
export interface Option extends Described {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly default?: string | boolean;
  /** Stands for the value in the help. */
  readonly value?: string;
  /** It configures the bundled API, so it makes no sense in another environment. */
  readonly demoOnly?: true;
}

/**
 * Every option of the command line. The argument parser and the help both read this table. After a change,
 * `npm test -- tests/cli/help.test.ts -u` writes cli/help.txt again.
 */
export const OPTIONS = {
  scenario: {
    type: 'string',
    default: ORDER_RACE,
    value: 'NAME',
    help: `the race to run (see the list below); "${ALL}" runs all of them, one after the other, with one verdict`,
  },
  'all-failures': {
    type: 'boolean',
    default: false,
    help: 'show every refused attempt, not only the first few for each seat',
  },
  open: { type: 'boolean', default: false, help: 'open the HTML report at the end' },
  quiet: { type: 'boolean', default: false, help: 'print only the verdict and the path of the report' },
  verbose: { type: 'boolean', default: false, help: "print Artillery's own reports as well" },
  yes: { type: 'boolean', short: 'y', default: false, help: 'make real bookings without asking first' },
  lock: {
    type: 'string',
    value: 'NAME',
    help:
      'how the API guards its seats: "unique" (right), "none" (sells seats twice), or one of the thirty others in ' +
      'docs/detection.md',
    fallback: 'a right one',
    demoOnly: true,
  },
  store: {
    type: 'string',
    value: 'NAME',
    help:
      'where the API keeps its seats: "sqlite" (embedded), "postgres" (at DATABASE_URL) or "redis" (at REDIS_URL, ' +
      'with SQLite behind it)',
    fallback: 'sqlite',
    demoOnly: true,
  },
  'seat-count': {
    type: 'string',
    value: 'N',
    help: 'how many seats to race for, 1 to 100',
    fallback: '16',
    demoOnly: true,
  },
} as const satisfies Readonly<Record<string, Option>>;

/** An environment variable that users may set. */
export interface Variable extends Described {
  /** Its value must not show up in a command or a report. */
  readonly secret?: true;
}

/** Every environment variable that users may set. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  ORDER_VUS: { help: 'how many virtual users go for each seat', fallback: '100' },
  ORDER_BASE_URL: { help: 'the URL that takes the bookings', fallback: 'target of the environment' },
  ORDER_EVENT_ID: { help: 'the event that the seats belong to', fallback: 'variables.eventId' },
  ORDER_SESSION_ID: { help: 'the session of that event', fallback: 'variables.sessionId' },
  ORDER_ORGANIZATION_ID: { help: 'the organisation that sells the seats', fallback: 'variables.organizationId' },
  ORDER_SEAT_IDS: { help: 'the seats, separated by commas; each seat is one round', fallback: 'variables.seats' },
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
  CI: { help: 'if set, real bookings are made without asking, as with --yes' },
  NO_COLOR: { help: 'if set, the output has no colours' },
};
