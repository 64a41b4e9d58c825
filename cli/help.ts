import wrapAnsi from 'wrap-ansi';
import { EXIT_CODES } from '../model/index.ts';
import { DEMO, type HelpRow, OPTIONS, type Option, VARIABLES } from './options.ts';
import { TAKEN } from './suite.ts';

/** The narrowest terminal in common use. */
const COLUMNS = 80;
const SUITE_ENDINGS = TAKEN.join(', ');

/**
 * The text of `--help`, up to the list of scenarios. The script prints it without Node, so a copy of it is in help.txt,
 * which a test compares with this.
 */
export function helpText(): string {
  const options: readonly (readonly [string, Option])[] = Object.entries(OPTIONS);
  return `Usage: ./run-order-race-test.sh [options] ENV
       ./run-order-race-test.sh [options] SUITE [ENV]
       ./run-order-race-test.sh check [options] ENV | SUITE [ENV]
       ./run-order-race-test.sh init | judge | report …

Many virtual users go for the same seat at the same instant, seat after seat.
Does exactly one of them get each seat?

ENV is the environment to race in:
${table([
  [DEMO, 'the bundled reference API, which this script starts and stops'],
  ['dev, prod, …', 'a block in scenarios/environments.yml, or under config.environments of the scenario'],
])}
SUITE is the path of a suite of your own: ${SUITE_ENDINGS}.
ENV is one of its environments, and may be left out if it has exactly one. The
file .env beside the suite is read; variables that are set already win.

Commands:
${table([
  ['check', 'find out all that can be known without booking: configuration, target, sign-in, read-back'],
  ['init', 'write a suite from a copied request; init --help says more'],
  ['judge', 'judge the history of a run again; judge --help says more'],
  ['report', 'put the verdicts of several runs side by side'],
])}
Options [default]:
${table([...options.filter(([, { demoOnly }]) => !demoOnly).map(optionRow), ['-h, --help', 'print this text']])}
Options for ${DEMO} only [default]:
${table(options.filter(([, { demoOnly }]) => demoOnly).map(optionRow))}
Environment variables [default]. They win over the YAML of the bundled
scenarios, and of suites with "orderVariables: true":
${table(Object.entries(VARIABLES).map(([name, variable]) => row(name, variable)))}
Exit codes:
${table([
  [String(EXIT_CODES.pass), 'pass: exactly one winner for each seat, and the requests really collided'],
  [String(EXIT_CODES.fail), 'fail: a seat was sold twice, or something else is wrong'],
  [String(EXIT_CODES.inconclusive), 'inconclusive: nothing wrong was seen, but the race proves nothing'],
  ['2', 'the input is wrong; nothing was booked'],
  ['other', 'the run itself broke'],
])}
Examples:
  ./run-order-race-test.sh demo
  ./run-order-race-test.sh demo --lock none     # a race that finds a bug
  ./run-order-race-test.sh demo --store postgres --lock for-update
  ./run-order-race-test.sh --until 3% demo      # go on until it is sure
  ./run-order-race-test.sh --scenario all demo
  ORDER_VUS=200 ./run-order-race-test.sh --open dev
  ./run-order-race-test.sh check ../shop/shop.race.yml staging
  ./run-order-race-test.sh ../shop/shop.race.yml staging

Scenarios, and what each expects of a right system:
`;
}

type Row = readonly [name: string, text: string];

function optionRow([name, option]: readonly [string, Option]): Row {
  const { short, value, default: byDefault } = option;
  const flag = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return row(flag, typeof byDefault === 'string' ? { fallback: byDefault, ...option } : option);
}

const row = (name: string, { help, fallback }: HelpRow): Row => [
  name,
  fallback === undefined ? help : `${help} [${fallback}]`,
];

/** Names in one column, texts in the next. */
function table(rows: readonly Row[]): string {
  const indent = 4 + Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, text]) => {
      const column = wrapAnsi(text, COLUMNS - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
      return `  ${name.padEnd(indent - 2)}${column}\n`;
    })
    .join('');
}
