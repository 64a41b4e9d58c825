import type { DatabaseSync } from 'node:sqlite';
import type { Coupon } from '../coupon.ts';

/** Reads a coupon and how often it was used. */
export function couponReader(database: DatabaseSync): (code: string) => Promise<Coupon | undefined> {
  const find = database.prepare('SELECT code, max_uses, uses FROM coupons WHERE code = ?');
  return async (code) => {
    const row = find.get(code);
    return row === undefined ? undefined : { code, max_uses: Number(row.max_uses), uses: Number(row.uses) };
  };
}
