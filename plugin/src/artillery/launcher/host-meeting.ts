import type { MessagePort } from 'node:worker_threads';
import type { RunSettings } from '../../config/index.ts';
import { createHub, type Hub, type Move } from '../../rendezvous/index.ts';
import { type Greeting, type RendezvousSettings, rendezvousOptions, SETTLING } from '../shared/meeting.ts';
import type { RunContext } from '../shared/run-context.ts';
import { createGuestHub, createMachinesHub, type Machines } from './machines/index.ts';

/**
 * From the decision to release to the instant at which all threads do it. A message between threads takes some 0.1 ms,
 * and rarely more than this even on a busy machine; a thread that learns of it later releases later, and the spread
 * shows it.
 */
const LEAD_MS = 5;

/** The rendezvous of contenders in several workers, or on several machines. A single worker of a single machine has a rendezvous in its thread, and sends nothing here. */
export function hostMeeting(run: RunContext, settings: RunSettings, machines?: Machines): { close(): void } {
  const ports = new Set<MessagePort>();
  const tellSettling = () => {
    for (const port of ports) port.postMessage(SETTLING);
  };
  const hub = hubFor(run, rendezvousOptions(run, settings, tellSettling), machines);
  // The host's own threads hear it from the hub.
  if (machines?.isHost === false) machines.on('settling', tellSettling);

  const welcome = ({ race, port }: Partial<Greeting>) => {
    if (race !== run.runId || port === undefined) return;
    const line = hub.connect((call) => port.postMessage(call));
    ports.add(port);
    port.on('message', (move: Move) => line.receive(move));
    port.once('close', () => {
      ports.delete(port);
      line.lost();
    });
    port.unref();
  };
  process.on('workerMessage', welcome);

  return {
    close() {
      process.off('workerMessage', welcome);
      hub.close();
      for (const port of ports) port.close();
    },
  };
}

function hubFor(
  run: RunContext,
  options: RendezvousSettings,
  machines: Machines | undefined,
): Pick<Hub, 'connect' | 'close'> {
  if (machines === undefined) return createHub({ ...options, leadMs: LEAD_MS });
  return machines.isHost ? createMachinesHub(machines, options) : createGuestHub(machines, run);
}
