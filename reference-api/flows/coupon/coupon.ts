import type { Strategy } from '../../strategy.ts';

export interface CouponOrder {
  readonly orderId: string;
  readonly code: string;
}

export interface Coupon {
  readonly code: string;
  readonly max_uses: number;
  readonly uses: number;
}

/** Orders with a coupon. When the coupon is used up, the order goes through at full price. */
export interface Coupons {
  readonly order: (order: CouponOrder) => Promise<'discounted' | 'full-price'>;
  /** Undefined for an unknown coupon. */
  readonly read: (code: string) => Promise<Coupon | undefined>;
}

export type CouponStrategy = Strategy<Coupons>;

/** The coupons of the demo. */
export const COUPONS = `
  CREATE TABLE coupons (
    code TEXT PRIMARY KEY,
    max_uses INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO coupons (code, max_uses) VALUES ('WELCOME', 1), ('BIRTHDAY', 1), ('FRIENDS', 3), ('PRESS', 10);
  CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    discount_code TEXT REFERENCES coupons (code)
  ) STRICT;
`;
