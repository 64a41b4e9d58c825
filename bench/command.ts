import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openFilesProblem } from './machine.ts';
import { type BenchOptions, type Defaults, readOptions } from './options.ts';

/**
 * Runs a bench as a command: its options, a folder for its files that is gone afterwards, and one line for people where it
 * cannot run.
 *
 * @param problem why it cannot run here, in words for people
 */
export async function runBench(
  script: string,
  defaults: Defaults,
  problem: () => string | undefined,
  bench: (options: BenchOptions, dir: string) => Promise<void>,
): Promise<void> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-bench-'));
  try {
    const options = readOptions(script, process.argv.slice(2), defaults);
    const why = problem() ?? openFilesProblem(Math.max(...options.contenders));
    if (why !== undefined) throw new Error(why);
    await bench(options, dir);
  } catch (error) {
    process.stderr.write(`Error: ${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}
