import { setTimeout as sleep } from 'node:timers/promises';
import type { Strategy } from '../../strategy.ts';

export interface Hold {
  readonly holdId: string;
  readonly seatId: string;
}

/** Seats that are held for a while and confirmed by payment. */
export interface Holds {
  readonly hold: (hold: Hold) => Promise<'held' | 'taken'>;
  readonly confirm: (holdId: string, orderId: string) => Promise<'confirmed' | 'ended'>;
}

export type HoldsStrategy = Strategy<Holds>;

/** How long a hold lasts. A real shop allows minutes; the demo cannot wait that long. */
export const LEASE_MS = 300;

/** A confirmation includes the payment, which takes longer than the rest. */
const PAYMENT_MS = 40;
export const pay = () => sleep(PAYMENT_MS);

/** At most one hold per seat. A hold that has ended blocks nobody: the next one replaces it. */
export const HOLDS = `
  CREATE TABLE holds (
    seat_id TEXT PRIMARY KEY,
    hold_id TEXT NOT NULL UNIQUE,
    ends_at_ms REAL NOT NULL
  ) STRICT;
`;
