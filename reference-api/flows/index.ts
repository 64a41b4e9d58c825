import { LOCKS } from '../locks/index.ts';
import { oneInThirty } from '../locks/sqlite/one-in-thirty.ts';
import { orderRoutes } from '../orders.ts';
import { cancelRebook } from './cancel-rebook/index.ts';
import { coupon } from './coupon/index.ts';
import { doubleSubmit } from './double-submit/index.ts';
import { type Flow, flowOf } from './flow.ts';
import { holdConfirm } from './hold-confirm/index.ts';
import { overlappingOrders } from './overlapping-orders/index.ts';
import { perUserLimit } from './per-user-limit/index.ts';
import { quota } from './quota/index.ts';

/** Every flow, by the name that `--flow` takes. A flow has the name of the rule that judges its scenario. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  'order-race': flowOf(orderRoutes, { ...LOCKS, sqlite: { ...LOCKS.sqlite, 'one-in-thirty': oneInThirty } }),
  quota,
  coupon,
  'per-user-limit': perUserLimit,
  'double-submit': doubleSubmit,
  'overlapping-orders': overlappingOrders,
  'cancel-rebook': cancelRebook,
  'hold-confirm': holdConfirm,
};
