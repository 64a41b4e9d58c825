import { setTimeout as sleep } from 'node:timers/promises';
import type { Book } from '../../locks/lock.ts';
import type { Strategy } from '../../strategy.ts';

/** Bookings that can be cancelled. */
export interface Bookings {
  readonly book: Book;
  readonly cancel: (orderId: string) => Promise<'cancelled' | 'unknown'>;
}

export type BookingsStrategy = Strategy<Bookings>;

/** A refund takes longer than a booking. */
const REFUND_MS = 20;
export const refund = () => sleep(REFUND_MS);
