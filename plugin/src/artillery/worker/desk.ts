import { randomUUID } from 'node:crypto';
import {
  type DeskAnswer,
  type DeskQuestion,
  deskChannel,
  type QuestionAfter,
  type QuestionBefore,
  type RacedFor,
} from '../shared/read-back-desk.ts';
import type { RunContext } from '../shared/run-context.ts';

export type { Ownership, WhoOwns, WhoOwnsContext } from '../../recording/index.ts';

/** How a worker has inventories read back. The launcher asks, so that all workers together ask once. */
export interface ReadBackDesk {
  /**
   * Whether an inventory was taken before the race. The first call asks about all planned inventories. Waits for ever
   * where the answer cannot be read before anything was released: the launcher ends the process then, with exit code 2.
   *
   * @param visit where rounds repeat: each visit is asked about by itself
   * @param rawHeaders the headers of the contender that is about to go for it, names and values in turn
   */
  isTaken(inventory: string, rawHeaders: readonly string[], visit?: number): Promise<boolean>;
  /**
   * Reads back now, in the middle of the run, what anybody has gone for since it was last read back: before something
   * changes it that is not part of the race, such as a reset. It waits as long as the target needs to settle, and retries, as
   * the read-back at the end does. The answers go into the history, and the run is judged by them: at the end an inventory is
   * asked about again only if somebody has gone for it since. Call it once for all contenders, after the last answer of the
   * round. Never rejects; resolves at once where the suite has no read-back.
   *
   * @param raced what the caller knows of: the history may lack it as long as nothing has decided the attempts
   */
  readBackNow(raced: readonly RacedFor[]): Promise<void>;
  close(): void;
}

export function openDesk(run: RunContext): ReadBackDesk {
  const channel = deskChannel(run);
  channel.unref();
  const waiting = new Map<string, (answer: DeskAnswer) => void>();
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: DeskQuestion | DeskAnswer };
    if (data.kind !== 'answer') return;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  const ask = (question: QuestionBefore | QuestionAfter) =>
    new Promise<DeskAnswer>((resolve) => {
      const id = randomUUID();
      waiting.set(id, resolve);
      channel.postMessage({ kind: 'question', id, ...question } satisfies DeskQuestion);
    });
  const taken = new Map<string, Promise<boolean>>();
  return {
    isTaken(inventory, rawHeaders, visit) {
      const name = visit === undefined ? inventory : `${visit} ${inventory}`;
      const known =
        taken.get(name) ??
        ask({ inventory, when: 'before', rawHeaders, ...(visit !== undefined && { visit }) }).then(
          ({ isTaken }) => isTaken,
        );
      // Nobody asks about an earlier visit.
      if (visit !== undefined) taken.clear();
      taken.set(name, known);
      return known;
    },
    async readBackNow(raced) {
      await ask({ when: 'after', raced });
    },
    close: () => channel.close(),
  };
}

/** Where the suite has no read-back: nobody is asked, and nothing is known to be taken. */
export const NOBODY_ASKED: ReadBackDesk = {
  isTaken: async () => false,
  readBackNow: async () => {},
  close() {},
};
