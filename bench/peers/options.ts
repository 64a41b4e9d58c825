import { OptionError, valuesOf, wholeNumber } from '../options.ts';
import { PEERS, type PeerName } from './names.ts';
import { TARGETS, type TargetName } from './target/index.ts';

/** What `bench:peers` takes on the command line. */
export interface PeersOptions {
  readonly arms: readonly PeerName[];
  readonly contenders: number;
  readonly rounds: number;
  readonly repeat: number;
  readonly target: TargetName;
  readonly json: boolean;
  readonly dry: boolean;
  readonly help: boolean;
  /** The command line, for people who want to repeat it. */
  readonly command: string;
}

const MOST = { contenders: 2000, rounds: 1000, repeat: 100 } as const;

export const HELP = `npm run bench:peers -- [options]

How do we compare with other tools? Each of them races against the same target, which asks a database in a process of its own.
Packets are captured (Linux, tcpdump, root or CAP_NET_RAW); without them there is no spread. A tool that is not installed is
skipped, with the line that installs it.

  --arms LIST       which tools to compare (default: all): ${PEERS.join(',')}
  --contenders N    from 2 to ${MOST.contenders} (default: 100)
  --rounds N        rounds in a run, and for each window of the detection; from 1 to ${MOST.rounds} (default: 16)
  --repeat N        runs of each tool; from 1 to ${MOST.repeat} (default: 3)
  --target NAME     what the target is written in: ${TARGETS.join(' or ')} (default: node)
  --json            print the results as one JSON object, and progress on stderr; does not write docs/benchmarks.md
  --dry             do not write docs/benchmarks.md; only a run of all tools writes it
  --help            print this
`;

/** @throws OptionError with one line that says what is wrong */
export function readPeersOptions(args: readonly string[]): PeersOptions {
  const values = valuesOf(args, {
    arms: { type: 'string', default: PEERS.join(',') },
    contenders: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '16' },
    repeat: { type: 'string', default: '3' },
    target: { type: 'string', default: 'node' },
    json: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const one = (name: keyof typeof MOST, least: number) => wholeNumber(name, values[name], least, MOST[name]);
  const given = args.filter((arg) => arg !== '--json');
  return {
    arms: [...new Set(values.arms.split(',').map((name) => known('arms', PEERS, name.trim())))],
    contenders: one('contenders', 2),
    rounds: one('rounds', 1),
    repeat: one('repeat', 1),
    target: known('target', TARGETS, values.target),
    json: values.json,
    dry: values.dry,
    help: values.help,
    command: `npm run bench:peers${given.length === 0 ? '' : ` -- ${given.join(' ')}`}`,
  };
}

function known<T extends string>(option: string, all: readonly T[], name: string): T {
  const found = all.find((one) => one === name);
  if (found !== undefined) return found;
  throw new OptionError(`--${option}: there is no ${option.replace(/s$/, '')} "${name}"; known: ${all.join(', ')}`);
}
