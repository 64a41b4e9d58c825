import { DONE, type Finding, type Operation as Kind } from '../../../model/index.ts';
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
  const story = operations.map(({ what }) => what);
  const { id, message } = reasonFor(culprit.what, seats, story);
  const proof = story.length === 1 ? '' : `: no order of these ${counted(story.length, 'operation')} explains it`;
  return { id, message: `${name}: ${message}${proof}` };
}

/** @param seats what the last operation of the story may have found: all of them rule its answer out */
function reasonFor(what: SeatOperation, seats: readonly Seat[], story: readonly SeatOperation[]): Accusation {
  const owners = seats.flatMap((seat) => (seat.kind === 'booked' ? [seat.by] : []));
  if (what.kind === 'read') return misread(what.isBooked, owners[0]);
  const { kind, by, isGranted } = what;
  if (!isGranted) return { id: 'wrongly-refused', message: `${by} was refused ${REFUSED[kind]}` };
  const holders = seats.flatMap((seat) => (seat.kind === 'held' ? [seat.by] : []));
  const [owner, holder] = [owners[0], holders[0]];
  if (owner !== undefined && owners.length === seats.length) {
    return kind === 'hold'
      ? { id: 'hold-broken', message: `${by} was given a hold of it after ${owner} had booked it` }
      : { id: 'double-booking', message: `${by} ${DONE[kind]} it while it was booked by ${owner}` };
  }
  if (holder !== undefined && owners.length + holders.length === seats.length) {
    return { id: 'hold-broken', message: `${by} ${DONE[kind]} it while the hold of ${holder} was live` };
  }
  return story.some((its) => its.kind === 'hold' && its.by === by)
    ? { id: 'late-confirm', message: `${by} confirmed a hold that had ended` }
    : { id: 'not-linearizable', message: `${by} ${DONE[kind]} it, and it was not theirs` };
}

function misread(isBooked: boolean, owner: string | undefined): Accusation {
  if (owner === undefined) {
    return { id: 'ghost-booking', message: 'the server holds a booking of it, and it cannot be one of these' };
  }
  const said = isBooked ? 'the server holds an order of somebody else' : 'the server says that it is free';
  return { id: 'lost-booking', message: `it was booked by ${owner}, and ${said}` };
}

const REFUSED = {
  book: 'it though it was free all the while',
  hold: 'it though it was free all the while',
  confirm: 'to confirm a hold that was live',
  cancel: 'to give up what was theirs',
} as const satisfies Record<Kind, string>;
