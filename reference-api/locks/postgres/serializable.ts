import { hasSqlState, SERIALIZATION_FAILURE } from '../../stores/postgres.ts';
import type { Lock } from '../lock.ts';
import { BOOKINGS, insertBookings, isTaken } from './bookings.ts';
import { transaction } from './transaction.ts';

/** Whoever is broken off so often is in a crowd, and may as well try again later (409). */
const ATTEMPTS = 5;

/**
 * Right: the look-then-write of none.ts, in transactions that behave as if they had come one after the other. PostgreSQL
 * notices where they cannot have, and breaks one off; that one has to be tried again from its beginning, where it finds the
 * seat taken. Without the retry it would be a 500.
 */
export const serializable: Lock = {
  summary: 'look, then write, in a serialisable transaction, tried again where it was broken off',
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
