import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** Knows one mutation and one query. The wrong one looks whether the seat is free, and writes later. */
export const standIn: StandIn = {
  open(isRight) {
    const bookings = new Map<string, { readonly id: string }[]>();
    const book = async (seat: string) => {
      if (bookings.has(seat)) return [200, { data: { book: null }, errors: [{ message: 'taken' }] }] as const;
      await pause(isRight);
      const id = newOrder();
      bookings.set(seat, [...(bookings.get(seat) ?? []), { id }]);
      return [200, { data: { book: { id } } }] as const;
    };
    return openShop({
      'POST /graphql': ({ body }) => {
        const query = String(body.query);
        if (query.startsWith('mutation')) return book(String((body.variables as { readonly seat: string }).seat));
        const seat = /seat\(id: "(\w+)"\)/.exec(query)?.[1] ?? '';
        return [200, { data: { seat: { bookings: bookings.get(seat) ?? [] } } }];
      },
    });
  },
  finding: 'double-booking',
  says: /seat A\d \(capacity 1\) was sold more than once/,
};
