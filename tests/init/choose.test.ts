import { describe, expect, test } from 'vitest';
import type { Asker } from '../../plugin/src/init/ask.ts';
import { silentAsker } from '../../plugin/src/init/ask.ts';
import type { Capture, CapturedRequest } from '../../plugin/src/init/capture.ts';
import { bookingRequest } from '../../plugin/src/init/choose.ts';

interface Sent {
  readonly name?: string;
  readonly alsoCalled?: readonly string[];
  readonly json?: unknown;
  readonly status?: number;
  readonly type?: string;
}

/** `POST /orders` at the shop, or with a whole URL. */
function sent(line: string, { name, alsoCalled, json, status, type = 'application/json' }: Sent = {}): CapturedRequest {
  const [method = '', place = ''] = line.split(' ');
  return {
    name: name ?? line,
    ...(alsoCalled && { alsoCalled }),
    method,
    url: place.startsWith('/') ? `https://shop.test${place}` : place,
    headers: [],
    ...(json !== undefined && { body: { kind: 'json', value: json, text: JSON.stringify(json) } }),
    ...(status !== undefined && { answer: { status, headers: [['content-type', type]] } }),
  };
}

const capture = (requests: readonly CapturedRequest[], format: Capture['format'] = 'har'): Capture => ({
  format,
  requests,
});
const chosen = async (requests: readonly CapturedRequest[], choice = {}, format?: Capture['format']) =>
  (await bookingRequest(capture(requests, format), choice, silentAsker)).request;

describe('the request that books is found', () => {
  test('among pages, pictures, preflights, trackers and a sign-in', async () => {
    const requests = [
      sent('GET /', { status: 200, type: 'text/html' }),
      sent('GET /logo.png'),
      sent('POST /login', { json: { user: 'eve', password: 'x' }, status: 200 }),
      sent('POST https://www.google-analytics.com/g/collect?en=order', { status: 204 }),
      sent('POST https://metrics.other.test/book', { status: 200 }),
      sent('OPTIONS /api/orders', { status: 204 }),
      sent('POST /api/orders', { json: { seat: 'C-14' }, status: 201 }),
      sent('POST /api/track', { json: { seat: 'C-14' }, status: 204 }),
      sent('GET /api/orders/7'),
    ];
    const booking = await bookingRequest(capture(requests), {}, silentAsker);
    expect(booking.request.name).toBe('POST /api/orders');
    expect(booking.because).toBe('it says "orders", and $.seat names what is booked');
  });

  test('in a path with the seat in it', async () => {
    const requests = [
      sent('POST /events/7/seats/C-14/hold'),
      sent('POST /events/7/favourites'),
      sent('DELETE /orders/8'),
    ];
    expect((await chosen(requests)).name).toBe('POST /events/7/seats/C-14/hold');
  });

  test('as the request that names the seat, before one that only pays', async () => {
    const requests = [
      sent('POST /cart/items', { json: { seatId: 'C-14' } }),
      sent('POST /orders', { json: { cart: 1 } }),
    ];
    expect((await chosen(requests)).name).toBe('POST /cart/items');
  });

  test('as a mutation of GraphQL, not as a query', async () => {
    const query = (text: string) => sent('POST /graphql', { json: { query: text } });
    const requests = [
      query('query Orders { orders { id } }'),
      query('mutation { trackOrderPage(id: 1) }'),
      query('mutation Reserve($seat: ID!) { reserveSeat(seat: $seat) { id } }'),
      query('{ order(id: 1) { id } }'),
    ];
    expect((await chosen(requests)).body).toMatchObject({ value: { query: expect.stringContaining('Reserve') } });
  });

  test('where it was sent twice, as the one that succeeded', async () => {
    const requests = [
      sent('POST /book', { status: 409 }),
      sent('POST /book', { status: 201 }),
      sent('POST /book', { status: 409 }),
    ];
    expect(await chosen(requests)).toBe(requests[1]);
  });

  test('where nothing else changes anything, whatever its name is', async () => {
    expect((await chosen([sent('GET /'), sent('POST /x'), sent('GET /y')])).name).toBe('POST /x');
  });
});

const TWO = [
  sent('POST /v1/orders', { name: 'placeOrder', alsoCalled: ['POST /v1/orders', 'POST:/v1/orders'] }),
  sent('POST /v1/bookings', { name: 'book', alsoCalled: ['POST /v1/bookings', 'POST:/v1/bookings'] }),
  sent('GET /v1/orders', { name: 'listOrders' }),
];

describe('where several may book', () => {
  test.each([
    ['har', '--request'],
    ['postman', '--request'],
    ['openapi', '--operation'],
  ] as const)('%s: says that %s answers', async (format, flag) => {
    await expect(chosen(TWO, {}, format)).rejects.toThrow(new RegExp(`^${flag}: .*\\n +placeOrder\\n +book$`, 's'));
  });

  test('asks at a terminal', async () => {
    const asker: Asker = { isTerminal: true, ask: async (_, read) => read('book') };
    expect((await bookingRequest(capture(TWO), {}, asker)).request.name).toBe('book');
  });

  test.each(['book', 'POST /v1/bookings', 'POST:/v1/bookings', 'post /v1/bookings'])('%s names one', async (wanted) => {
    expect((await chosen(TWO, { request: wanted })).name).toBe('book');
    expect((await chosen(TWO, { operation: wanted }, 'openapi')).name).toBe('book');
  });

  test('two of one name are told apart by their folders', async () => {
    const two = [
      sent('POST /a', { name: 'Book', alsoCalled: ['User/Book', 'POST /a'] }),
      sent('POST /b', { name: 'Book', alsoCalled: ['Admin/Book', 'POST /b'] }),
    ];
    await expect(chosen(two, { request: 'Book' }, 'postman')).rejects.toThrow(
      /^--request: "Book" stands for several; name one of them:\n {2}POST \/a\n {2}POST \/b$/,
    );
    expect(await chosen(two, { request: 'Admin/Book' }, 'postman')).toBe(two[1]);
  });
});

describe('what books nothing', () => {
  test('a GET, alone or by its name', async () => {
    await expect(chosen([sent('GET /orders')])).rejects.toThrow('GET /orders: books nothing');
    await expect(chosen(TWO, { request: 'listOrders' })).rejects.toThrow(
      '--request: listOrders books nothing: a GET only reads',
    );
  });

  test('a name that nothing has; the error lists those that may book', async () => {
    await expect(chosen(TWO, { request: 'pay' })).rejects.toThrow(
      '--request: there is no "pay"; there are:\n  placeOrder\n  book',
    );
  });
});
