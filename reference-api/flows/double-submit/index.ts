import { flowOf } from '../flow.ts';
import { submissionRoutes } from './routes.ts';
import { bodyIgnored } from './sqlite/body-ignored.ts';
import { keyInTransaction } from './sqlite/key-in-transaction.ts';
import { lookUpFirst } from './sqlite/look-up-first.ts';

export const doubleSubmit = flowOf(submissionRoutes, {
  sqlite: { 'key-in-transaction': keyInTransaction, 'look-up-first': lookUpFirst, 'body-ignored': bodyIgnored },
});
