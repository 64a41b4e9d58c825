import fs from 'node:fs';
import { sum } from '../../model/statistics.ts';

/** Clock ticks in a second, as /proc counts; the same on all Linux machines. */
const TICKS = 100;
/**
 * How often to look at the memory: often at first, because some programs are over in no time, then seldom, because a look takes
 * time from the race. The kernel keeps the peak of each process, so a look misses only the last growth.
 */
const LOOK_MS = { first: 5, atMost: 100, times: 1.2 } as const;

/** Processor time of all children of this process that have ended, and of their children; NaN where /proc is missing. */
export function childCpuS(): number {
  try {
    return childCpuIn(fs.readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Reads `cutime` and `cstime` from a line of /proc/PID/stat; the name of the program may contain anything. */
export function childCpuIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** Watches the memory of a process and of its children. @returns a function that ends it, and says the peak in MB */
export function watchMemory(pid: number): () => number {
  let mostKib = 0;
  let timer: NodeJS.Timeout;
  const look = (pauseMs: number) => {
    mostKib = Math.max(mostKib, sum(treeOf(pid).map(peakKib)));
    timer = setTimeout(look, pauseMs, Math.min(LOOK_MS.atMost, pauseMs * LOOK_MS.times));
  };
  look(LOOK_MS.first);
  return () => {
    clearTimeout(timer);
    return mostKib / 1024;
  };
}

function treeOf(pid: number): number[] {
  try {
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => treeOf(Number(child))))];
  } catch {
    return [];
  }
}

/** 0 when the process has ended. */
function peakKib(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
