import { type InitArguments, initHelp, parseInitArguments } from './arguments.ts';
import { silentAsker, terminalAsker } from './ask.ts';
import { raceInto } from './into/index.ts';
import { writeNewSuite } from './new-suite.ts';

/**
 * Runs `init`: prints on stdout, and asks where it is a terminal.
 *
 * @param argv the arguments behind `init`
 * @returns the exit code
 * @throws InputError if the input is wrong; nothing was written then
 */
export async function init(argv: readonly string[]): Promise<number> {
  const args = parseInitArguments(argv);
  if (args === undefined) process.stdout.write(initHelp());
  else await write(args);
  return 0;
}

async function write(args: InitArguments): Promise<void> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && args.file !== '-';
  const terminal = isTerminal ? terminalAsker() : undefined;
  const asker = terminal ?? silentAsker;
  try {
    const lines = args.into === undefined ? await writeNewSuite(args, asker) : await raceInto(args.into, args, asker);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } finally {
    terminal?.close();
  }
}
