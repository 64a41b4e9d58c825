import { transaction } from '../../../locks/sqlite/transaction.ts';
import { COUPONS, type CouponStrategy } from '../coupon.ts';
import { couponReader } from './coupons.ts';

/** Right. One statement counts the use, on the condition that a use is left, in the transaction of the order. */
export const conditionalUpdate: CouponStrategy = {
  summary: 'UPDATE … SET uses = uses + 1 WHERE uses < max_uses, in the transaction of the order',
  source: 'https://www.sqlite.org/lang_update.html',
  expected: { verdict: 'pass' },
  store: 'sqlite',
  schema: COUPONS,
  prepare: (database, work) => {
    const redeem = database.prepare('UPDATE coupons SET uses = uses + 1 WHERE code = ? AND uses < max_uses');
    const insert = database.prepare('INSERT INTO orders (order_id, discount_code) VALUES (?, ?)');

    return {
      order: async ({ orderId, code }) => {
        await work();
        return transaction(database, () => {
          const isRedeemed = redeem.run(code).changes > 0;
          insert.run(orderId, isRedeemed ? code : null);
          return isRedeemed ? 'discounted' : 'full-price';
        });
      },
      read: couponReader(database),
    };
  },
};
