import type { RunContext } from '../shared/run-context.ts';

/** Contenders of all workers, one at a time. */
export interface Queue {
  /** Resolves when it is this contender's turn. */
  enter(vu: number): Promise<void>;
  /** The contender is done, or will not come. It changes nothing for one that is not in the queue. */
  leave(vu: number): void;
}

/** Indexes into `queue` of the run: the next number that is given out, and the one that is served. */
const NEXT = 0;
const SERVED = 1;

export function createQueue({ queue }: Pick<RunContext, 'queue'>): Queue {
  const inside = new Set<number>();
  const comesNext = async (ticket: number): Promise<void> => {
    for (;;) {
      const served = Atomics.load(queue, SERVED);
      if (served === ticket) return;
      await Atomics.waitAsync(queue, SERVED, served).value;
    }
  };
  return {
    enter(vu) {
      inside.add(vu);
      return comesNext(Atomics.add(queue, NEXT, 1));
    },
    leave(vu) {
      if (!inside.delete(vu)) return;
      Atomics.add(queue, SERVED, 1);
      Atomics.notify(queue, SERVED);
    },
  };
}
