import type { LostRecord } from '../../../../../model/index.ts';
import type { Lost } from '../../../meet/index.ts';
import type { HistoryWriter } from '../../../recording/index.ts';
import { COUNTER, haltChannel, type RunContext } from '../../shared/run-context.ts';
import type { Machines } from './join.ts';

/**
 * After a loss no further round is released, on any machine: puts the loss into the history, tells the others, and lets the
 * workers give up what still waits.
 */
export function stopAfterLoss(machines: Machines, run: RunContext, history: HistoryWriter): { close(): void } {
  const channel = haltChannel(run);
  channel.unref();
  const halt = (record: Omit<LostRecord, 'type'>) => {
    try {
      history.append([{ type: 'lost', ...record }]);
    } catch {
      // It comes up again when the history is judged.
    }
    Atomics.store(run.counters, COUNTER.lost, 1);
    channel.postMessage('halt');
  };
  machines.onLost((lost: Lost) => {
    halt(lost.kind === 'redis' ? { what: 'redis' } : { what: 'machine', machine: lost.machine });
    // Also to the one that is lost: it may only have been asleep, and must not race on then.
    if (lost.kind === 'machine') machines.tellAll({ type: 'lost', lost });
  });
  machines.on('too few', ({ came }) => halt({ what: 'machine', came }));
  return { close: () => channel.close() };
}
