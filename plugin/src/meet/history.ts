import type { MachineLines } from './messages.ts';
import { connect, keysOf, type Redis } from './redis.ts';
import { createReader, type StreamEntry } from './stream.ts';

const HISTORY_PAGE = 500;

/** Follows the histories of all machines: each call reads only what is new, and gives all lines so far, in their order. */
export function followHistories(redis: Pick<Redis, 'xRange'>, stream: string): () => Promise<readonly MachineLines[]> {
  const read = createReader();
  const known = new Map<number, string[]>();
  let from = '-';
  const readOn = async (): Promise<readonly MachineLines[]> => {
    for (;;) {
      const page = (await redis.xRange(stream, from, '+', {
        COUNT: HISTORY_PAGE,
      })) as unknown as readonly StreamEntry[];
      for (const { machine, value } of read(page)) {
        const lines = known.get(machine) ?? [];
        for (const line of value as readonly string[]) lines.push(line);
        known.set(machine, lines);
      }
      const last = page.at(-1);
      if (last !== undefined) from = `(${last.id}`;
      if (page.length < HISTORY_PAGE) break;
    }
    return [...known].toSorted(([a], [b]) => a - b).map(([machine, lines]) => ({ machine, lines }));
  };
  let latest: Promise<unknown> = Promise.resolve();
  return () => {
    // One after the other, or both would read the same page.
    const next = latest.then(readOn, readOn);
    latest = next.catch(() => {});
    return next;
  };
}

/**
 * The histories of a run, from Redis, long after it.
 *
 * @throws Error with one sentence for the user, also where the run is not known there
 */
export async function readRun(url: string, run: string): Promise<readonly MachineLines[]> {
  const redis = await connect(url);
  try {
    const histories = await followHistories(redis, keysOf(run).history)();
    if (histories.length === 0) throw new Error(`the run "${run}" is not known to Redis`);
    return histories;
  } finally {
    redis.destroy();
  }
}
