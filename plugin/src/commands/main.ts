import { errorLines, SCREEN_LINES } from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import { closingText, styleOf, tellGithub } from '../reporting/index.ts';
import { type Arguments, HELP, parseArguments } from './arguments.ts';
import { compareFiles } from './compare.ts';
import { judgeRun } from './judge.ts';

const BAD_INPUT = 2;
/** There is no verdict: a file could not be written, or there is a bug here. */
const BROKEN = 1;

/**
 * Runs `artillery-plugin-race`, and prints on stdout and stderr.
 *
 * @param argv the arguments after the name of the command
 * @returns the exit code
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    // What only init needs is loaded by init alone.
    if (argv[0] === 'init') return await (await import('../init/index.ts')).init(argv.slice(1));
    return await run(parseArguments(argv), env);
  } catch (error) {
    const isInput = error instanceof InputError;
    const message = isInput
      ? error.message
      : `${argv[0] === 'init' ? 'init broke' : 'no verdict'}: ${error instanceof Error ? error.message : error}`;
    for (const line of errorLines(message)) process.stderr.write(`${line}\n`);
    return isInput ? BAD_INPUT : BROKEN;
  }
}

async function run(args: Arguments, env: NodeJS.ProcessEnv): Promise<number> {
  switch (args.command) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'report':
      print(compareFiles(args, styleOf(env)));
      return 0;
    case 'judge': {
      const { concluded, files } = await judgeRun(args);
      const closing = {
        detail: args.quiet ? 'quiet' : args.verbose ? 'full' : 'screen',
        files,
        lines: SCREEN_LINES,
      } as const;
      print(closingText(concluded, styleOf(env), closing, tellGithub(concluded.report, env)));
      return concluded.report.exitCode;
    }
  }
}

const print = (...lines: readonly string[]) => process.stdout.write(lines.map((line) => `${line}\n`).join(''));
