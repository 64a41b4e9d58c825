import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runSuite, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct, type Ledger, type Temperament } from '../support/booking-server.ts';

/** Servers with one temperament each, and what a race against them must come to. 10 contenders, 3 seats. */
interface Row {
  readonly server: string;
  readonly temperament: Temperament;
  /** How it answers when it is asked who owns a seat; by default as it is. */
  readonly ledger?: Ledger;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** The ids of the findings, each once. */
  readonly findings: readonly string[];
  /** The plugin's block, beside the seats. */
  readonly race?: object;
  /** It does not live to see all the requests. */
  readonly dies?: boolean;
}

const readBack = { readBack: '/seats/{seat}' };
const pool = { inventories: ['A1', 'A2', 'A3'].map((key) => ({ key, capacity: 3 })) };

/** The first few to come get it, and everybody else is refused. */
const sells =
  (units: number): Temperament =>
  ({ turn, answer, store }) =>
    turn <= units ? answer(201, { order_id: store() }) : answer(409, { message: 'taken' });

const table: readonly Row[] = [
  { server: 'correct, refuses with 400', temperament: correct(400), verdict: 'pass', findings: [] },
  { server: 'correct, refuses with 409', temperament: correct(409), verdict: 'pass', findings: [] },
  { server: 'correct, refuses with 423', temperament: correct(423), verdict: 'pass', findings: [] },
  { server: 'correct, and says so afterwards', temperament: correct(), race: readBack, verdict: 'pass', findings: [] },
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
    server: 'sells to nobody',
    temperament: ({ answer }) => answer(409, { message: 'taken' }),
    verdict: 'fail',
    findings: ['no-winner'],
  },
  {
    server: 'knows nobody (401)',
    temperament: ({ answer }) => answer(401, { message: 'who?' }),
    verdict: 'inconclusive',
    findings: ['not-authorised'],
  },
  {
    server: 'lets nobody (403)',
    temperament: ({ answer }) => answer(403, { message: 'no' }),
    verdict: 'inconclusive',
    findings: ['not-authorised'],
  },
  {
    server: 'holds off a third (429)',
    temperament: (booking) => (booking.turn % 3 === 0 ? booking.answer(429, { message: 'slow' }) : correct()(booking)),
    verdict: 'inconclusive',
    findings: ['rate-limited'],
  },
  {
    server: 'breaks for a fifth (500)',
    temperament: (booking) => (booking.turn % 5 === 0 ? booking.answer(500, { message: 'oops' }) : correct()(booking)),
    verdict: 'fail',
    findings: ['server-error', 'indeterminate'],
  },
  {
    server: 'books for one and never answers',
    temperament: ({ turn, answer, store }) => (turn === 1 ? void store() : answer(409, { message: 'taken' })),
    race: { attempt: { timeoutMs: 500 } },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'books for one and never answers, and says so afterwards',
    temperament: ({ turn, answer, store }) => (turn === 1 ? void store() : answer(409, { message: 'taken' })),
    race: { attempt: { timeoutMs: 500 }, ...readBack },
    verdict: 'pass',
    findings: [],
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
    server: 'resets all but three, and is right about them: the rest may never have been in the race',
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
    findings: ['indeterminate'],
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
    server: 'answers 200 to everything, with a flag that nobody told us of',
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
    server: 'refuses with 201 and a message, which a condition on the message cannot tell from an order',
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
    server: 'refuses with 403, and says so beforehand',
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
    server: 'accepts everybody with 202, and decides later',
    temperament: ({ turn, answer, store }) => {
      if (turn === 1) store();
      answer(202, { status: 'queued' });
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'accepts everybody with 202 and no body, decides later for one, and says so afterwards',
    temperament: ({ turn, response, store }) => {
      if (turn === 1) store();
      response.writeHead(202).end();
    },
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'accepts everybody with 202, and decides later for nobody',
    temperament: ({ answer }) => answer(202, { status: 'queued' }),
    race: readBack,
    verdict: 'fail',
    findings: ['no-winner'],
  },
  {
    server: 'tells two winners of the same order',
    temperament: ({ seat, turn, answer }) =>
      turn <= 2 ? answer(201, { order_id: `${seat}-order` }) : answer(409, { message: 'taken' }),
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'has a proxy in front, which answers everybody with a page and 200',
    temperament: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Please wait</h1>');
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'sends everybody but the winner to a page to sign in',
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
    server: 'sends the winner half of the JSON as if it were all of it',
    temperament: ({ turn, response, answer }) =>
      turn > 1
        ? answer(409, { message: 'taken' })
        : void response.writeHead(201, { 'content-type': 'application/json' }).end('{"order_id":"o'),
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'answers the winner byte by byte, and never comes to the end',
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
    server: 'sells one unit of a pool more than there are',
    temperament: sells(4),
    race: pool,
    verdict: 'fail',
    findings: ['double-booking'],
  },
  {
    server: 'keeps a unit of a pool, and refuses the rest',
    temperament: sells(2),
    race: pool,
    verdict: 'fail',
    findings: ['unsold'],
  },
  { server: 'refuses with 404', temperament: correct(404), verdict: 'fail', findings: ['wrong-rejection'] },
  {
    server: 'answers no JSON',
    temperament: ({ response }) => void response.writeHead(200).end('<html>'),
    race: { outcome: { success: { body: { '$.ok': true } }, refusal: { body: { '$.ok': false } } } },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  {
    server: 'is correct, and knows no seat that is not booked (404)',
    temperament: correct(),
    ledger: ({ orders }) => (orders.length > 0 ? [200, { id: orders[0] }] : [404, { message: 'no booking' }]),
    race: {
      readBack: { path: '/seats/{seat}', taken: { status: [200] }, free: { status: [404] }, orderIds: '$.id' },
    },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'is correct, and has a list of bookings',
    temperament: correct(),
    ledger: ({ orders }) => [200, orders.map((id) => ({ id }))],
    race: { readBack: { path: '/seats/{seat}', units: '$', orderIds: '$[*].id' } },
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'stores two orders and admits to one, and has a list of bookings',
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
    server: 'is correct, and numbers its orders beyond what a double holds, as numbers and as text',
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
    server: 'is correct, and knows of it a little later',
    temperament: correct(),
    ledger: ({ orders, turn }) =>
      turn > 2 ? [200, { status: 'booked', order_ids: orders }] : [200, { status: 'available', order_ids: [] }],
    race: readBack,
    verdict: 'pass',
    findings: [],
  },
  {
    server: 'cannot say who owns a seat',
    temperament: correct(),
    ledger: () => [500, { message: 'oops' }],
    race: readBack,
    verdict: 'inconclusive',
    findings: ['read-back-failed'],
  },
  {
    server: 'cannot say who owns a seat before it is sold: it may have been sold before',
    temperament: ({ turn, answer, store }) => (turn === 1 ? void store() : answer(409, { message: 'taken' })),
    ledger: ({ orders }) => (orders.length > 0 ? [200, { status: 'booked', order_ids: orders }] : [503, {}]),
    race: { attempt: { timeoutMs: 500 }, ...readBack },
    verdict: 'inconclusive',
    findings: ['read-back-failed'],
  },
  {
    server: 'is correct, and has orders of a shape in which nobody finds their ids',
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

describe.concurrent('a race against a server that', { timeout: 120_000 }, () => {
  it.each(table)('$server: $verdict $findings', async ({ temperament, ledger, race, dies, verdict, findings }) => {
    const server = await bookingServer(temperament, 0, ledger);
    try {
      const run = await runSuite({ script: smallSuite(server.url, race) });
      expect(run.stderr).not.toMatch(/Warning/);
      expect(run.verdict, run.stdout + run.stderr).toMatchObject({ verdict, totals: { requests: 30 } });
      expect([...new Set(run.verdict?.findings.map(({ id }) => id))].toSorted()).toEqual(findings.toSorted());
      expect(run.code).toBe({ pass: 0, fail: 3, inconclusive: 4 }[verdict]);
      if (!dies) expect(server.requests()).toBe(30);
    } finally {
      if (!dies) await server.close();
    }
  });
});
