import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const POLL_MS = 200;

/** A process above this one. */
interface Ancestor {
  readonly pid: number;
  readonly parent: number;
  readonly args: readonly string[];
}

/**
 * Calls back once a process that waits for this one is gone: somebody killed it, and must not find later that the race went
 * on. Such a process is the script (`ORDER_COMMAND` is set), npm or npx, or a shell with `-c`. Any other parent, such as an
 * interactive shell, may go: people start a run in the background and log out.
 */
export function whenParentIsGone(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  const parent = process.ppid;
  const waiting = waitingAncestors(parent, env.ORDER_COMMAND !== undefined);
  if (waiting.length === 0) return;
  const timer = setInterval(() => {
    if (process.ppid === parent && waiting.every(isAlive)) return;
    clearInterval(timer);
    gone();
  }, POLL_MS).unref();
}

/** The nearest ancestors that do nothing but wait for this process. */
function waitingAncestors(parent: number, isScript: boolean): readonly number[] {
  const waiting: number[] = [];
  // An orphan belongs to the first process.
  for (let pid = parent; pid > 1; ) {
    const ancestor = ancestorOf(pid);
    const waits = (isScript && pid === parent) || (ancestor !== undefined && isWaiting(ancestor));
    if (!waits) break;
    waiting.push(pid);
    pid = ancestor?.parent ?? 0;
  }
  return waiting;
}

export function isWaiting({ args }: Pick<Ancestor, 'args'>): boolean {
  const [program = '', first = '', ...rest] = args;
  const name = nameOf(program);
  if (/^(ba|da|k|z|a)?sh$/.test(name)) return [first, ...rest].slice(0, 3).some((word) => /^-[a-z]*c$/.test(word));
  const isPackageRunner = (word: string) =>
    /^(npm|npx|pnpm|pnpx|yarn|yarnpkg|bunx)(-cli)?(\.c?js)?$/.test(nameOf(word));
  // npm sets its title, which is then all of its command line: "npm exec artillery run suite.yml".
  return isPackageRunner(program.split(' ')[0] ?? '') || (/^node(js)?$/.test(name) && isPackageRunner(first));
}

const nameOf = (file: string) => path.basename(file).replace(/^-/, '');

/** From /proc, or else from `ps`; undefined if neither tells. */
function ancestorOf(pid: number): Ancestor | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold anything.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const args = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, parent: Number(parent), args };
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' });
    const [, parent, args] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
    return parent === undefined || args === undefined
      ? undefined
      : { pid, parent: Number(parent), args: args.split(' ') };
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
