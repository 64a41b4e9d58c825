import { forUpdate } from '../../locks/postgres/for-update.ts';
import { lockOrder } from '../../locks/postgres/lock-order.ts';
import { unique } from '../../locks/sqlite/unique.ts';
import { orderRoutes } from '../../orders.ts';
import { flowOf } from '../flow.ts';
import { seatBySeat } from './sqlite/seat-by-seat.ts';

/** Orders of several seats: those locks of the order race that differ only when an order has several seats. */
export const overlappingOrders = flowOf(orderRoutes, {
  sqlite: { unique, 'seat-by-seat': seatBySeat },
  postgres: {
    'for-update': forUpdate,
    'lock-order': { ...lockOrder, expected: { verdict: 'fail', finding: 'deadlock' } },
  },
});
