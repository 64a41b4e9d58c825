import { COUPONS, type CouponStrategy } from '../coupon.ts';
import { couponReader } from './coupons.ts';

/**
 * Wrong: the coupon is checked when the price is worked out, and its use is counted when the order was paid. In between, it
 * looks unused to everybody.
 */
export const checkThenCount: CouponStrategy = {
  summary: 'checks the coupon, awaits the payment, then counts its use: one coupon, many discounts',
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
        const isGood = coupon !== undefined && coupon.uses < coupon.max_uses;
        await work();
        insert.run(orderId, isGood ? code : null);
        if (isGood) count.run(code);
        return isGood ? 'discounted' : 'full-price';
      },
      read,
    };
  },
};
