import { parseArgs } from 'node:util';
import { InputError, optionError, suggestion } from '../config/index.ts';

/** What the command line asks for. */
export type Arguments =
  | { readonly command: 'help' }
  | ({ readonly command: 'judge' } & JudgeArguments)
  | ({ readonly command: 'report' } & ReportArguments);

export interface ReportArguments {
  /** Paths of two or more `verdict.json`. The others are compared with the first. A single one with `against`. */
  readonly files: readonly string[];
  /** Path of the `verdict.json` that a single one is compared with. */
  readonly against?: string;
}

export interface JudgeArguments {
  /** Paths of a `history.jsonl`: one for each machine of the run. Empty where they are read from Redis. */
  readonly files: readonly string[];
  /** Where the histories of all machines are, if not in files. */
  readonly redis?: { readonly url: string; readonly run: string };
  /** Path of a YAML or JSON file with other limits, capacities and another rule. */
  readonly config?: string;
  /** Folder of the reports. Default: that of the history. */
  readonly output?: string;
  /** Print only the verdict and the path of the report. */
  readonly quiet: boolean;
  /** Print everything about the run. */
  readonly verbose: boolean;
}

export const HELP = `Usage: artillery-plugin-race judge FILE … [options]
       artillery-plugin-race judge REDIS --run ID [options]
       artillery-plugin-race report A.verdict.json B.verdict.json …
       artillery-plugin-race report NEW.verdict.json --against OLD.verdict.json
       artillery-plugin-race init FILE [options]

judge judges the history of a run again, without the target, and writes all
reports: verdict.json, html, junit.xml and md, under the name of FILE. The same
history gives the same bytes as at the end of the run.

  FILE …            the history.jsonl of a run; if several machines raced together,
                    that of each machine
  REDIS             redis:// or rediss://, where the machines met

report puts the verdicts of several runs side by side, and says what is better
or worse than in the first. Times are compared only between runs that both
passed; those that differ by less than a tenth count as equal. --against names
the one to compare with. It exits with 0, whatever the verdicts are.

init writes a suite from a copied request; init --help says more.

Artillery itself runs a suite, and checks its configuration before anything is
booked: npx artillery run --dotenv .env -e staging suite.yml. The command check,
which also tries target, sign-in and read-back, is not part of the package,
because that comes without Artillery: run-order-race-test.sh has it.

Options of judge:
  --config FILE     YAML or JSON to judge by: a mapping with "limits",
                    "inventories" (their capacities) and "rule", or a whole
                    Artillery script, from which these keys of
                    config.plugins.race are taken, for the environment of the
                    run. All other settings stay as the run had them.
  --run ID          the run whose histories are in REDIS
  --output DIR      folder of the reports [that of FILE; with REDIS, this one]
  --quiet           print only the verdict and the path of the report
  --verbose         print the whole summary and all paths

Options:
  --against FILE    report: the verdict.json to compare NEW with
  -h, --help        print this text

Exit codes:
  0      pass: exactly one winner for each inventory, and the requests really
         collided
  3      fail: something was sold twice, or something else is wrong
  4      inconclusive: nothing wrong was seen, but the history proves nothing
  2      the input is wrong
  other  there is no verdict

Examples:
  npx artillery-plugin-race judge output/order_race_all_seats_demo_20260102_030405.history.jsonl
  npx artillery-plugin-race judge machine-1.jsonl machine-2.jsonl machine-3.jsonl
  npx artillery-plugin-race judge "$ORDER_MEET" --run nightly-4711
  npx artillery-plugin-race judge run.history.jsonl --config stricter.yml --output judged
`;

/** `init` reads its own arguments. */
const COMMANDS = ['judge', 'report', 'init'];

/** Commands that somebody may expect here. */
const ELSEWHERE = new Map([
  ['run', 'Artillery runs a suite: npx artillery run --dotenv .env -e staging suite.yml'],
  [
    'check',
    'only run-order-race-test.sh has it; with Artillery alone, a run checks its configuration before anything is booked',
  ],
]);

/** The options, as `node:util` takes them. A test compares them with the help. */
export const OPTIONS = {
  config: { type: 'string' },
  output: { type: 'string' },
  run: { type: 'string' },
  against: { type: 'string', multiple: true },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads the command line: a command, then files. Options may stand anywhere.
 *
 * @throws InputError if it makes no sense
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help' };
  const [command, ...files] = positionals;
  switch (command) {
    case 'judge':
      return { command, ...judgeArguments(files, values) };
    case 'report':
      return { command, ...reportArguments(files, values) };
    case undefined:
      throw new InputError('which command? For example: judge FILE (--help says more)');
    default: {
      const elsewhere = ELSEWHERE.get(command);
      if (elsewhere !== undefined) throw new InputError(`${command}: ${elsewhere} (--help says more)`);
      throw new InputError(`unknown command "${command}"; ${suggestion(command, COMMANDS)} (--help says more)`);
    }
  }
}

type Values = ReturnType<typeof parse>['values'];

function judgeArguments(named: readonly string[], values: Values): JudgeArguments {
  const { config, output, quiet, verbose, run, against } = values;
  if (against !== undefined) throw new InputError('--against: belongs to report, not to judge');
  if (quiet && verbose) throw new InputError('--quiet and --verbose exclude each other');
  const [first, ...others] = named;
  if (!first) throw new InputError('judge: which history? For example: judge run.history.jsonl');
  if (named.includes('')) throw new InputError('judge: a path is empty');
  const isRedis = /^rediss?:\/\//.test(first);
  if (isRedis && !run) throw new InputError('judge: which run? Name it: --run ID');
  if (isRedis && others.length > 0) throw new InputError('judge: files or an address of a Redis, not both');
  if (!isRedis && run !== undefined) throw new InputError('--run: needs the address of a Redis, such as "$ORDER_MEET"');
  if (config === '') throw new InputError('--config: names no file');
  if (output === '') throw new InputError('--output: names no folder');
  const source = isRedis ? { files: [], redis: { url: first, run: run ?? '' } } : { files: named };
  return {
    ...source,
    ...(config !== undefined && { config }),
    ...(output !== undefined && { output }),
    quiet,
    verbose,
  };
}

function reportArguments(files: readonly string[], values: Values): ReportArguments {
  const { config, output, quiet, verbose, run, against } = values;
  if (config !== undefined || output !== undefined || run !== undefined || quiet || verbose) {
    throw new InputError(
      'report: takes only --against; --config, --output, --run, --quiet and --verbose belong to judge',
    );
  }
  if (against !== undefined) return againstArguments(files, against);
  if (files.length < 2) {
    throw new InputError('report: two verdicts or more, such as A.verdict.json B.verdict.json');
  }
  return { files };
}

function againstArguments(files: readonly string[], against: readonly string[]): ReportArguments {
  const [old] = against;
  if (files.length !== 1 || against.length !== 1 || !files[0] || !old) {
    throw new InputError('report: exactly one of each: NEW.verdict.json --against OLD.verdict.json');
  }
  return { files, against: old };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw optionError(error, Object.keys(OPTIONS));
  }
}
