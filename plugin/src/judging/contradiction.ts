import { counted, DONE, type Operation as Kind } from '../../../model/index.ts';
import type { Found } from './evidence.ts';
import { type Contradiction, type Lease, momentsOf, type Seat, type SeatOperation } from './linearizability/index.ts';

type Accusation = Pick<Found, 'id' | 'message'>;

/** Says what went wrong in a history that no sequence explains. */
export function accuse(
  { operations, culprit, states }: Contradiction<Seat, SeatOperation>,
  lease: Lease,
  name: string,
): Accusation {
  const seats = states.flatMap((state) => momentsOf(state, culprit, lease));
  const story = operations.map(({ what }) => what);
  const { id, message } = reasonFor(culprit.what, seats, story);
  const proof = story.length === 1 ? '' : `: no sequence of these ${counted(story.length, 'operation')} explains it`;
  return { id, message: `${name}: ${message}${proof}` };
}

/** @param seats how the culprit may have found the seat: every one of these rules its answer out */
function reasonFor(what: SeatOperation, seats: readonly Seat[], story: readonly SeatOperation[]): Accusation {
  const owners = seats.flatMap((seat) => (seat.kind === 'booked' ? [seat.by] : []));
  if (what.kind === 'read') return misread(what.isBooked, owners[0]);
  const { kind, by, isGranted } = what;
  if (!isGranted) return { id: 'wrongly-refused', message: `${by} was refused ${REFUSED[kind]}` };
  const holders = seats.flatMap((seat) => (seat.kind === 'held' ? [seat.by] : []));
  const [owner, holder] = [owners[0], holders[0]];
  if (owner !== undefined && owners.length === seats.length) {
    return kind === 'hold'
      ? { id: 'hold-broken', message: `${by} got a hold of it after ${owner} had booked it` }
      : { id: 'double-booking', message: `${by} ${DONE[kind]} it while it was booked by ${owner}` };
  }
  if (holder !== undefined && owners.length + holders.length === seats.length) {
    return { id: 'hold-broken', message: `${by} ${DONE[kind]} it while the hold of ${holder} was live` };
  }
  return story.some((earlier) => earlier.kind === 'hold' && earlier.by === by)
    ? { id: 'late-confirm', message: `${by} confirmed a hold that had ended` }
    : { id: 'not-linearizable', message: `${by} ${DONE[kind]} it although it was not theirs` };
}

function misread(isBooked: boolean, owner: string | undefined): Accusation {
  if (owner === undefined) {
    return { id: 'ghost-booking', message: 'the server holds a booking of it that nobody here can have made' };
  }
  const said = isBooked ? 'the server holds an order of somebody else' : 'the server says that it is free';
  return { id: 'lost-booking', message: `it was booked by ${owner}, but ${said}` };
}

const REFUSED = {
  book: 'although it was free the whole time',
  hold: 'although it was free the whole time',
  confirm: 'when confirming a live hold',
  cancel: 'when cancelling what was theirs',
} as const satisfies Record<Kind, string>;
