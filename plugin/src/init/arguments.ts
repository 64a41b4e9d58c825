import { parseArgs } from 'node:util';
import wrapAnsi from 'wrap-ansi';
import { InputError, optionError } from '../config/index.ts';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: true;
  /** Stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Every option of `init`. The parser and the help both read this table. */
export const OPTIONS = {
  seat: {
    type: 'string',
    value: 'SEAT',
    help: 'what in the request names the seat: its value as it stands there (C-14), or the name or path of its field (ref, $.plot.ref)',
  },
  inventories: {
    type: 'string',
    value: 'A,B,C',
    help: 'the seats to race for, separated by commas; nobody has booked them yet',
  },
  user: {
    type: 'string',
    multiple: true,
    value: 'NAME:PASSWORD',
    help: 'who signs in; once for each user, or a CSV file with the header username,password or token',
  },
  vus: { type: 'string', value: 'N', help: 'how many virtual users go for each seat [10]' },
  'read-back': {
    type: 'string',
    value: 'PATH',
    help: 'where the server says who owns a seat, such as /pitches/{pitch}',
  },
  environment: { type: 'string', value: 'NAME', help: 'the environment to write [staging]' },
  out: { type: 'string', value: 'FILE', help: 'the suite to write [./HOST.race.yml]' },
  request: {
    type: 'string',
    value: 'REQUEST',
    help: 'which request books, where there are several: its name in the collection, or "POST /orders"',
  },
  operation: {
    type: 'string',
    value: 'OPERATION',
    help: 'which operation of an OpenAPI document books: its id, or POST:/orders',
  },
  probe: {
    type: 'boolean',
    help: 'book one seat twice, and learn from the two answers what success and refusal look like',
  },
  'book-one': { type: 'boolean', help: 'yes, the probe may book: needed where there is no terminal to ask' },
  into: {
    type: 'string',
    value: 'SUITE',
    help: 'put the race into this Artillery suite, at --request; FILE is left out',
  },
  force: { type: 'boolean', help: 'write over a suite that exists' },
  yes: { type: 'boolean', short: 'y', help: 'in a terminal, let the probe book without asking first' },
} as const satisfies Readonly<Record<string, Option>>;

/** What the command line says. */
export interface InitArguments {
  /** The file to read; `-` is stdin. Undefined with `into`. */
  readonly file?: string;
  readonly seat?: string | undefined;
  readonly inventories?: string | undefined;
  readonly users: readonly string[];
  readonly vus?: number | undefined;
  readonly readBack?: string | undefined;
  readonly environment: string;
  readonly out?: string | undefined;
  readonly request?: string | undefined;
  readonly operation?: string | undefined;
  readonly probe: boolean;
  readonly bookOne: boolean;
  readonly into?: string | undefined;
  readonly force: boolean;
  readonly yes: boolean;
}

/** Options that make no sense where the race goes into a suite that exists. */
const NOT_INTO = ['user', 'read-back', 'environment', 'out', 'operation', 'probe', 'book-one', 'force'] as const;

/**
 * Reads the arguments behind `init`.
 *
 * @returns undefined if they ask for help
 * @throws InputError if they make no sense
 */
export function parseInitArguments(argv: readonly string[]): InitArguments | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''));
  if (empty !== undefined) throw new InputError(`--${empty[0]}: is empty`);
  const [file, second] = positionals;
  if (second !== undefined) throw new InputError(`init: one file at a time (received ${file} and ${second})`);
  checkFile(file, values);
  return {
    ...(file !== undefined && { file }),
    ...only(values, ['seat', 'inventories', 'request', 'operation', 'out', 'into']),
    users: values.user ?? [],
    vus: vusIn(values.vus),
    readBack: values['read-back'],
    environment: environmentIn(values.environment ?? 'staging'),
    probe: values.probe ?? false,
    bookOne: values['book-one'] ?? false,
    force: values.force ?? false,
    yes: values.yes ?? false,
  };
}

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  try {
    const options = { ...OPTIONS, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw optionError(error, Object.keys(OPTIONS));
  }
}

function checkFile(file: string | undefined, values: Values): void {
  if (values.into === undefined) {
    if (file === undefined)
      throw new InputError('init: which file? For example: init request.txt, or init - for stdin (--help says more)');
    if (file === '') throw new InputError('init: names no file');
    return;
  }
  if (file !== undefined) throw new InputError(`--into: takes no file to read (received ${file})`);
  const useless = NOT_INTO.find((name) => values[name] !== undefined);
  if (useless !== undefined)
    throw new InputError(`--${useless}: makes no sense with --into, which leaves the suite as it is`);
  if (values.request === undefined) throw new InputError('--into: which request? Name it: --request "POST /orders"');
}

function only<T extends object, K extends keyof T>(values: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  ) as Pick<T, K>;
}

/** @throws InputError if it is no number of virtual users that can race */
export function vusIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 2 && number <= 20_000) return number;
  throw new InputError(
    `--vus: must be a whole number from 2 to 20000, because a race needs two (received ${text.slice(0, 40)})`,
  );
}

function environmentIn(name: string): string {
  if (/^[A-Za-z][\w-]*$/.test(name) && name !== '__proto__') return name;
  throw new InputError(`--environment: must be a word such as staging (received ${name.slice(0, 40)})`);
}

const COLUMNS = 80;

/** The text of `init --help`. */
export function initHelp(): string {
  const rows = [
    ...Object.entries<Option>(OPTIONS).map(
      ([name, { short, value, help }]) => [flagOf(name, short, value), help] as const,
    ),
    ['-h, --help', 'print this text'] as const,
  ];
  const indent = 26;
  const shown = rows.map(([flag, help]) => {
    const text = wrapAnsi(help, COLUMNS - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
    return flag.length > indent - 4
      ? `  ${flag}\n${' '.repeat(indent)}${text}\n`
      : `  ${flag.padEnd(indent - 2)}${text}\n`;
  });
  return `${TOP}${shown.join('')}${BOTTOM}`;
}

const flagOf = (name: string, short: string | undefined, value: string | undefined): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

const TOP = `Usage: init FILE [options]
       init --into SUITE --request "POST /orders" [options]

Writes a suite that races the request that books. Secrets go into .env beside it
and nowhere else.

  FILE                    a cURL command as a browser copies it, a HAR, an OpenAPI
                          document or a Postman collection; - reads stdin

Where init cannot know something, it asks; without a terminal it says which
option answers.

Options [default]:
`;

const BOTTOM = `
Exit codes:
  0  the suite is written
  2  the input is wrong; nothing was written

Examples:
  init request.txt --seat C-14 --inventories C-15,C-16,C-17 --probe
  pbpaste | init - --seat ref --inventories C-15,C-16 --out shop.race.yml
  init shop.har --inventories 15,16 --user ann:secret --user bob:secret
  init openapi.yml --operation POST:/orders --inventories A1,A2
  init --into load-test.yml --request "POST /orders" --seat seat
`;
