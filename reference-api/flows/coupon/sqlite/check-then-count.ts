import { COUPONS, type CouponStrategy } from '../coupon.ts';
import { couponReader } from './coupons.ts';

/**
 * Wrong. The coupon is checked when the price is computed, and the use is counted only after the payment. In between,
 * everybody sees an unused coupon.
 */
export const checkThenCount: CouponStrategy = {
  summary: 'checks the coupon, awaits the payment, then counts the use: one coupon, many discounts',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'coupon-overused' },
  store: 'sqlite',
  schema: COUPONS,
  prepare: (database, work) => {
    const count = database.prepare('UPDATE coupons SET uses = uses + 1 WHERE code = ?');
    const insert = database.prepare('INSERT INTO orders (order_id, discount_code) VALUES (?, ?)');
    const read = couponReader(database);

    return {
      order: async ({ orderId, code }) => {
        const coupon = await read(code);
        const isValid = coupon !== undefined && coupon.uses < coupon.max_uses;
        await work();
        insert.run(orderId, isValid ? code : null);
        if (isValid) count.run(code);
        return isValid ? 'discounted' : 'full-price';
      },
      read,
    };
  },
};
