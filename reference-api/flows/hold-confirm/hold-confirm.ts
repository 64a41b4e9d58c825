import { setTimeout as sleep } from 'node:timers/promises';
import type { Strategy } from '../../strategy.ts';

export interface Hold {
  readonly holdId: string;
  readonly seatId: string;
}

/** Seats that are held for a while, and confirmed when they are paid. */
export interface Holds {
  readonly hold: (hold: Hold) => Promise<'held' | 'taken'>;
  readonly confirm: (holdId: string, orderId: string) => Promise<'confirmed' | 'ended'>;
}

export type HoldsStrategy = Strategy<Holds>;

/** How long a hold lasts. A shop gives minutes; the demo has not got that long. */
export const LEASE_MS = 300;

/** A confirmation pays, and that takes longer than the rest. */
const PAYMENT_MS = 40;
export const pay = () => sleep(PAYMENT_MS);

/** Holds, of which a seat has one at most; one that has ended is in the way of nobody. */
export const HOLDS = `
  CREATE TABLE holds (
    seat_id TEXT PRIMARY KEY,
    hold_id TEXT NOT NULL UNIQUE,
    ends_at_ms REAL NOT NULL
  ) STRICT;
`;
