import type { Operation as Kind } from '../../../../model/index.ts';
import type { Operation, SequentialModel } from './search.ts';

/** A request for a seat: what was asked, by whom, and the answer. Or what the server said about the seat afterwards. */
export type SeatOperation =
  | { readonly kind: Kind; readonly by: string; readonly isGranted: boolean }
  /** `mayOwn`: whether the order ids that the server names can belong to this person. */
  | { readonly kind: 'read'; readonly isBooked: boolean; readonly mayOwn: (by: string) => boolean };

/** What a seat can be. `nowMs` is the earliest instant at which the last operation can have taken effect. */
export type Seat = { readonly nowMs: number } & (
  | { readonly kind: 'free' }
  /** The server made the hold somewhere within the request: between `earliestMs` and `latestMs`. */
  | { readonly kind: 'held'; readonly by: string; readonly earliestMs: number; readonly latestMs: number }
  | { readonly kind: 'booked'; readonly by: string }
);
type Held = Seat & { readonly kind: 'held' };

/** How long a hold lasts. */
export interface Lease {
  /** Milliseconds; Infinity: until it is cancelled. */
  readonly leaseMs: number;
  /** How much earlier or later a hold may end, in milliseconds. */
  readonly toleranceMs: number;
}

/**
 * A seat that is booked, held under a lease, confirmed and cancelled.
 *
 * About time: nobody outside knows the instant of an operation, only the interval from its release to its answer. Each is put
 * at the earliest instant that the operations before it allow; a later one would only leave less room. But the instant of a
 * hold stays open, within bounds, for as long as the hold lasts, because its end depends on it. An operation that needs a live
 * hold at `t` puts the hold after `t − lease`, and one that needs an ended hold puts it before `t − lease`. So a hold counts
 * as broken only if it was live wherever in its interval the server made it, and as late only if it had ended in any case.
 */
export function seatModel(lease: Lease, ownedBy?: string): SequentialModel<Seat, SeatOperation> {
  return {
    initial: ownedBy === undefined ? { kind: 'free', nowMs: -Infinity } : booked(-Infinity, ownedBy),
    after: (seat, operation) => found(seat, operation, lease).flatMap((met) => answers(met, operation)),
    idle: (seat) => ended(seat, lease),
    // Without a lease nothing depends on the time.
    keyOf: (seat) =>
      JSON.stringify(Number.isFinite(lease.leaseMs) ? Object.values(seat).map(String) : [seat.kind, ownerOf(seat)]),
  };
}

/** Every state in which an operation may find a seat that was in this state before. */
export const momentsOf = (seat: Seat, operation: Operation<SeatOperation>, lease: Lease): Seat[] =>
  [seat, ...ended(seat, lease)].flatMap((later) => found(later, operation, lease));

/** The seat as an operation finds it, a hold being live; empty if the operation came too early or too late for that. */
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

/** The states after an operation that finds the seat like this; empty if its answer is wrong. */
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
      // A holder who asks again may get more time, or be told about the old hold.
      return seat.kind === 'held' && isTheirs ? [fresh, seat] : [];
    }
    case 'confirm':
      // Confirms a hold, or repeats an earlier confirmation.
      return isTheirs ? [booked(nowMs, by)] : [];
    case 'cancel':
      if (isTheirs) return [{ kind: 'free', nowMs }];
      // Cancelling somebody else's seat changes nothing; an optional operation that changes nothing needs no step.
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

/** A hold is no booking, so the server must not call a held seat booked. */
function isRead(seat: Seat, { isBooked, mayOwn }: SeatOperation & { kind: 'read' }): boolean {
  return seat.kind === 'booked' ? isBooked && mayOwn(seat.by) : !isBooked;
}

const booked = (nowMs: number, by: string): Seat => ({ kind: 'booked', nowMs, by });

const ownerOf = (seat: Seat): string | undefined => (seat.kind === 'free' ? undefined : seat.by);
