import { httpServer } from '../support/http-server.ts';
import { newOrder, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

/** The wrong one stores every booking under the last buyer: the winner is told "yes", and the seat is somebody else's. */
export const standIn: StandIn = {
  open(isRight) {
    const bookings = new Map<string, { readonly id: string; buyer: string }>();
    return httpServer(async ({ method }, response, text) => {
      if (method === 'GET') {
        const lines = [...bookings].map(([seat, { id, buyer }]) => `${id};${seat};${buyer};active`);
        return response.writeHead(200, { 'content-type': 'text/csv' }).end(lines.join('\n'));
      }
      const { seat, buyer } = JSON.parse(text) as { readonly seat: string; readonly buyer: string };
      const answer = (status: number, json: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      const booking = bookings.get(seat);
      if (booking !== undefined) {
        await pause(isRight);
        if (!isRight) booking.buyer = buyer;
        return answer(409, { message: 'taken' });
      }
      const id = newOrder();
      bookings.set(seat, { id, buyer });
      return answer(201, { order_id: id });
    });
  },
  finding: 'lost-booking',
  says: /seat A1/,
};
