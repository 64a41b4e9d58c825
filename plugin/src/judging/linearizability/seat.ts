import type { Operation as Kind } from '../../../../model/index.ts';
import type { Operation, SequentialModel } from './search.ts';

/** What was asked of a seat, by whom, and how it was answered; or what the server said of it afterwards. */
export type SeatOperation =
  | { readonly kind: Kind; readonly by: string; readonly isGranted: boolean }
  /** `mayOwn`: whether the orders that the server names can be this person's. */
  | { readonly kind: 'read'; readonly isBooked: boolean; readonly mayOwn: (by: string) => boolean };

/** What a seat can be. `nowMs` is the earliest instant at which the last operation can have taken effect. */
export type Seat = { readonly nowMs: number } & (
  | { readonly kind: 'free' }
  /** Since an instant between `earliestMs` and `latestMs`: the server made the hold somewhere within the request. */
  | { readonly kind: 'held'; readonly by: string; readonly earliestMs: number; readonly latestMs: number }
  | { readonly kind: 'booked'; readonly by: string }
);
type Held = Seat & { readonly kind: 'held' };

/** How long a hold lasts. */
export interface Lease {
  /** Milliseconds; Infinity: until it is given up. */
  readonly leaseMs: number;
  /** How much earlier or later a hold may end. */
  readonly toleranceMs: number;
}

/**
 * A seat that is booked, held under a lease, confirmed and given up.
 *
 * The time. Nobody outside knows the instant of an operation, only the interval from its release to its answer. Each is put
 * at the earliest instant that the ones before it allow: a later one would only leave less room. But the instant of a hold
 * stays open, within bounds, for as long as the hold lasts, because its end depends on it: an operation that needs a live
 * hold at `t` puts the hold after `t − lease`, and one that needs an ended hold puts it before `t − lease`. So a hold is
 * called broken only where it was live wherever in its interval the server made it, and late only where it had ended.
 */
export function seatModel(lease: Lease, ownedBy?: string): SequentialModel<Seat, SeatOperation> {
  return {
    initial: ownedBy === undefined ? { kind: 'free', nowMs: -Infinity } : booked(-Infinity, ownedBy),
    after: (seat, operation) => found(seat, operation, lease).flatMap((its) => answers(its, operation)),
    idle: (seat) => ended(seat, lease),
    // Where a hold lasts until it is given up, nothing depends on the time.
    keyOf: (seat) =>
      JSON.stringify(Number.isFinite(lease.leaseMs) ? Object.values(seat).map(String) : [seat.kind, ownerOf(seat)]),
  };
}

/** Everything that an operation may find a seat to be, which was in this state before. */
export const momentsOf = (seat: Seat, operation: Operation<SeatOperation>, lease: Lease): Seat[] =>
  [seat, ...ended(seat, lease)].flatMap((its) => found(its, operation, lease));

/** The seat as an operation finds it, a hold while it lasts; nothing where the operation came too early or too late. */
function found(seat: Seat, { fromMs, toMs }: Operation<SeatOperation>, lease: Lease): Seat[] {
  const nowMs = Math.max(seat.nowMs, fromMs);
  if (nowMs > toMs) return [];
  if (seat.kind !== 'held') return [{ ...seat, nowMs }];
  const earliestMs = Math.max(seat.earliestMs, nowMs - lease.leaseMs - lease.toleranceMs);
  const latestMs = Math.min(seat.latestMs, toMs);
  return earliestMs <= latestMs ? [{ ...seat, nowMs, earliestMs, latestMs }] : [];
}

/** What becomes of a hold when its time is up. */
function ended(seat: Seat, { leaseMs, toleranceMs }: Lease): Seat[] {
  if (seat.kind !== 'held' || !Number.isFinite(leaseMs)) return [];
  return [{ kind: 'free', nowMs: Math.max(seat.nowMs, seat.earliestMs + Math.max(0, leaseMs - toleranceMs)) }];
}

/** What becomes of the seat, as the operation finds it, if the answer is right; nothing where it is wrong. */
function answers(seat: Seat, operation: Operation<SeatOperation>): Seat[] {
  const { what } = operation;
  if (what.kind === 'read') return isRead(seat, what) ? [seat] : [];
  if (what.isGranted) return granted(seat, what.kind, what.by, operation);
  return isRefused(seat, what.kind, what.by) ? [seat] : [];
}

function granted(seat: Seat, kind: Kind, by: string, { toMs, isOptional }: Operation<SeatOperation>): Seat[] {
  const { nowMs } = seat;
  const isTheirs = ownerOf(seat) === by;
  switch (kind) {
    case 'book':
      return seat.kind === 'free' || (seat.kind === 'held' && isTheirs) ? [booked(nowMs, by)] : [];
    case 'hold': {
      const fresh: Held = { kind: 'held', by, nowMs, earliestMs: nowMs, latestMs: toMs };
      if (seat.kind === 'free') return [fresh];
      // Who holds it and asks again may be given more time, or be told of the hold that there is.
      return seat.kind === 'held' && isTheirs ? [fresh, seat] : [];
    }
    case 'confirm':
      // Of a hold; or repeated, of what was confirmed before.
      return isTheirs ? [booked(nowMs, by)] : [];
    case 'cancel':
      if (isTheirs) return [{ kind: 'free', nowMs }];
      // To give up what one does not have changes nothing; if it need not have happened, it is as if it had not.
      return isOptional ? [] : [seat];
  }
}

function isRefused(seat: Seat, kind: Kind, by: string): boolean {
  const isTheirs = ownerOf(seat) === by;
  switch (kind) {
    case 'book':
    case 'hold':
      return seat.kind !== 'free';
    case 'confirm':
      return !(seat.kind === 'held' && isTheirs);
    case 'cancel':
      return !isTheirs;
  }
}

/** A hold is no booking, so a seat that is held is not booked to whoever asks. */
function isRead(seat: Seat, { isBooked, mayOwn }: SeatOperation & { kind: 'read' }): boolean {
  return seat.kind === 'booked' ? isBooked && mayOwn(seat.by) : !isBooked;
}

const booked = (nowMs: number, by: string): Seat => ({ kind: 'booked', nowMs, by });

const ownerOf = (seat: Seat): string | undefined => (seat.kind === 'free' ? undefined : seat.by);
