import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { parseInitArguments } from '../../../plugin/src/init/arguments.ts';
import { type Asker, silentAsker } from '../../../plugin/src/init/ask.ts';
import { writeNewSuite } from '../../../plugin/src/init/new-suite.ts';
import { it as test } from '../../support/fixtures.ts';
import { type HttpServer, httpServer } from '../../support/http-server.ts';

/** What a server knows when it is asked to book. */
interface Booking {
  readonly seat: string;
  readonly user: string;
  readonly orders: { id: number; by: string }[];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  answer(status: number, body?: unknown, headers?: Record<string, string>): void;
  sell(): number;
}

interface Shop extends HttpServer {
  /** All requests to book. */
  readonly booked: string[];
}

/** A server with one way to answer `POST /plots/{ref}/orders`; `GET /plots/{ref}` lists the orders. */
async function shop(
  book: (booking: Booking) => unknown,
  pages: Record<string, () => readonly [number, unknown]> = {},
): Promise<Shop> {
  const orders = new Map<string, { id: number; by: string }[]>();
  const booked: string[] = [];
  const server = await httpServer((request, response) => {
    const answer = (status: number, body: unknown = '', headers = {}) =>
      response
        .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    const url = request.url ?? '';
    const page = pages[url];
    if (page !== undefined) return answer(...page());
    const seat = decodeURIComponent(url.split('/')[2] ?? '');
    const sold = orders.get(seat) ?? [];
    orders.set(seat, sold);
    if (request.method === 'GET')
      return answer(200, { ref: seat, state: sold.length > 0 ? 'sold' : 'free', orders: sold });
    booked.push(seat);
    const user =
      Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
        .toString()
        .split(':')[0] ?? '';
    return book({
      seat,
      user,
      orders: sold,
      request,
      response,
      answer,
      sell: () => sold.push({ id: 1000 + booked.length, by: user }) && 1000 + booked.length,
    });
  });
  return { ...server, booked };
}

const page = (text: string) => `<!doctype html><html><head><title>Plots</title></head><body>${text}</body></html>`;

/** Somebody at a terminal, who answers by the option that a question is about. */
const person = (answers: Readonly<Record<string, string>>, asked: string[] = []): Asker => ({
  isTerminal: true,
  ask: async ({ text, flag }, read) => {
    asked.push(text);
    return read(answers[flag] ?? '');
  },
});

/** Runs `init --probe` on a cURL command, without a terminal. */
const probe = (url: string, folder: string, ...flags: readonly string[]) =>
  probeAs(silentAsker, url, folder, '--book-one', ...flags);

async function probeAs(asker: Asker, url: string, folder: string, ...flags: readonly string[]) {
  const file = path.join(folder, 'request.txt');
  const out = path.join(folder, 'plots.race.yml');
  fs.writeFileSync(
    file,
    `curl '${url}/plots/P-7/orders' -X POST -H 'content-type: application/json' --data-raw '{"nights":2}'`,
  );
  const args = parseInitArguments([
    file,
    ...['--seat', 'P-7', '--inventories', 'P-8,P-9,P-10', '--out', out, '--probe', ...flags],
  ]);
  if (args === undefined) throw new Error('no help was wanted');
  const lines = await writeNewSuite(args, asker);
  return { lines, race: parse(fs.readFileSync(out, 'utf8')).config.plugins.race, suite: fs.readFileSync(out, 'utf8') };
}

const TWO_USERS = ['--user', 'anna:pw-anna-1', '--user', 'bert:pw-bert-2'];
const READ_BACK = ['--read-back', '/plots/{plot}'];

describe('a probe books the last inventory twice, leaves it out, and learns', () => {
  test.for<[string, (booking: Booking) => unknown, readonly string[], object]>([
    [
      'statuses and a list of orders',
      ({ orders, answer, sell }) => (orders.length > 0 ? answer(409, { detail: 'sold' }) : answer(201, { id: sell() })),
      READ_BACK,
      {
        outcome: { success: { status: [201] }, refusal: { status: [409] }, orderId: '$.id', message: '$.detail' },
        readBack: { get: '/plots/{plot}', units: '$.orders', orderIds: '$.orders[*].id' },
      },
    ],
    [
      'answers that are all 200',
      ({ orders, answer, sell }) =>
        answer(200, orders.length > 0 ? { success: false, error: 'sold' } : { success: true, order: { no: sell() } }),
      [],
      {
        outcome: {
          success: { status: [200], body: { '$.success': true } },
          refusal: { status: [200], body: { '$.success': false } },
          orderId: '$.order.no',
          message: '$.error',
        },
      },
    ],
    [
      'redirects',
      ({ orders, seat, answer, sell }) =>
        answer(303, '', { location: orders.length > 0 ? `/plots/${seat}?error=sold` : `/orders/${sell()}` }),
      [],
      {
        outcome: {
          success: { status: [303], header: { location: '/^\\/orders\\/\\d+$/' } },
          refusal: { status: [303], header: { location: '/^\\/plots\\/[^\\/?#&]+\\?error=sold$/' } },
          orderId: { header: 'location', match: '/orders/(\\d+)' },
          message: { header: 'location', match: '[?&#]error=([^&#]+)' },
        },
      },
    ],
    [
      'pages',
      ({ orders, seat, answer, sell }) =>
        answer(
          200,
          page(orders.length > 0 ? `<p>Sorry, ${seat} is taken</p>` : `<p>Thank you! Order no. ${sell()}</p>`),
        ),
      [],
      {
        outcome: {
          success: { status: [200], text: 'Thank you! Order' },
          refusal: { status: [200], text: 'Sorry' },
          orderId: { text: '/Order\\s+no\\.\\s+(\\d+)/' },
          message: { text: '/>([^<>]*Sorry[^<>]*)</' },
        },
      },
    ],
    [
      'an API that tells a user the same order again, by asking as two users',
      ({ orders, user, answer, sell }) => {
        const own = orders.find(({ by }) => by === user);
        if (own !== undefined) return answer(200, { id: own.id });
        return orders.length > 0 ? answer(409, { detail: 'sold' }) : answer(201, { id: sell() });
      },
      TWO_USERS,
      {
        inTurn: ['user'],
        outcome: { success: { status: [201] }, refusal: { status: [409] }, orderId: '$.id', message: '$.detail' },
      },
    ],
    [
      'answers that are all alike, by what the server holds',
      ({ orders, answer, sell }) => {
        if (orders.length === 0) sell();
        return answer(200, { received: true });
      },
      READ_BACK,
      { rule: 'state', readBack: { get: '/plots/{plot}', units: '$.orders', orderIds: '$.orders[*].id' } },
    ],
    [
      'a queue, by what the server holds in the end',
      ({ orders, answer, sell }) => {
        if (orders.length === 0) setTimeout(sell, 300);
        return answer(202, { accepted: true });
      },
      READ_BACK,
      {
        rule: 'state',
        readBack: { get: '/plots/{plot}', units: '$.orders', orderIds: '$.orders[*].id', settleMs: expect.any(Number) },
      },
    ],
  ])('%s', async ([_what, book, flags, expected], { open, folder }) => {
    const { url, booked } = await open(shop(book));
    const { lines, race } = await probe(url, folder, ...flags);
    expect(race).toEqual({ label: 'plot', inventories: ['P-8', 'P-9'], ...expected });
    expect(booked).toEqual(['P-10', 'P-10']);
    expect(lines.slice(0, 5).join('\n')).not.toMatch(/pw-anna-1|pw-bert-2/);
  });

  test('a status page, which it asks until it decides', async ({ open, folder }) => {
    const asked = { a: 0, b: 0 };
    let count = 0;
    const { url, booked } = await open(
      shop(({ answer }) => answer(202, { id: 1 }, { location: `/queue/${++count === 1 ? 'a' : 'b'}` }), {
        '/queue/a': () => [200, ++asked.a < 2 ? { state: 'pending' } : { state: 'confirmed', order: 17 }],
        '/queue/b': () => [200, ++asked.b < 2 ? { state: 'pending' } : { state: 'rejected', reason: 'sold' }],
      }),
    );
    const { race, suite } = await probe(url, folder);
    expect(race.outcome).toEqual({
      orderId: '$.order',
      message: '$.reason',
      settled: {
        success: { status: [200], body: { '$.state': 'confirmed' } },
        refusal: { status: [200], body: { '$.state': 'rejected' } },
      },
    });
    const [{ loop }] = parse(suite).scenarios[0].flow;
    expect(loop).toMatchObject([
      { post: { capture: { header: 'location', as: 'statusPage' }, race: '{{ $loopElement }}' } },
      { get: { url: '{{ statusPage }}', race: { settles: '{{ $loopElement }}', everyMs: 200, withinMs: 10_000 } } },
    ]);
    expect(booked).toHaveLength(2);
  });

  test('the status page that a recording shows, where the 202 names no page', async ({ open, folder }) => {
    let count = 0;
    const { url } = await open(
      shop(({ answer }) => answer(202, { job: `j-${++count}` }), {
        '/jobs/j-1': () => [200, { state: 'confirmed', order: 17 }],
        '/jobs/j-2': () => [200, { state: 'rejected', reason: 'sold' }],
      }),
    );
    const entry = (method: string, place: string, status: number, body: object) => ({
      startedDateTime: '2026-11-30T10:00:00.000Z',
      request: {
        method,
        url: `${url}${place}`,
        headers: [],
        queryString: [],
        ...(method === 'POST' && { postData: { mimeType: 'application/json', text: '{"nights":2}' } }),
      },
      response: { status, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(body) } },
    });
    const file = path.join(folder, 'shop.har');
    const entries = [
      entry('POST', '/plots/P-7/orders', 202, { job: 'j-0' }),
      entry('GET', '/jobs/j-0', 200, { state: 'pending' }),
      entry('GET', '/jobs/j-0', 200, { state: 'confirmed', order: 16 }),
    ];
    fs.writeFileSync(file, JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries } }));
    const out = path.join(folder, 'har.yml');
    const args = parseInitArguments([
      file,
      '--seat',
      'P-7',
      '--inventories',
      'P-8,P-9',
      '--out',
      out,
      '--probe',
      '--book-one',
    ]);
    if (args !== undefined) await writeNewSuite(args, silentAsker);
    const { config, scenarios } = parse(fs.readFileSync(out, 'utf8'));
    expect(config.plugins.race.outcome.settled).toEqual({
      success: { status: [200], body: { '$.state': 'confirmed' } },
      refusal: { status: [200], body: { '$.state': 'rejected' } },
    });
    expect(scenarios[0].flow[0].loop).toMatchObject([
      { post: { capture: { json: '$.job' } } },
      { get: { url: expect.stringMatching(/^\/jobs\/\{\{ \w+ \}\}$/), race: { settles: '{{ $loopElement }}' } } },
    ]);
  });

  test('and sends a key of its own with each booking', async ({ open, folder }) => {
    const keys: unknown[] = [];
    const { url } = await open(
      shop(({ orders, request, answer, sell }) => {
        keys.push(request.headers['idempotency-key']);
        return orders.length > 0 ? answer(409, { detail: 'sold' }) : answer(201, { id: sell() });
      }),
    );
    const file = path.join(folder, 'keyed.txt');
    fs.writeFileSync(file, `curl '${url}/plots/P-7/orders' -X POST -H 'Idempotency-Key: k-1' --json '{"nights":2}'`);
    const args = parseInitArguments([
      file,
      '--seat',
      'P-7',
      '--inventories',
      'P-8,P-9',
      '--out',
      path.join(folder, 'keyed.yml'),
      '--probe',
      '--book-one',
    ]);
    if (args !== undefined) await writeNewSuite(args, silentAsker);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain('k-1');
  });
});

describe('a probe that cannot learn says why, and writes no suite', () => {
  test.for<[string, (booking: Booking) => unknown, readonly string[], RegExp, number]>([
    [
      '401',
      ({ answer }) => answer(401, { error: 'who are you?' }),
      [],
      /first booking was answered 401 \("who are you\?"\), so the sign-in failed/,
      1,
    ],
    [
      '403 for the second user',
      ({ user, answer, sell }) => (user === 'bert' ? answer(403) : answer(201, { id: sell() })),
      TWO_USERS,
      /second booking \(as user 2\) was answered 403/,
      2,
    ],
    ['500', ({ answer }) => answer(500, 'oops'), [], /first booking was answered 500/, 1],
    ['an answer that breaks off', ({ response }) => response.socket?.destroy(), [], /first booking got no answer/, 1],
    ['two refusals', ({ answer }) => answer(409, { detail: 'sold' }), [], /refused: 409 \("sold"\)/, 1],
    [
      'two refusals under 200',
      ({ answer }) => answer(200, { success: false }),
      [],
      /both bookings of P-10 were refused: 200 and 200/,
      2,
    ],
    [
      'the same order again',
      ({ orders, answer, sell }) => answer(200, { id: orders[0]?.id ?? sell() }),
      [],
      /same order.*--user name:password/,
      2,
    ],
    [
      'equal answers',
      ({ answer }) => answer(200, { ok: true }),
      [],
      /cannot tell a success from a refusal.*--read-back/,
      2,
    ],
    [
      'a double sale',
      ({ answer, sell }) => answer(201, { id: sell() }),
      READ_BACK,
      /P-10 was booked twice, one after the other.* shows 2 bookings/,
      2,
    ],
    ['a 202 that nothing decides', ({ answer }) => answer(202, { ok: true }), [], /accepted \(202\).*--read-back/, 2],
  ])('%s', async ([_what, book, flags, message, bookings], { open, folder }) => {
    const { url, booked } = await open(shop(book));
    await expect(probe(url, folder, ...flags)).rejects.toThrow(message);
    expect(booked).toEqual(Array(bookings).fill('P-10'));
    expect(fs.readdirSync(folder)).toEqual(['request.txt']);
  });

  test('nobody is there', async ({ folder }) => {
    await expect(probe('http://127.0.0.1:9', folder)).rejects.toThrow(/first booking got no answer: .*ECONNREFUSED/);
  });

  test('nobody said that it may book', async ({ open, folder }) => {
    const { url, booked } = await open(shop(({ answer }) => answer(201)));
    fs.writeFileSync(path.join(folder, 'r.txt'), `curl '${url}/plots/P-7/orders' -X POST --json '{}'`);
    const args = parseInitArguments([
      path.join(folder, 'r.txt'),
      '--seat',
      'P-7',
      '--inventories',
      'P-8,P-9',
      '--probe',
      '--yes',
    ]);
    if (args !== undefined) await expect(writeNewSuite(args, silentAsker)).rejects.toThrow(/--book-one/);
    expect(booked).toEqual([]);
  });
});

describe('at a terminal, the probe', () => {
  const PER_USER = ({ orders, user, answer, sell }: Booking) => {
    const own = orders.find(({ by }) => by === user);
    if (own !== undefined) return answer(200, { id: own.id });
    return orders.length > 0 ? answer(409, { detail: 'sold' }) : answer(201, { id: sell() });
  };
  const EQUAL = ({ orders, answer, sell }: Booking) => {
    if (orders.length === 0) sell();
    return answer(200, { received: true });
  };

  test('asks before it books, and takes no for an answer', async ({ open, folder }) => {
    const { url, booked } = await open(shop(({ answer }) => answer(201)));
    await expect(probeAs(person({ '--book-one': 'no' }), url, folder)).rejects.toThrow(/nothing was booked/);
    expect(booked).toEqual([]);
    const asked: string[] = [];
    await expect(probeAs(person({ '--book-one': 'perhaps' }, asked), url, folder)).rejects.toThrow('yes or no');
    expect(asked).toEqual([expect.stringMatching(/books P-10 at http:\/\/127.* twice, for real/)]);
  });

  test('asks for another user where one user is told the same order again, and books a third time', async ({
    open,
    folder,
  }) => {
    const { url, booked } = await open(shop(PER_USER));
    const asked: string[] = [];
    const asker = person({ '--book-one': 'y', '--user': 'bert:pw-bert-2' }, asked);
    const { race, suite, lines } = await probeAs(asker, url, folder, '--user', 'anna:pw-anna-1');
    expect(booked).toEqual(['P-10', 'P-10', 'P-10']);
    expect(asked[1]).toMatch(/same order/);
    expect(race.outcome).toEqual({
      success: { status: [201] },
      refusal: { status: [409] },
      orderId: '$.id',
      message: '$.detail',
    });
    expect(parse(suite).config.variables.user).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/same order again/);
    expect(suite + lines.join()).not.toMatch(/pw-anna-1|pw-bert-2/);
  });

  test('asks for a read-back where the answers are alike', async ({ open, folder }) => {
    const { url, booked } = await open(shop(EQUAL));
    const { race } = await probeAs(person({ '--book-one': 'yes', '--read-back': '/plots/{plot}' }), url, folder);
    expect(booked).toHaveLength(2);
    expect(race).toMatchObject({
      rule: 'state',
      readBack: { get: '/plots/{plot}', units: '$.orders', orderIds: '$.orders[*].id' },
    });
  });

  test('ends where that does not help', async ({ open, folder }) => {
    const { url } = await open(shop(EQUAL));
    const asker = person({ '--book-one': 'yes', '--read-back': '/nowhere?of={plot}' });
    await expect(probeAs(asker, url, folder)).rejects.toThrow(/did not change in a way that can be read/);
  });
});
