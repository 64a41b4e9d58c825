import { spawn } from 'node:child_process';
import { exitCodeOf, killOnExit } from '../bench/processes.ts';

const EVERY_MS = 10_000;
const LAST_LINES = 8;

/** Says what happens now. Standard output is only for the result. */
export const say = (text: string): boolean => process.stderr.write(`${text}\n`);

/**
 * Runs a program that may take minutes, and says every ten seconds what it is at.
 *
 * @param env added to the environment
 * @throws Error with the last lines that it printed, if it fails
 */
export async function runAndTell(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const startedAt = performance.now();
  const child = killOnExit(
    spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-10_000);
    });
  }
  const last = (count: number) => output.trim().split('\n').slice(-count).join('\n');
  const timer = setInterval(() => {
    const doing = last(1).trim().slice(0, 100);
    say(`  ${Math.round((performance.now() - startedAt) / 1000)} s ${doing === '' ? '…' : `– ${doing}`}`);
  }, EVERY_MS);
  const code = await exitCodeOf(child);
  clearInterval(timer);
  if (code !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} … exited with ${code}:\n${last(LAST_LINES)}`);
  return output;
}
