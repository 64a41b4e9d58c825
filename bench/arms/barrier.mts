// An Artillery processor with a barrier in a hook, as people write it without a plugin.

import { setTimeout as sleep } from 'node:timers/promises';

interface Context {
  readonly vars: { readonly contenders: number; readonly $loopElement: string };
}

/** Without a timeout, one virtual user that Artillery lost would block all others forever. */
const TIMEOUT_MS = 10_000;

interface Barrier {
  arrived: number;
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const barriers = new Map<string, Barrier>();

/** A `beforeRequest` hook that returns once all contenders have reached it. */
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
