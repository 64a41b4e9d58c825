/** What was sold: any number of orders of a seat. */
export const BOOKINGS = `
  CREATE TABLE bookings (
    order_id TEXT NOT NULL,
    seat_id TEXT NOT NULL REFERENCES seats (seat_id)
  ) STRICT;
  CREATE INDEX bookings_by_seat ON bookings (seat_id);
`;

/** What was sold: the database itself sees to it that a seat is sold once. */
export const BOOKINGS_ONE_PER_SEAT = `
  CREATE TABLE bookings (
    order_id TEXT NOT NULL,
    seat_id TEXT NOT NULL UNIQUE REFERENCES seats (seat_id)
  ) STRICT;
`;
