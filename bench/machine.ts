import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What the figures depend on, one line each: machine, system, commit. */
export function describeMachine(): string[] {
  const cpus = os.cpus();
  return [
    `${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(os.totalmem() / 2 ** 30)} GB`,
    `${os.type()} ${os.release()}, Node ${process.versions.node}`,
    `commit ${commit()}`,
  ];
}

export const today = (): string => new Date().toISOString().slice(0, 10);

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: path.resolve(import.meta.dirname, '..'), encoding: 'utf8' }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--', 'plugin', 'package-lock.json') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', with changes to the plugin' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** Files that a process opens besides the sockets. */
const OTHER_FILES = 200;

/** Explains to people why a process cannot hold so many connections. Undefined when it can. */
export function openFilesProblem(connections: number): string | undefined {
  // This is the soft limit, which Node has already raised as far as possible.
  const limits = fs.readFileSync('/proc/self/limits', 'utf8');
  const limit = /Max open files\s+(\d+|unlimited)/.exec(limits)?.[1] ?? 'unlimited';
  const needed = connections + OTHER_FILES;
  if (limit === 'unlimited' || Number(limit) >= needed) return undefined;
  return `a process may open ${limit} files, and ${connections} contenders need ${needed}: ulimit -n ${needed}`;
}
