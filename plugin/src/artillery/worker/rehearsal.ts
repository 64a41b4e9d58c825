import { fillUrl, readBackKeysOf, valuesOf } from '../../../../model/index.ts';
import type { RunSettings } from '../../config/index.ts';
import { type OutgoingRequest, type SendAnother, warmReleasePath } from '../../gate/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import { harmlessRequest } from '../shared/harmless-request.ts';

export interface RehearsalOptions {
  readonly settings: RunSettings;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Where the contenders meet. */
  readonly rendezvous: Pick<Rendezvous, 'arrive' | 'staged' | 'withdraw' | 'miss'>;
}

/**
 * Warms up everything a release needs, so that round 1 is as tight as the last: the code of the release itself against a
 * sink, then the target's pools with a harmless request of all contenders at once, through the same gate. It books
 * nothing and is counted nowhere.
 *
 * @returns a function that each contender calls once, before its first raced request is staged; it never rejects
 */
export function createRehearsal({ settings, now, rendezvous }: RehearsalOptions) {
  const { rehearsal, plan, target, wire, readBack } = settings;
  const path = rehearsal?.path ?? harmlessPathOf(readBack);
  const [inventory] = plan.inventories;
  const [key] = inventory === undefined ? [] : readBackKeysOf(inventory);
  let warm: Promise<void> | undefined;

  return async (vu: number, raced: OutgoingRequest, send: SendAnother): Promise<void> => {
    if (rehearsal === undefined) return;
    warm ??= warmReleasePath({ now, wire }, plan.contenders);
    await warm;
    // Nobody knows which request is harmless on another host.
    const isAtTarget = raced.headers.host === new URL(target).host;
    if (path === undefined || !isAtTarget || (key === undefined && path.includes('{'))) return;
    const filled = fillUrl(path, valuesOf(inventory ?? {}, key ?? '')) ?? path;
    const { secure, host, port, rawHeaders, tls } = raced;
    // At the server that this contender goes to.
    const request = { ...harmlessRequest({ target, path: filled, rawHeaders, tls }), secure, host, port, tls };
    for (let round = 1; round <= rehearsal.rounds; round++) {
      const point = `rehearsal ${round}`;
      await send(request, {
        gather: (stage, release) => rendezvous.arrive(point, vu, release, { stage }),
        staged: () => rendezvous.staged(vu),
        withdrawn: () => rendezvous.withdraw(vu),
        done: ({ timing }) => {
          if (timing.releasedAtMs === undefined) rendezvous.miss(point, vu);
        },
      });
    }
  };
}

/** The first read-back that is a plain GET of a virtual user at the target. */
function harmlessPathOf(books: RunSettings['readBack'] = []): string | undefined {
  for (const book of books) {
    if (book.kind === 'http' && book.method === 'GET' && book.path.startsWith('/') && book.as === undefined)
      return book.path;
  }
  return undefined;
}
