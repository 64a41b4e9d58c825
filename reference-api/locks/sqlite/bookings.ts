/** Bookings without a constraint: a seat can have any number of orders. */
export const BOOKINGS = `
  CREATE TABLE bookings (
    order_id TEXT NOT NULL,
    seat_id TEXT NOT NULL REFERENCES seats (seat_id)
  ) STRICT;
  CREATE INDEX bookings_by_seat ON bookings (seat_id);
`;

/** Bookings with a unique constraint: the database makes sure that a seat is sold once. */
export const BOOKINGS_ONE_PER_SEAT = `
  CREATE TABLE bookings (
    order_id TEXT NOT NULL,
    seat_id TEXT NOT NULL UNIQUE REFERENCES seats (seat_id)
  ) STRICT;
`;
