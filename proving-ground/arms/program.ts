import fs from 'node:fs';
import path from 'node:path';
import { runNode } from '../../bench/processes.ts';
import type { Race } from '../race.ts';

/** Longer than any race takes: 16 rounds in which nobody answers. */
const RUN_MS = 300_000;

/** Runs an arm that is a program of its own, which is told of the race in a file. It ends with a line of JSON. */
export async function runProgram(name: string, race: Race, dir: string, ...args: readonly string[]) {
  const file = path.join(dir, 'race.json');
  fs.writeFileSync(file, JSON.stringify(race));
  const { code, said } = await runNode([path.join(import.meta.dirname, name), file, ...args], {
    cwd: dir,
    env: { NODE_NO_WARNINGS: '1' },
    timeoutMs: RUN_MS,
  });
  const last = said.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`${name} ended with ${code}:\n${said}`);
  // How many were told, in each round, that they had booked.
  return { exitCode: code ?? 1, winners: JSON.parse(last) as readonly number[] };
}

/** The race, in such a program. */
export const raceFromArguments = (): Race => JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8')) as Race;
