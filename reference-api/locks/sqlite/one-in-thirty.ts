import type { SqliteLock } from '../lock.ts';
import { BOOKINGS } from './bookings.ts';

/** Of so many rounds, one is wrong. */
const ROUNDS = 30;

/**
 * Wrong, but seldom: one round in thirty is guarded by a check that others overtake, as behind a cache that now and then is cold.
 * Sixteen rounds often miss it. A round is a seat that is free and gets its first orders. REFERENCE_API_SEED decides which rounds
 * are wrong; without it chance does.
 */
export const oneInThirty: SqliteLock = {
  summary: 'right, except in one round of thirty: then it sells the seat to everybody who checked in time',
  source: 'https://cwe.mitre.org/data/definitions/367.html',
  expected: { verdict: 'fail', finding: 'double-booking' },
  store: 'sqlite',
  schema: BOOKINGS,
  prepare: (database, work) => {
    const find = database.prepare('SELECT 1 FROM bookings WHERE seat_id = ?');
    const insert = database.prepare('INSERT INTO bookings (order_id, seat_id) VALUES (?, ?)');
    const isWrongNext = wrongRounds(process.env.REFERENCE_API_SEED);
    /** By seat, whether its round is wrong. Forgotten once the seat is sold. */
    const rounds = new Map<string, boolean>();
    const isTaken = (seatIds: readonly string[]) => seatIds.some((seatId) => find.get(seatId) !== undefined);

    return async ({ orderId, seatIds }) => {
      const name = seatIds.join(' ');
      if (isTaken(seatIds)) return 'taken';
      const isWrong = rounds.get(name) ?? isWrongNext();
      rounds.set(name, isWrong);
      await work();
      if (!isWrong && isTaken(seatIds)) return 'taken';
      for (const seatId of seatIds) insert.run(orderId, seatId);
      rounds.delete(name);
      return 'booked';
    };
  },
};

/** Says of one round after the other whether it is wrong: one in each thirty, at a place that the seed decides. */
export function wrongRounds(seed: string | undefined): () => boolean {
  const random = seed === undefined ? Math.random : seeded(Number(seed));
  let round = 0;
  let wrong = 0;
  return () => {
    if (round % ROUNDS === 0) wrong = Math.floor(random() * ROUNDS);
    return round++ % ROUNDS === wrong;
  };
}

/** Numbers from 0 to below 1. The generator is mulberry32: neighbouring seeds give quite different numbers. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
