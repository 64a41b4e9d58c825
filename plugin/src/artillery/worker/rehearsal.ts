import type { RunSettings } from '../../config/index.ts';
import { type OutgoingRequest, type SendAnother, warmReleasePath } from '../../gate/index.ts';
import { harmlessRequest, hostOf } from '../shared/harmless-request.ts';

export interface RehearsalOptions {
  readonly settings: RunSettings;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Where contenders wait for each other. */
  readonly meet: (point: string, vu: number, letGo: () => void) => void;
}

/**
 * Before round 1, everything on the way is warmed: the release path against a sink, and the target's pools by a harmless
 * request of all contenders at once, through the same gate. It books nothing, and is counted nowhere.
 *
 * @returns what each contender does once, before its first raced request is staged; it never rejects
 */
export function createRehearsal({ settings, now, meet }: RehearsalOptions) {
  const { rehearsal, plan, target, wire, readBack } = settings;
  const path = rehearsal?.path ?? readBack?.path;
  const inventory = plan.inventories[0]?.key;
  let warm: Promise<void> | undefined;

  return async (vu: number, request: OutgoingRequest, send: SendAnother): Promise<void> => {
    if (rehearsal === undefined) return;
    warm ??= warmReleasePath({ now, wire }, plan.contenders);
    await warm;
    // Elsewhere than at the target nobody knows what is harmless; a path with a place for an inventory needs one.
    const isAtTarget = request.host === hostOf(new URL(target));
    if (path === undefined || !isAtTarget || (inventory === undefined && path.includes('{'))) return;
    const its = harmlessRequest({
      target,
      path,
      inventory: inventory ?? '',
      rawHeaders: request.rawHeaders,
      tls: request.tls,
    });
    for (let round = 1; round <= rehearsal.rounds; round++) {
      await send(its, { staged: (release) => meet(`rehearsal ${round}`, vu, release), done: () => {} });
    }
  };
}
