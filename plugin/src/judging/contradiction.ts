import type { Finding, Operation as Kind } from '../model/index.ts';
import { counted } from './evidence.ts';
import { type Contradiction, type Lease, momentsOf, type Seat, type SeatOperation } from './linearizability/index.ts';

type Accusation = Pick<Finding, 'id' | 'message'>;

/** What went wrong, from the shortest history that no order explains: what was answered, and what the seat was then. */
export function accuse(
  { operations, culprit, states }: Contradiction<Seat, SeatOperation>,
  lease: Lease,
  name: string,
): Accusation {
  const seats = states.flatMap((state) => momentsOf(state, culprit, lease));
  const { id, message } =
    seats.length === 0
      ? UNCLEAR
      : reasonFor(
          culprit.what,
          seats,
          operations.map(({ what }) => what),
        );
  const proof =
    operations.length === 1 ? '' : `: no order of these ${counted(operations.length, 'operation')} explains it`;
  return { id, message: `${name}: ${message}${proof}` };
}

const UNCLEAR: Accusation = { id: 'not-linearizable', message: 'the answers contradict each other' };

/** @param seats what the last operation of the contradiction may have found: all of them rule its answer out */
function reasonFor(what: SeatOperation, seats: readonly Seat[], story: readonly SeatOperation[]): Accusation {
  if (what.kind === 'read') return misread(what.isBooked, seats);
  if (!what.isGranted) return { id: 'wrongly-refused', message: `${what.by} was refused ${REFUSED[what.kind]}` };
  const { kind, by } = what;
  const owners = seats.flatMap((seat) => (seat.kind === 'booked' ? [seat.by] : []));
  const holders = seats.flatMap((seat) => (seat.kind === 'held' ? [seat.by] : []));
  if (owners.length === seats.length) {
    const words =
      kind === 'hold'
        ? `was given a hold of it after ${owners[0]} had booked it`
        : `${DONE[kind]} it while it was booked by ${owners[0]}`;
    return { id: kind === 'hold' ? 'hold-broken' : 'double-booking', message: `${by} ${words}` };
  }
  if (kind === 'confirm' && holders.length === 0 && story.some((its) => its.kind === 'hold' && its.by === by)) {
    return { id: 'late-confirm', message: `${by} confirmed a hold that had ended` };
  }
  if (kind === 'confirm' && !story.some((its) => its.kind === 'hold')) {
    return { id: 'not-linearizable', message: `${by} confirmed it, and did not hold it` };
  }
  if (holders.length + owners.length === seats.length) {
    return { id: 'hold-broken', message: `${by} ${DONE[kind]} it while the hold of ${holders[0]} was live` };
  }
  return UNCLEAR;
}

function misread(isBooked: boolean, seats: readonly Seat[]): Accusation {
  const owner = seats.find((seat) => seat.kind === 'booked')?.by;
  if (seats.some((seat) => seat.kind !== 'booked') || owner === undefined) {
    return isBooked
      ? { id: 'ghost-booking', message: 'the server holds a booking of it, and it cannot be one of these' }
      : UNCLEAR;
  }
  const said = isBooked ? 'the server holds an order of somebody else' : 'the server says that it is free';
  return { id: 'lost-booking', message: `it was booked by ${owner}, and ${said}` };
}

const DONE = { book: 'booked', hold: 'held', confirm: 'confirmed', cancel: 'cancelled' } as const satisfies Record<
  Kind,
  string
>;

const REFUSED = {
  book: 'it though it was free, and nobody else was at it',
  hold: 'it though it was free, and nobody else was at it',
  confirm: 'to confirm a hold that was live',
  cancel: 'to give up what was theirs',
} as const satisfies Record<Kind, string>;
