import { isTakenBefore, type ReadBack, readBackKeysOf } from '../../../../model/index.ts';
import type { RunSettings } from '../../config/index.ts';
import type { OutgoingRequest } from '../../gate/index.ts';
import { askServer } from '../shared/ask-server.ts';

export interface TakenCheckOptions {
  readonly settings: RunSettings;
  /** Options for `tls.connect`. */
  readonly tls: Readonly<Record<string, unknown>>;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Called once with the server's answers. */
  readonly told: (answers: readonly ReadBack[]) => void;
}

/**
 * Asks the server before round 1 which planned inventories are taken already, if a read-back is configured. Nobody goes
 * for those: all their refusals would look like a bug in the locking.
 *
 * @returns a function that tells whether an inventory was taken; it asks once, with the headers of the first contender
 * that calls it, and never rejects
 */
export function takenCheck({ settings, tls, now, told }: TakenCheckOptions) {
  const { readBack, plan, target, wire } = settings;
  let taken: Promise<ReadonlySet<string>> | undefined;

  const ask = async ({ rawHeaders }: OutgoingRequest): Promise<ReadonlySet<string>> => {
    if (readBack === undefined) return new Set();
    const { inventories } = plan;
    const answers = await askServer({
      when: 'before',
      settings: readBack,
      target,
      keys: inventories.flatMap(readBackKeysOf),
      rawHeaders,
      tls,
      wire,
      now,
    });
    told(answers);
    const units = new Map(answers.map((answer) => [answer.inventory, answer.kind === 'read' ? answer.units : 0]));
    const isTaken = inventories.filter((inventory) => isTakenBefore(inventory, (key) => units.get(key) ?? 0));
    return new Set(isTaken.map(({ key }) => key));
  };

  return async (inventory: string, request: OutgoingRequest): Promise<boolean> => {
    taken ??= ask(request);
    return (await taken).has(inventory);
  };
}
