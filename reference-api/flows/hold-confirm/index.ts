import { flowOf } from '../flow.ts';
import { holdRoutes } from './routes.ts';
import { checkedBeforePayment } from './sqlite/checked-before-payment.ts';
import { checkedInWrite } from './sqlite/checked-in-write.ts';

export const holdConfirm = flowOf(holdRoutes, {
  sqlite: {
    'checked-in-write': checkedInWrite,
    'checked-before-payment': checkedBeforePayment,
  },
});
