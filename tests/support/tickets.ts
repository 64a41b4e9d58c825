import { type Gate, type Holder, TICKET_HEADER } from '../../plugin/src/gate/index.ts';

/** The tickets of the requests that are about to be sent, by gate. */
const tickets = new WeakMap<Gate, string>();

/** The next request that a test sends through the gate is held by this holder. */
export const hold = (gate: Gate, holder: Holder) => tickets.set(gate, gate.hold(holder));

/** The header for that request. */
export function ticketOf(gate: Gate): Record<string, string> {
  const ticket = tickets.get(gate);
  tickets.delete(gate);
  return ticket === undefined ? {} : { [TICKET_HEADER]: ticket };
}
