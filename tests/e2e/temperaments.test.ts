import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runSuite, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct, type Temperament } from '../support/booking-server.ts';

/** Servers with one temperament each, and what a race against them must come to. 10 contenders, 3 seats. */
interface Row {
  readonly server: string;
  readonly temperament: Temperament;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** The ids of the findings, each once. */
  readonly findings: readonly string[];
  /** The plugin's block, beside the seats. */
  readonly race?: object;
  /** It does not live to see all the requests. */
  readonly dies?: boolean;
}

const readBack = { readBack: '/seats/{seat}' };

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
        success: { status: [201], body: { '$.message': null } },
        refusal: { status: [201], body: { '$.message': 'taken' } },
      },
    },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
  { server: 'refuses with 404', temperament: correct(404), verdict: 'fail', findings: ['wrong-rejection'] },
  {
    server: 'answers no JSON',
    temperament: ({ response }) => void response.writeHead(200).end('<html>'),
    race: { outcome: { success: { body: { '$.ok': true } }, refusal: { body: { '$.ok': false } } } },
    verdict: 'inconclusive',
    findings: ['indeterminate'],
  },
];

describe.concurrent('a race against a server that', { timeout: 120_000 }, () => {
  it.each(table)('$server: $verdict $findings', async ({ temperament, race, dies, verdict, findings }) => {
    const server = await bookingServer(temperament);
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
