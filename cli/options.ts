import { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from '../plugin/src/config/index.ts';
import { ALL, ORDER_RACE } from './scenarios.ts';

/** The environment that runs against the bundled reference API. */
export const DEMO = 'demo';

/** A row of the help. */
export interface HelpRow {
  readonly help: string;
  /** What applies if the user does not set it; the help shows it in brackets. */
  readonly fallback?: string;
}

/** An option as `node:util` parses it and as the help describes it. */
export interface Option extends HelpRow {
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
 * `npm run generate` writes cli/help.txt again.
 */
export const OPTIONS = {
  scenario: {
    type: 'string',
    value: 'NAME',
    help:
      `the race to run: a name of the list below, or the path of a suite; "${ALL}" runs every scenario for which ENV has ` +
      'what it needs, one after the other, with one verdict',
    fallback: ORDER_RACE,
  },
  'all-failures': {
    type: 'boolean',
    default: false,
    help: 'print every refused attempt, not only the first few, and the whole summary',
  },
  open: { type: 'boolean', default: false, help: 'open the HTML report at the end' },
  quiet: {
    type: 'boolean',
    default: false,
    help: 'print only the verdict and the path of the report, at most 8 lines',
  },
  verbose: {
    type: 'boolean',
    default: false,
    help: "print every attempt of every round, the whole summary, and Artillery's own reports",
  },
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
  repeat: {
    type: 'string',
    value: 'N',
    help: 'race for every seat N times, each visit judged by itself; it needs a way to reset (variables.resetPath)',
    fallback: '1',
  },
  until: {
    type: 'string',
    value: 'SHARE',
    help: 'repeat until a pass means that fewer than this share of rounds go wrong, such as 3% (99 rounds)',
  },
  for: { type: 'string', value: 'TIME', help: 'repeat for so long, such as 5m, 90s or 1h' },
  'one-at-a-time': {
    type: 'boolean',
    default: false,
    help: 'send the same requests one after the other: what goes wrong then needs no race',
  },
  machines: {
    type: 'string',
    value: 'N',
    help:
      'race on N machines, 2 to 8: here, processes that meet in a Redis which this script starts (see docs/machines.md ' +
      'for real machines)',
    fallback: '1',
    demoOnly: true,
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Every environment variable that users may set: those of the plugin, and two that the script reads. */
export const VARIABLES: Readonly<Record<string, EnvironmentVariable>> = {
  ...ENVIRONMENT_VARIABLES,
  CI: { help: 'if set, real bookings are made without asking, as with --yes' },
  NO_COLOR: { help: 'if set, the output has no colours' },
};
