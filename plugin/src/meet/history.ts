import type { MachineLines } from './messages.ts';
import { connect, keysOf, type Redis } from './redis.ts';
import { createReader, type StreamEntry } from './stream.ts';

const HISTORY_PAGE = 500;

/** The lines of all machines, each machine's in their order. */
export async function historyOf(redis: Redis, stream: string): Promise<MachineLines[]> {
  const read = createReader();
  const lines = new Map<number, string[]>();
  for (let from = '-'; ; ) {
    const page = (await redis.xRange(stream, from, '+', { COUNT: HISTORY_PAGE })) as unknown as readonly StreamEntry[];
    for (const { machine, value } of read(page)) {
      const known = lines.get(machine) ?? [];
      for (const line of value as readonly string[]) known.push(line);
      lines.set(machine, known);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < HISTORY_PAGE) break;
    from = `(${last.id}`;
  }
  return [...lines].toSorted(([a], [b]) => a - b).map(([machine, some]) => ({ machine, lines: some }));
}

/**
 * The histories of a run, from Redis, long after it.
 *
 * @throws Error with one sentence for the user, also where the run is not known there
 */
export async function readRun(url: string, run: string): Promise<readonly MachineLines[]> {
  const redis = await connect(url);
  try {
    const histories = await historyOf(redis, keysOf(run).history);
    if (histories.length === 0) throw new Error(`the run "${run}" is not known to Redis`);
    return histories;
  } finally {
    redis.destroy();
  }
}
