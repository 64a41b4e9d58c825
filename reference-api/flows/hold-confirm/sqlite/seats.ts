import type { DatabaseSync } from 'node:sqlite';
import { BOOKINGS } from '../../../locks/sqlite/bookings.ts';
import { transaction } from '../../../locks/sqlite/transaction.ts';
import { HOLDS, type Holds, LEASE_MS } from '../hold-confirm.ts';

/** Holds, and bookings without a constraint: only the confirmation keeps a seat from being sold twice. */
export const HOLDS_AND_BOOKINGS = HOLDS + BOOKINGS;

/** Holds a seat that is neither sold nor held, in one transaction: this part is right in all strategies. */
export function holder(database: DatabaseSync): Holds['hold'] {
  const isSold = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
  const take = database.prepare(`
    INSERT INTO holds (seat_id, hold_id, ends_at_ms) VALUES (?1, ?2, ?3)
    ON CONFLICT (seat_id) DO UPDATE SET hold_id = ?2, ends_at_ms = ?3 WHERE ends_at_ms <= ?4
  `);
  return async ({ holdId, seatId }) =>
    transaction(database, () => {
      const nowMs = Date.now();
      if (isSold.get(seatId) !== undefined) return 'taken';
      return take.run(seatId, holdId, nowMs + LEASE_MS, nowMs).changes === 0 ? 'taken' : 'held';
    });
}
