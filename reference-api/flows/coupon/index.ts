import { flowOf } from '../flow.ts';
import { couponRoutes } from './routes.ts';
import { checkThenCount } from './sqlite/check-then-count.ts';
import { conditionalUpdate } from './sqlite/conditional-update.ts';

export const coupon = flowOf(couponRoutes, {
  sqlite: { 'conditional-update': conditionalUpdate, 'check-then-count': checkThenCount },
});
