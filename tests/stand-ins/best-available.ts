import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

const seatsOf = (block: string) =>
  Array.from({ length: block === 'stalls' ? 6 : 4 }, (_, index) => `${block}-${index}`);

/** The wrong one reads the free seats, chooses, and marks them later. */
export const standIn: StandIn = {
  open(isRight) {
    const owners = new Map<string, string>();
    const orders = new Map<string, string[]>();
    return openShop({
      'POST /best-available': async ({ body }) => {
        const block = String(body.block);
        const seats = seatsOf(block)
          .filter((seat) => !owners.has(seat))
          .slice(0, Number(body.quantity));
        if (seats.length < Number(body.quantity)) return [409, { error: 'not enough seats' }];
        await pause(isRight);
        const order = newOrder();
        for (const seat of seats) owners.set(seat, order);
        orders.set(block, [...(orders.get(block) ?? []), order]);
        return [201, { order, seats: seats.map((id) => ({ id })) }];
      },
      'GET /blocks': ({ name }) => [
        200,
        { sold: seatsOf(name).filter((seat) => owners.has(seat)).length, orders: orders.get(name) ?? [] },
      ],
    });
  },
  finding: 'double-booking',
  says: /block (?:stalls|circle)/,
};
