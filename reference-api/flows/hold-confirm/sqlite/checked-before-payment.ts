import { type HoldsStrategy, pay } from '../hold-confirm.ts';
import { HOLDS_AND_BOOKINGS, holder } from './seats.ts';

/**
 * Wrong: looks whether the hold still lasts, pays, then books. A hold that ends during the payment is somebody else's by
 * then, and both have it.
 */
export const checkedBeforePayment: HoldsStrategy = {
  summary: 'looks at the end of the hold, pays, then books: a hold that ends during the payment is sold all the same',
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
