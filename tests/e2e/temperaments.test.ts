import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { correct, type Ledger, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

/** A server with one temperament, and the result of a race of 10 contenders for 3 seats against it. */
interface Row {
  readonly server: string;
  readonly temperament: Temperament;
  /** How it answers when it is asked who owns a seat; by default with the truth. */
  readonly ledger?: Ledger;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** The ids of the findings, each once. */
  readonly findings: readonly string[];
  /** More of the plugin's block. */
  readonly race?: object;
  /** It ends before all requests have come. */
  readonly dies?: boolean;
}

const readBack = { readBack: '/seats/{seat}' };
const pool = { inventories: SEATS.map((key) => ({ key, capacity: 3 })) };

/** Sells to the first few buyers, and refuses everybody else. */
const sells =
  (units: number): Temperament =>
  ({ turn, answer, store }) =>
    turn <= units ? answer(201, { order_id: store() }) : answer(409, { message: 'taken' });

/** Accepts everybody, and later books for the first few. */
const queue =
  (units: number, afterMs = 500): Temperament =>
  ({ seat, turn, stored, answer }) => {
    const id = `${seat}-${turn}`;
    if (turn <= units) setTimeout(() => stored.set(seat, [...(stored.get(seat) ?? []), id]), afterMs);
    answer(202, { status: 'pending', order_id: id });
  };

const BOMB = brotliCompressSync(`[${'1,'.repeat(8_000_000)}1]`);

const settling = { readBack: { path: '/seats/{seat}', settleMs: 1000 } };

const table: readonly Row[] = [
  { server: 'is correct and refuses with 400', temperament: correct(400), verdict: 'pass', findings: [] },
  { server: 'is correct and refuses with 409', temperament: correct(409), verdict: 'pass', findings: [] },
  { server: 'is correct and refuses with 423', temperament: correct(423), verdict: 'pass', findings: [] },
  { server: 'is correct, by the read-back too', temperament: correct(), race: readBack, verdict: 'pass', findings: [] },
  {
    server: 'checks, then acts',
    temperament: async ({ seat, stored, answer, store }) => {
      const isFree = !stored.has(seat);
      await sleep(20);
      if (isFree) answer(201, { order_id: store() });
      else answer(409, { message: 'taken' });
    },
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'sells one seat twice and another not at all, so that the totals look perfect',
    temperament: ({ seat, turn, answer }) => {
      const winners = { A1: 2, A2: 0, A3: 1 }[seat] ?? 0;
      if (turn <= winners) answer(201, { order_id: `${seat}-${turn}` });
      else answer(409, { message: 'taken' });
    },
    verdict: 'fail',
    findings: ['double-booking', 'no-winner'],
  },
  {
    server: 'sells one seat to nobody',
    temperament: ({ seat, turn, answer }) =>
      seat !== 'A2' && turn === 1 ? answer(201, { order_id: 'o' }) : answer(409, { message: 'taken' }),
    verdict: 'fail',
    findings: ['no-winner'],
  },
  {
    server: 'sells to nobody, and says the same to everybody',
    temperament: ({ answer }) => answer(409, { message: 'taken' }),
    verdict: 'inconclusive',
    findings: ['request-refused'],
  },
  {
    server: 'takes every request for an invalid one',
    temperament: ({ seat, answer }) =>
      answer(422, {
        statusCode: 422,
        message: [`seat ${seat} must be an integer number`],
        error: 'Unprocessable Entity',
      }),
    race: readBack,
    verdict: 'inconclusive',
    findings: ['request-refused'],
  },
  {
    server: 'tells everybody that they selected nothing, in JSON or on a page',
    temperament: ({ turn, response, answer }) =>
      turn % 2 === 0
        ? answer(200, { message: 'You did not select any products.' })
        : void response
            .writeHead(200, { 'content-type': 'text/html' })
            .end('<h1>You did not select any products.</h1>'),
    race: { outcome: { success: { has: ['$.order_id'] } }, ...readBack },
    verdict: 'inconclusive',
    findings: ['unrecognised'],
  },
  {
    server: 'answers 401 to everybody',
    temperament: ({ answer }) => answer(401, { message: 'who?' }),
    verdict: 'inconclusive',
    findings: ['not-authorised'],
  },
  {
    server: 'answers 403 to everybody',
    temperament: ({ answer }) => answer(403, { message: 'no' }),
    verdict: 'inconclusive',
    findings: ['not-authorised'],
  },
  {
    server: 'answers 429 to every third',
    temperament: (booking) => (booking.turn % 3 === 0 ? booking.answer(429, { message: 'slow' }) : correct()(booking)),
    verdict: 'inconclusive',
    findings: ['rate-limited'],
  },
  {
    server: 'answers 500 to every fifth',
    temperament: (booking) => (booking.turn % 5 === 0 ? booking.answer(500, { message: 'oops' }) : correct()(booking)),
    verdict: 'fail',
    findings: ['server-error', 'indeterminate'],
  },
  {
    server: 'books for the first and never answers it',
    temperament: ({ turn, answer, store }) => (turn === 1 ? void store() : answer(409, { message: 'taken' })),
    race: { attempt: { timeoutMs: 500 } },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'books for the first and never answers it, but the read-back tells',
    temperament: ({ turn, answer, store }) => (turn === 1 ? void store() : answer(409, { message: 'taken' })),
    race: { attempt: { timeoutMs: 500 }, ...readBack },
    verdict: 'inconclusive',
    findings: ['untold-booking'],
  },
  {
    server: 'books for the first and answers everybody 500',
    temperament: ({ turn, answer, store }) => {
      if (turn === 1) store();
      answer(500, { message: 'boom' });
    },
    race: { ...readBack, limits: { serverErrors: 1000 } },
    verdict: 'fail',
    findings: ['untold-booking'],
  },
  {
    server: 'books for the first, answers it 500, and refuses everybody else',
    temperament: ({ turn, answer, store }) =>
      turn === 1 ? answer(500, { order_id: store() }) : answer(409, { message: 'taken' }),
    race: { ...readBack, limits: { serverErrors: 1000 } },
    verdict: 'fail',
    findings: ['untold-booking'],
  },
  {
    server: 'acknowledges what it does not store',
    temperament: ({ turn, answer }) =>
      turn === 1 ? answer(201, { order_id: 'x' }) : answer(409, { message: 'taken' }),
    race: readBack,
    verdict: 'fail',
    findings: ['lost-booking'],
  },
  {
    server: 'stores what it refuses',
    temperament: ({ turn, answer, store }) => {
      if (turn === 1) store();
      answer(409, { message: 'taken' });
    },
    race: readBack,
    verdict: 'fail',
    findings: ['ghost-booking'],
  },
  {
    server: 'stores two orders and admits to one',
    temperament: ({ turn, answer, store }) => {
      const id = turn <= 2 ? store() : '';
      if (turn === 1) answer(201, { order_id: id });
      else answer(409, { message: 'taken' });
    },
    race: readBack,
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'takes 2.5 seconds',
    temperament: async (booking) => {
      await sleep(2500);
      correct()(booking);
    },
    verdict: 'fail',
    findings: ['slow'],
  },
  {
    server: 'resets one connection in five',
    temperament: (booking) => (booking.turn % 5 === 0 ? void booking.socket.resetAndDestroy() : correct()(booking)),
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'resets all connections but three, and is right about those: the rest may never have been in the race',
    temperament: (booking) => (booking.turn > 3 ? void booking.socket.resetAndDestroy() : correct()(booking)),
    race: readBack,
    verdict: 'inconclusive',
    findings: ['weak-contention'],
  },
  {
    server: 'dies at the last seat',
    temperament: (booking) => {
      if (booking.seat !== 'A3') return correct()(booking);
      booking.server.close();
      return booking.server.closeAllConnections();
    },
    dies: true,
    verdict: 'inconclusive',
    findings: ['indeterminate', 'no-answer'],
  },
  {
    server: 'answers 200 to everything, with a flag in the body',
    temperament: ({ turn, answer }) =>
      answer(200, turn === 1 ? { success: true, id: 7 } : { success: false, error: 'taken' }),
    race: {
      outcome: {
        success: { status: [200], body: { '$.success': true } },
        refusal: { status: [200], body: { '$.success': false } },
        orderId: '$.id',
        message: '$.error',
      },
    },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'answers 200 to everything, with a flag in the body that is not configured',
    temperament: ({ turn, answer }) => answer(200, { success: turn === 1 }),
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'refuses with 201 and a message',
    temperament: ({ turn, answer }) => answer(201, turn === 1 ? { order_id: 'o' } : { message: 'taken' }),
    race: {
      outcome: {
        success: { status: [201], has: ['$.order_id'] },
        refusal: { status: [201], lacks: ['$.order_id'] },
      },
    },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'refuses with 201 and a message, where a condition on the message cannot tell it from an order',
    temperament: ({ turn, answer }) => answer(201, turn === 1 ? { order_id: 'o' } : { message: 'taken' }),
    race: {
      outcome: {
        success: { status: [201], body: { '$.message': null } },
        refusal: { status: [201], body: { '$.message': 'taken' } },
      },
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'refuses with 403, as configured',
    temperament: correct(403),
    race: { limits: { rejections: [403] } },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'books with 204 and no body',
    temperament: ({ turn, response, answer }) =>
      turn === 1 ? void response.writeHead(204).end() : answer(409, { message: 'taken' }),
    race: { outcome: { success: { status: [204] } } },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'books for everybody with 200 and no body',
    temperament: ({ response }) => void response.writeHead(200).end(),
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'accepts everybody with 202 and decides later',
    temperament: ({ turn, answer, store }) => {
      if (turn === 1) store();
      answer(202, { status: 'queued' });
    },
    verdict: 'inconclusive',
    findings: ['undecided'],
  },
  {
    server: 'accepts everybody with 202 and later books for everybody, after the read-back',
    temperament: queue(10, 4000),
    race: readBack,
    verdict: 'inconclusive',
    findings: ['undecided'],
  },
  {
    server: 'accepts everybody with 202 and later books for everybody, and the suite says how long that takes',
    temperament: queue(10),
    race: settling,
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'accepts everybody with 202 and later books for one, and the read-back names the order of the answer',
    temperament: queue(1),
    race: settling,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'accepts everybody with 202 and later books for one, and nobody can tell for whom',
    temperament: ({ turn, answer, store }) => {
      if (turn === 1) setTimeout(store, 500);
      answer(202, { status: 'pending' });
    },
    race: settling,
    verdict: 'inconclusive',
    findings: ['untold-booking'],
  },
  {
    server: 'accepts everybody with 202 and no body, then books for one, and the suite does not say when',
    temperament: ({ turn, response, store }) => {
      if (turn === 1) store();
      response.writeHead(202).end();
    },
    race: readBack,
    verdict: 'inconclusive',
    findings: ['undecided'],
  },
  {
    server: 'accepts everybody with 202, then books for nobody',
    temperament: ({ answer }) => answer(202, { status: 'queued' }),
    race: settling,
    verdict: 'inconclusive',
    findings: ['undecided'],
  },
  {
    server: 'gives two winners the same order',
    temperament: ({ seat, turn, answer }) =>
      turn <= 2 ? answer(201, { order_id: `${seat}-order` }) : answer(409, { message: 'taken' }),
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'is behind a proxy that answers everybody with a page and 200',
    temperament: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Please wait</h1>');
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'redirects everybody but the winner to a sign-in page',
    temperament: ({ turn, response, answer }) =>
      turn === 1 ? answer(201, { order_id: 'o' }) : void response.writeHead(303, { location: '/login' }).end(),
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'cuts the answer to the winner short',
    temperament: ({ turn, response, socket, answer }) => {
      if (turn > 1) return answer(409, { message: 'taken' });
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '99' }).write('{"order_id":"o');
      setTimeout(() => socket.destroy(), 50);
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'tells two that they booked, one of them at too great a length, and stores one order',
    temperament: ({ turn, answer, store }) => {
      if (turn > 2) return answer(409, { message: 'taken' });
      answer(201, turn === 1 ? { order_id: store() } : { order_id: 'other', ticket: 'x'.repeat(1_200_000) });
    },
    race: readBack,
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'is correct, and refuses with 2 MB',
    temperament: ({ turn, answer, store }) =>
      turn === 1 ? answer(201, { order_id: store() }) : answer(409, { message: 'taken', why: 'x'.repeat(2_000_000) }),
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'is correct, and refuses with 31 bytes that unpack to 16 MB',
    temperament: ({ turn, response, answer, store }) => {
      if (turn === 1) return answer(201, { order_id: store() });
      response.writeHead(409, { 'content-type': 'application/json', 'content-encoding': 'br' }).end(BOMB);
    },
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'sends the winner only half of the JSON',
    temperament: ({ turn, response, answer }) =>
      turn > 1
        ? answer(409, { message: 'taken' })
        : void response.writeHead(201, { 'content-type': 'application/json' }).end('{"order_id":"o'),
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'answers the winner byte by byte, without end',
    temperament: ({ turn, response, answer }) => {
      if (turn > 1) return answer(409, { message: 'taken' });
      response.writeHead(201, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    },
    race: { attempt: { timeoutMs: 500 } },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  { server: 'sells a pool to the last unit', temperament: sells(3), race: pool, verdict: 'pass', findings: [] },
  {
    server: 'sells a pool to the last unit, and its read-back only says whether it is sold out',
    temperament: sells(3),
    ledger: ({ orders }) => [200, { status: orders.length < 3 ? 'available' : 'booked' }],
    race: { ...pool, ...readBack },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'sells one unit of a pool more than there are',
    temperament: sells(4),
    race: pool,
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'keeps one unit of a pool and refuses the rest',
    temperament: sells(2),
    race: pool,
    verdict: 'fail',
    findings: ['unsold'],
  },
  { server: 'refuses with 404', temperament: correct(404), verdict: 'fail', findings: ['wrong-rejection'] },
  {
    server: 'does not answer JSON',
    temperament: ({ response }) => void response.writeHead(200).end('<html>'),
    race: { outcome: { success: { body: { '$.ok': true } }, refusal: { body: { '$.ok': false } } } },
    verdict: 'inconclusive',
    findings: ['unrecognised'],
  },
  {
    server: 'is correct, and answers 404 for a seat that is not booked',
    temperament: correct(),
    ledger: ({ orders }) => (orders.length > 0 ? [200, { id: orders[0] }] : [404, { message: 'no booking' }]),
    race: {
      readBack: { path: '/seats/{seat}', taken: { status: [200] }, free: { status: [404] }, orderIds: '$.id' },
    },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'is correct, and its read-back is a list of bookings',
    temperament: correct(),
    ledger: ({ orders }) => [200, orders.map((id) => ({ id }))],
    race: { readBack: { path: '/seats/{seat}', units: '$', orderIds: '$[*].id' } },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'stores two orders and admits to one, and its read-back is a list of bookings',
    temperament: ({ turn, answer, store }) => {
      const id = turn <= 2 ? store() : '';
      if (turn === 1) answer(201, { order_id: id });
      else answer(409, { message: 'taken' });
    },
    ledger: ({ orders }) => [200, orders.map((id) => ({ id }))],
    race: { readBack: { path: '/seats/{seat}', units: '$', orderIds: '$[*].id' } },
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'is correct, and its order numbers are larger than a double holds, as numbers and as text',
    temperament: ({ seat, turn, response, stored, answer }) => {
      if (turn > 1) return answer(409, { message: 'taken' });
      stored.set(seat, ['9007199254740993']);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"order_id":9007199254740993}');
    },
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'is correct, but its read-back lags behind',
    temperament: correct(),
    ledger: ({ orders, turn }) =>
      turn > 2 ? [200, { status: 'booked', order_ids: orders }] : [200, { status: 'available', order_ids: [] }],
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'fails when it is asked who owns a seat after the race',
    temperament: correct(),
    ledger: ({ orders }) => (orders.length > 0 ? [500, { message: 'oops' }] : [200, { status: 'available' }]),
    race: readBack,
    verdict: 'inconclusive',
    findings: ['read-back-failed'],
  },
  {
    server: 'is correct, but its read-back hides the ids of its orders',
    temperament: correct(),
    ledger: ({ orders }) => [
      200,
      { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders.map((id) => ({ id })) },
    ],
    race: readBack,
    verdict: 'inconclusive',
    findings: ['read-back-failed'],
  },
];

describe.concurrent('a race against a server that', () => {
  it.for(table)('$server: $verdict $findings', async (row, { target }) => {
    const server = await target(row.temperament, row.ledger);
    const run = await runSuite(suiteFor(server.url, { race: row.race }));
    expect(run.stderr).not.toMatch(/Warning/);
    expect(run.verdict, run.stdout + run.stderr).toMatchObject({ verdict: row.verdict, totals: { requests: 30 } });
    expect(findingsOf(run)).toEqual(row.findings.toSorted());
    expect(run.code).toBe({ pass: 0, fail: 3, inconclusive: 4 }[row.verdict]);
    if (!row.dies) expect(server.requests()).toBe(30);
  });
});
