import { OptionError, valuesOf, wholeNumber, wholeNumbers } from '../options.ts';

/** What `bench:machines` takes on the command line. */
export interface MachinesOptions {
  readonly machines: readonly number[];
  /** Of all machines of a run together. */
  readonly contenders: number;
  readonly rounds: number;
  readonly repeat: number;
  readonly json: boolean;
  readonly dry: boolean;
  readonly help: boolean;
  /** The command line, for people who want to repeat it. */
  readonly command: string;
}

export const HELP = `npm run bench:machines -- [options]

How close together do the requests of several machines leave? Real Artillery processes, each in a network namespace of its own
where that is allowed, race against one target and meet in a real Redis. Packets are captured on the target's side. Needs
Linux, redis-server, tcpdump, and root for the namespaces; without them, all machines share the loopback.

  --machines LIST     numbers of machines to compare, each at most 9 (default: 1,2,3)
  --contenders N      contenders of all machines together, a multiple of each number of machines (default: 120)
  --rounds N          rounds in a run (default: 16)
  --repeat N          runs of each kind (default: 3)
  --json              print the results as JSON, and progress on stderr
  --dry               do not write docs/benchmarks.md
  --help              print this
`;

/** More machines would need more addresses than the bench gives. */
const MOST_MACHINES = 9;

/** @throws OptionError with one line that says what is wrong */
export function readMachinesOptions(args: readonly string[]): MachinesOptions {
  const values = valuesOf(args, {
    machines: { type: 'string', default: '1,2,3' },
    contenders: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '16' },
    repeat: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const machines = wholeNumbers('machines', values.machines, 1);
  const one = (name: 'contenders' | 'rounds' | 'repeat', least: number) => wholeNumber(name, values[name], least);
  const tooMany = machines.find((count) => count > MOST_MACHINES);
  if (tooMany !== undefined) throw new OptionError(`--machines must be at most ${MOST_MACHINES}: ${tooMany}`);
  const contenders = one('contenders', 2);
  const uneven = machines.find((count) => contenders % count !== 0 || contenders / count < 2);
  if (uneven !== undefined) {
    const next = uneven * Math.max(2, Math.ceil(contenders / uneven));
    throw new OptionError(
      `--contenders must divide by ${uneven} machines, two each at least, such as ${next}: ${contenders}`,
    );
  }
  const given = args.filter((arg) => arg !== '--json');
  return {
    machines: [...new Set(machines)],
    contenders,
    rounds: one('rounds', 1),
    repeat: one('repeat', 1),
    json: values.json,
    dry: values.dry,
    help: values.help,
    command: `npm run bench:machines${given.length === 0 ? '' : ` -- ${given.join(' ')}`}`,
  };
}
