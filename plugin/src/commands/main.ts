import { InputError } from '../config/index.ts';
import { closingText, styleOf, tellGithub } from '../reporting/index.ts';
import { HELP, parseArguments } from './arguments.ts';
import { compareFiles } from './compare.ts';
import { judgeFile } from './judge.ts';

const BAD_INPUT = 2;
/** There is no verdict: a report could not be written, or there is a bug here. */
const BROKEN = 1;

/** The whole command: from the arguments to the exit code. */
export function main(argv: readonly string[], env: NodeJS.ProcessEnv): number {
  try {
    const args = parseArguments(argv);
    if (args.command === 'help') {
      process.stdout.write(HELP);
      return 0;
    }
    if (args.command === 'report') {
      process.stdout.write(`${compareFiles(args, styleOf(env))}\n`);
      return 0;
    }
    const { concluded, files } = judgeFile(args);
    const { report } = concluded;
    const lines = [closingText(concluded, styleOf(env), files, args.quiet), ...tellGithub(report, env)];
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return report.exitCode;
  } catch (error) {
    const isInput = error instanceof InputError;
    const message = isInput ? error.message : `no verdict: ${error instanceof Error ? error.message : error}`;
    for (const line of message.split('\n')) process.stderr.write(`Error: ${line}\n`);
    return isInput ? BAD_INPUT : BROKEN;
  }
}
