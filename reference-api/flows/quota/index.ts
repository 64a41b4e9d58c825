import { flowOf } from '../flow.ts';
import { countCheck as postgresCountCheck } from './postgres/count-check.ts';
import { lockedCount } from './postgres/locked-count.ts';
import { quotaRoutes } from './routes.ts';
import { conditionalUpdate } from './sqlite/conditional-update.ts';
import { countCheck } from './sqlite/count-check.ts';

export const quota = flowOf(quotaRoutes, {
  sqlite: { 'conditional-update': conditionalUpdate, 'count-check': countCheck },
  postgres: { 'locked-count': lockedCount, 'count-check': postgresCountCheck },
});
