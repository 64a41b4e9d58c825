import { parseArgs } from 'node:util';
import { InputError, suggestion } from '../config/index.ts';

/** What the command line asks for. */
export type Arguments =
  | { readonly command: 'help' }
  | ({ readonly command: 'judge' } & JudgeArguments)
  | ({ readonly command: 'report' } & ReportArguments);

export interface ReportArguments {
  /** Paths of two or more `verdict.json`; the others are held against the first. */
  readonly files: readonly string[];
}

export interface JudgeArguments {
  /** Path of a `history.jsonl`. */
  readonly file: string;
  /** Path of a YAML or JSON file with what to judge by. */
  readonly config?: string;
  /** Folder of the reports; absent: beside the history. */
  readonly output?: string;
  /** Print only the verdict and where the report is. */
  readonly quiet: boolean;
}

export const HELP = `Usage: artillery-plugin-race judge FILE [options]
       artillery-plugin-race report A.verdict.json B.verdict.json …

Judges a history again, without the target, and writes every report of it: verdict.json, html, junit.xml and md,
under the name of FILE. The same history gives the same bytes as the run itself wrote.

  FILE              the history.jsonl of a run

report puts the verdicts of several runs side by side, and says what got better or worse against the first. Times that
differ by less than a tenth are taken for the same. It exits 0 whatever they say.

Options of judge:
  --config FILE     YAML or JSON to judge by: a mapping with "limits" and "inventories" (their capacities), or a
                    whole Artillery script, of which these two keys of config.plugins.race are taken, as the
                    environment of the run has them. What is not named stays as the run had it. All else is how
                    the race was run, and is in the history.
  --output DIR      folder of the reports [that of FILE]
  --quiet           print only the verdict and where the report is
  -h, --help        this text

Exit codes:
  0      pass: exactly one winner per inventory, in a race that did happen
  3      fail: something was sold twice, or something else is wrong
  4      inconclusive: nothing wrong was seen, but the history proves nothing
  other  there is no verdict; 2 is bad input

Examples:
  npx artillery-plugin-race judge output/order_race_all_seats_demo_20260102_030405.history.jsonl
  npx artillery-plugin-race judge run.history.jsonl --config stricter.yml --output judged
`;

const COMMANDS = ['judge', 'report'];

/**
 * Reads the command line: a command, its file, options anywhere.
 *
 * @throws InputError where it makes no sense
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help' };
  const [command, file, ...others] = positionals;
  if (command === undefined) throw new InputError('which command? For example: judge FILE (--help says more)');
  if (!COMMANDS.includes(command)) {
    throw new InputError(`unknown command "${command}"; ${suggestion(command, COMMANDS)} (--help says more)`);
  }
  const { config, output, quiet } = values;
  if (command === 'report') {
    if (others.length === 0)
      throw new InputError('report: two verdicts or more, such as A.verdict.json B.verdict.json');
    if (config !== undefined || output !== undefined || quiet) {
      throw new InputError('report: takes no options; --config, --output and --quiet are of judge');
    }
    return { command: 'report', files: [file ?? '', ...others] };
  }
  if (file === undefined || file === '')
    throw new InputError('judge: which history? For example: judge run.history.jsonl');
  if (others.length > 0) throw new InputError(`judge: one history at a time, not ${[file, ...others].join(' and ')}`);
  if (config === '') throw new InputError('--config: names no file');
  if (output === '') throw new InputError('--output: names no folder');
  return {
    command: 'judge',
    file,
    ...(config !== undefined && { config }),
    ...(output !== undefined && { output }),
    quiet,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        output: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Node's message goes on with advice on positional arguments, which nobody here asked for.
    const [problem] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/);
    throw new InputError(`${problem} (--help lists the options)`);
  }
}
