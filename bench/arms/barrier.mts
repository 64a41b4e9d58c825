// An Artillery processor: a barrier in a script hook, as one would write it without a plugin.

import { setTimeout as sleep } from 'node:timers/promises';

interface Context {
  readonly vars: { readonly contenders: number; readonly $loopElement: string };
}

/** A virtual user that Artillery has lost would otherwise hold up all the others for good. */
const TIMEOUT_MS = 10_000;

interface Barrier {
  arrived: number;
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const barriers = new Map<string, Barrier>();

/** A `beforeRequest` hook that returns once all contenders have come to it. */
export async function waitForAll(_request: unknown, { vars }: Context): Promise<void> {
  const barrier = barriers.get(vars.$loopElement) ?? newBarrier();
  barriers.set(vars.$loopElement, barrier);
  barrier.arrived += 1;
  if (barrier.arrived >= Number(vars.contenders)) barrier.open();
  await barrier.opened;
}

function newBarrier(): Barrier {
  const { promise, resolve } = Promise.withResolvers<void>();
  void sleep(TIMEOUT_MS, undefined, { ref: false }).then(() => resolve());
  return { arrived: 0, opened: promise, open: resolve };
}
