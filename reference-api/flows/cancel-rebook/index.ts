import { flowOf } from '../flow.ts';
import { bookingsRoutes } from './routes.ts';
import { byOrder } from './sqlite/by-order.ts';
import { bySeat } from './sqlite/by-seat.ts';

export const cancelRebook = flowOf(bookingsRoutes, { sqlite: { 'by-order': byOrder, 'by-seat': bySeat } });
