import { httpServer } from './http-server.ts';

export interface SeatShopOptions {
  /** Whether a seat is sold to everybody, by how often it was sold or reset before. */
  readonly sellsTwice?: (seat: string, resets: number) => boolean;
  /** Whether a reset is answered well and does nothing. */
  readonly keeps?: (seat: string, resets: number) => boolean;
  /** Called when a seat is sold. */
  readonly sells?: (seat: string, resets: number) => unknown;
}

/** Sells seats, tells who has them, and frees them again: `DELETE /seats/A1`. */
export async function seatShop({
  sellsTwice = () => false,
  keeps = () => false,
  sells = () => {},
}: SeatShopOptions = {}) {
  const sold = new Map<string, string[]>();
  const resets = new Map<string, number>();
  const log: string[] = [];
  let orders = 0;
  const server = await httpServer((request, response) => {
    const answer = (status: number, json: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    const seat = request.url?.split('/')[2] ?? '';
    const owned = sold.get(seat) ?? [];
    if (request.method === 'GET') {
      log.push(`${seat} has ${owned.length}`);
      return answer(200, { status: owned.length > 0 ? 'booked' : 'available', order_ids: owned });
    }
    const before = resets.get(seat) ?? 0;
    if (request.method === 'DELETE') {
      resets.set(seat, before + 1);
      log.push(`${seat} is freed`);
      if (!keeps(seat, before + 1)) sold.delete(seat);
      return answer(200, {});
    }
    if (owned.length > 0 && !sellsTwice(seat, before)) return answer(409, { message: 'taken' });
    orders += 1;
    sold.set(seat, [...owned, `o-${orders}`]);
    sells(seat, before);
    return answer(201, { order_id: `o-${orders}` });
  });
  return { ...server, sold, resets, log };
}

const seat = '/seats/{{ $loopElement }}';
/** One contender frees the seat for all. */
export const reset = { delete: { url: seat, race: { once: '{{ $loopElement }}' } } };
/** Each books it. */
export const bookSeat = { post: { url: seat, race: '{{ $loopElement }}' } };
