import {
  type Call,
  createHub,
  createRelay,
  type Hub,
  type HubLine,
  type Move,
  shifted,
} from '../../../rendezvous/index.ts';
import { ANYWHERE, type RendezvousSettings } from '../../shared/meeting.ts';
import { COUNTER, type RunContext } from '../../shared/run-context.ts';
import type { Machines } from './join.ts';

/** How far ahead an instant is set, besides the time that the news of it takes to the machine that is furthest away. */
const LEAD_MS = 50;
const LEAD_TRIPS = 3;

/** Where the threads of this machine connect. */
export interface MeetingHub extends Pick<Hub, 'connect' | 'close'> {}

/** Collects what is said in one turn of the event loop, and says it at once. */
function together<T>(say: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    if (items.push(item) > 1) return;
    queueMicrotask(() => {
      const all = items;
      items = [];
      say(all);
    });
  };
}

/**
 * The hub of a run on several machines, on the first of them. It opens when all have come; until then it keeps what threads
 * say.
 *
 * @param options of its rendezvous; `settling` is about the threads of this machine
 */
export function createMachinesHub(machines: Machines, options: RendezvousSettings): MeetingHub {
  const early: (() => void)[] = [];
  const trips = new Map<number, number>();
  let hub: Hub | undefined;
  let isClosed = false;
  // Nobody is let go any more: some are not there.
  let isLost = false;
  machines.onLost(() => {
    isLost = true;
  });
  const lines = new Map<number, HubLine>();
  const call = together<{ readonly machine: number; readonly call: Call }>((calls) =>
    machines.tellAll({ type: 'calls', calls }),
  );
  const whenOpen = (act: (open: Hub) => void) => {
    if (hub === undefined) early.push(() => whenOpen(act));
    else if (!isClosed) act(hub);
  };

  machines.on('ready', ({ roundTripMs }, from) => {
    trips.set(from, roundTripMs);
    if (trips.size < machines.count || hub !== undefined) return;
    const open = createHub({
      ...options,
      leadMs: LEAD_MS + LEAD_TRIPS * Math.max(...trips.values()),
      settling() {
        options.settling();
        machines.tellAll({ type: 'settling' });
      },
    });
    for (let machine = 2; machine <= machines.count; machine++) {
      const send = (to: Call) => isLost || call({ machine, call: shifted(to, machines.offsetMs()) });
      lines.set(machine, open.connect(send));
    }
    hub = open;
    machines.tellAll({ type: 'open' });
    for (const act of early.splice(0)) act();
  });
  machines.on('moves', ({ moves }, from) =>
    whenOpen(() => moves.forEach((move) => void lines.get(from)?.receive(move))),
  );

  return {
    connect(send) {
      let line: HubLine | undefined;
      whenOpen((open) => {
        line = open.connect((to) => isLost || send(to));
      });
      return {
        receive: (move) => whenOpen(() => line?.receive(move)),
        lost: () => whenOpen(() => line?.lost()),
      };
    },
    close() {
      isClosed = true;
      hub?.close();
    },
  };
}

/** The same on any other machine: everything goes to the hub on the first one, and comes back from it. */
export function createGuestHub(machines: Machines, { counters }: RunContext): MeetingHub {
  const move = together<Move>((moves) => machines.tellHost({ type: 'moves', moves }));
  const relay = createRelay(move);
  machines.on('calls', ({ calls }) => {
    for (const { machine, call } of calls) {
      if (machine !== machines.machine) continue;
      if (call.type === 'release' && call.point === ANYWHERE) Atomics.add(counters, COUNTER.releases, 1);
      relay.receive(shifted(call, -machines.offsetMs()));
    }
  });
  return { connect: relay.connect, close() {} };
}
