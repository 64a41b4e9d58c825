import { transaction } from '../../../locks/sqlite/transaction.ts';
import { type HoldsStrategy, pay } from '../hold-confirm.ts';
import { HOLDS_AND_BOOKINGS, holder } from './seats.ts';

/**
 * Right. The write that uses up the hold has the condition that the hold is still valid. No matter how long the payment
 * took, an ended hold changes no row, and the payment is refunded.
 */
export const checkedInWrite: HoldsStrategy = {
  summary: 'pays, then DELETE FROM holds … WHERE ends_at > now, and books in that transaction',
  source: 'https://martinfowler.com/articles/patterns-of-distributed-systems/lease.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: HOLDS_AND_BOOKINGS,
  prepare: (database) => {
    const useUp = database.prepare('DELETE FROM holds WHERE hold_id = ? AND ends_at_ms > ? RETURNING seat_id');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return {
      hold: holder(database),
      confirm: async (holdId, orderId) => {
        await pay();
        return transaction(database, () => {
          const used = useUp.get(holdId, Date.now());
          if (used === undefined) return 'ended';
          insert.run(orderId, String(used.seat_id));
          return 'confirmed';
        });
      },
    };
  },
};
