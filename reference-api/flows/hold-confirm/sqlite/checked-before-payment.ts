import { type HoldsStrategy, pay } from '../hold-confirm.ts';
import { HOLDS_AND_BOOKINGS, holder } from './seats.ts';

/**
 * Wrong. Checks that the hold is still valid, pays, then books. If the hold ends during the payment, somebody else may
 * hold the seat by then, and both get it.
 */
export const checkedBeforePayment: HoldsStrategy = {
  summary: 'checks the end of the hold, pays, then books: sells even when the hold ended during the payment',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'hold-broken' },
  store: 'sqlite',
  schema: HOLDS_AND_BOOKINGS,
  prepare: (database) => {
    const find = database.prepare('SELECT seat_id FROM holds WHERE hold_id = ? AND ends_at_ms > ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');

    return {
      hold: holder(database),
      confirm: async (holdId, orderId) => {
        const held = find.get(holdId, Date.now());
        if (held === undefined) return 'ended';
        await pay();
        insert.run(orderId, String(held.seat_id));
        return 'confirmed';
      },
    };
  },
};
