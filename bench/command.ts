import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openFilesProblem } from './machine.ts';
import { type BenchOptions, type Defaults, OptionError, readOptions } from './options.ts';

/**
 * Runs a bench as a command: reads the options, gives the bench a temporary folder, and prints errors in one line.
 *
 * @param problem explains to people why the bench cannot run here; undefined when it can
 */
export async function runBench(
  script: string,
  defaults: Defaults,
  problem: () => string | undefined,
  bench: (options: BenchOptions, dir: string) => Promise<void>,
): Promise<void> {
  await runCommand(async (dir) => {
    const options = readOptions(script, process.argv.slice(2), defaults);
    const reason = problem() ?? openFilesProblem(Math.max(...options.contenders));
    if (reason !== undefined) throw new Error(reason);
    await bench(options, dir);
  });
}

/**
 * Gives a command a temporary folder, and prints errors in one line. A wrong option exits with 2, any other error with 1.
 */
export async function runCommand(act: (dir: string) => Promise<void>): Promise<void> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-bench-'));
  try {
    await act(dir);
  } catch (error) {
    process.stderr.write(`Error: ${(error as Error).message}\n`);
    process.exitCode = error instanceof OptionError ? 2 : 1;
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}
