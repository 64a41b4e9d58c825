import fs from 'node:fs';
import path from 'node:path';
import { runNode } from '../../bench/processes.ts';
import type { Race } from '../race.ts';
import { ARM_TIMEOUT_MS, type Outcome } from './arm.ts';

interface FinishedProgram {
  readonly exitCode: number;
  /** How many contenders were told, in each round, that they booked. */
  readonly winners: readonly number[];
}

/** Runs an arm that is a separate program. It reads the race from a file, and the last line of output is its JSON result. */
export async function runProgram(
  name: string,
  race: Race,
  dir: string,
  ...args: readonly string[]
): Promise<FinishedProgram> {
  const file = path.join(dir, 'race.json');
  fs.writeFileSync(file, JSON.stringify(race));
  const { code, output } = await runNode([path.join(import.meta.dirname, name), file, ...args], {
    cwd: dir,
    env: { NODE_NO_WARNINGS: '1' },
    timeoutMs: ARM_TIMEOUT_MS,
  });
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`${name} exited with ${code}:\n${output}`);
  return { exitCode: code ?? 1, winners: JSON.parse(last) as readonly number[] };
}

/**
 * The outcome for an arm that only counts winners.
 *
 * @param finding the word for a wrong count
 */
export function outcomeOf({ capacity }: Race, { exitCode, winners }: FinishedProgram, finding: string): Outcome {
  const caught = winners.filter((count) => count !== capacity).length;
  return { exitCode, verdict: caught === 0 ? 'pass' : 'fail', findings: caught === 0 ? [] : [finding], caught };
}

/** Reads the race inside such a program. */
export const raceFromArguments = (): Race => JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8')) as Race;
