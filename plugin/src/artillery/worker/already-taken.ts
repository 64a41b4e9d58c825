import { isTakenBefore, placesIn, type ReadBack } from '../../../../model/index.ts';
import type { RunSettings } from '../../config/index.ts';
import type { OutgoingRequest } from '../../gate/index.ts';
import { askServer } from '../shared/ask-server.ts';

export interface FirstLookOptions {
  readonly settings: RunSettings;
  /** What `tls.connect` is told. */
  readonly tls: Readonly<Record<string, unknown>>;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Told what the server said, once. */
  readonly told: (answers: readonly ReadBack[]) => void;
}

/**
 * Before round 1, the server is asked whether every planned inventory is free, where a read-back is configured: one that is
 * taken already is not gone for, because all its refusals would look like a bug in the locking.
 *
 * @returns whether an inventory was taken, given any request of a contender; it never rejects, and asks only once
 */
export function createFirstLook({ settings, tls, now, told }: FirstLookOptions) {
  const { readBack, plan, target, wire } = settings;
  let taken: Promise<ReadonlySet<string>> | undefined;

  const look = async ({ rawHeaders }: OutgoingRequest): Promise<ReadonlySet<string>> => {
    if (readBack === undefined) return new Set();
    const { inventories } = plan;
    const answers = await askServer({
      when: 'before',
      settings: readBack,
      target,
      places: inventories.flatMap(placesIn),
      rawHeaders,
      tls,
      wire,
      now,
    });
    told(answers);
    const units = new Map(answers.map((answer) => [answer.inventory, answer.kind === 'read' ? answer.units : 0]));
    return new Set(
      inventories
        .filter((inventory) => isTakenBefore(inventory, (place) => units.get(place) ?? 0))
        .map(({ key }) => key),
    );
  };

  return async (inventory: string, request: OutgoingRequest): Promise<boolean> => {
    taken ??= look(request);
    return (await taken).has(inventory);
  };
}
