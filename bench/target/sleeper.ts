// A worker thread that sleeps for waits.ts: when the word ASKED is set, it sleeps until the time in `until` and then ticks.

import { workerData } from 'node:worker_threads';
import { ASKED, type Shared, TICKS, UNUSED } from './waits.ts';

const { words, until } = workerData as Shared;
for (;;) {
  Atomics.wait(words, ASKED, 0);
  Atomics.store(words, ASKED, 0);
  const leftMs = (until[0] ?? 0) - (performance.timeOrigin + performance.now());
  if (leftMs > 0) Atomics.wait(words, UNUSED, 0, leftMs);
  Atomics.add(words, TICKS, 1);
  Atomics.notify(words, TICKS);
}
