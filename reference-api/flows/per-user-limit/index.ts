import { flowOf } from '../flow.ts';
import { customerLock } from './postgres/customer-lock.ts';
import { seatLock } from './postgres/seat-lock.ts';
import { limitRoutes } from './routes.ts';
import { checkBeforeLock } from './sqlite/check-before-lock.ts';
import { lockedCount } from './sqlite/locked-count.ts';

export const perUserLimit = flowOf(limitRoutes, {
  sqlite: { 'locked-count': lockedCount, 'check-before-lock': checkBeforeLock },
  postgres: { 'customer-lock': customerLock, 'seat-lock': seatLock },
});
