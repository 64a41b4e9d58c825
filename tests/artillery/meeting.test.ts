import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { hostMeeting } from '../../plugin/src/artillery/launcher/host-meeting.ts';
import { shareRun } from '../../plugin/src/artillery/shared/run-context.ts';
import type { RunSettings } from '../../plugin/src/config/index.ts';
import { root } from '../support/artillery.ts';
import { plan } from '../support/histories.ts';

const open: { close(): unknown }[] = [];
afterEach(() => Promise.all(open.splice(0).map((opened) => opened.close())));

/** A launcher with real threads, each of one contender. */
function threads(count: number, settleMs = 0) {
  const settings = { plan: plan({ contenders: count }), rendezvousTimeoutMs: 600_000, settleMs } as RunSettings;
  const run = shareRun(
    { runId: `run-${process.hrtime.bigint()}`, historyFile: 'no-history', racers: undefined },
    settings.plan,
  );
  open.push(hostMeeting(run, settings));
  return Array.from({ length: count }, (_, index) => {
    const worker = new Worker(path.join(root, 'tests/support/meeting-worker.mjs'), {
      workerData: { vu: index + 1, settings },
    });
    open.push({ close: () => worker.terminate() });
    return {
      tell: (point: string) => worker.postMessage(point),
      letGo: async () => (await once(worker, 'message'))[0] as { point: string; atMs: number },
    };
  });
}

describe('contenders in real threads', () => {
  it.each([0, 5])('are released together, after the last has arrived and %d ms to settle', async (ms) => {
    const [one, two, three] = threads(3, ms);
    if (!one || !two || !three) throw new Error('no threads');
    for (const point of ['seat 1', 'seat 2']) {
      const all = Promise.all([one, two, three].map((thread) => thread.letGo()));
      for (const thread of [one, two, three]) thread.tell(point);
      expect((await all).map((release) => release.point)).toEqual([point, point, point]);
    }
  });

  it('are not waited for after their thread has died', async () => {
    const [one, two] = threads(2);
    if (!one || !two) throw new Error('no threads');
    const first = Promise.all([one.letGo(), two.letGo()]);
    one.tell('seat 1');
    two.tell('seat 1');
    await first;
    const second = two.letGo();
    two.tell('seat 2');
    one.tell('die');
    expect((await second).point).toBe('seat 2');
  });
});
