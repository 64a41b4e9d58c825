import { hasSqlState, SERIALIZATION_FAILURE } from '../../stores/postgres.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';
import { transaction } from './transaction.ts';

/** An order that is aborted this often is in a crowd: it gets a 409 and can try again later. */
const ATTEMPTS = 5;

/**
 * Right. The same check-then-write as none.ts, but in transactions that behave as if they ran one after the other.
 * Where that is impossible, PostgreSQL aborts one of them; the code runs it again, and now it finds the seat taken.
 * Without the retry the customer would get a 500.
 */
export const serializable: Lock = {
  summary: 'check, then write, in a serializable transaction that is retried when it is aborted',
  source: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE',
  expected: { verdict: 'pass' },
  store: 'postgres',
  schema: BOOKINGS,
  prepare: (pool, work) => async (order) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await transaction(
          pool,
          async (client) => {
            if (await isTaken(client, order)) return 'taken';
            await work();
            await insertBookings(client, order);
            return 'booked';
          },
          'SERIALIZABLE',
        );
      } catch (error) {
        if (!hasSqlState(error, SERIALIZATION_FAILURE)) throw error;
      }
    }
    return 'conflict';
  },
};
