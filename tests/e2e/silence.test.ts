import { describe, expect } from 'vitest';
import { RACE_STOPPED } from '../../model/index.ts';
import { FOUR_CPUS, findingsOf, launchSuite, runSuite } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

/** Servers that say nothing, in the race and on the way to it. */

const seats = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6'];
const race = { inventories: seats, attempt: { timeoutMs: 600 }, readBack: { path: '/seats/{seat}', timeoutMs: 300 } };

/** Hangs on these seats, and is right about the others. */
const hangsOn =
  (...silent: string[]): Temperament =>
  (booking) =>
    silent.includes(booking.seat) ? undefined : correct()(booking);

describe.concurrent('a race in which nobody is answered', () => {
  it('stops after two such rounds, and says so: the rest is neither raced nor asked for', async ({ target }) => {
    const server = await target(hangsOn('A2', 'A3', 'A4', 'A5', 'A6'));
    const run = await runSuite(suiteFor(server.url, { race: { ...race, limits: { p95Ms: 500 } } }));
    expect(run.code, run.stdout).toBe(4);
    expect(findingsOf(run)).toContain('no-answer');
    // Each of the two rounds took 600 ms, but those were no answers.
    expect(findingsOf(run)).not.toContain('slow');
    expect(run.verdict?.responseTimeMs.max).toBeLessThan(500);
    expect(run.verdict).toMatchObject({
      verdict: 'inconclusive',
      ended: 'completed',
      totals: { requests: 30, ok: 1, fail: 9, info: 20 },
      problems: [{ reason: RACE_STOPPED }],
    });
    expect(server.requests()).toBe(30);
    expect(findingsOf(run)).not.toContain('incomplete');
    expect(run.stdout.replace(/\s+/g, ' ')).toContain(RACE_STOPPED);
    const asked = run.history?.readBacks.filter(({ when }) => when === 'after').map(({ inventory }) => inventory);
    expect(asked).toEqual(['A3', 'A2', 'A1']);
  });

  it('stops in all worker threads', async ({ target }) => {
    const server = await target(hangsOn(...seats));
    const config = { phases: [{ duration: 1, arrivalRate: 12 }] };
    const run = await launchSuite(suiteFor(server.url, { race: { ...race, contenders: 12 }, config }), {
      env: FOUR_CPUS,
    });
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ totals: { requests: 24, info: 24 }, problems: [{ reason: RACE_STOPPED }] });
    expect(findingsOf(run)).not.toContain('incomplete');
  });

  it('goes on after a round in between in which somebody was', async ({ target }) => {
    const server = await target(hangsOn('A1', 'A3', 'A5', 'A6'));
    const run = await runSuite(suiteFor(server.url, { race }));
    expect(run.verdict).toMatchObject({ totals: { requests: 60, ok: 2, fail: 18, info: 40 }, problems: [] });
  });
});

it.concurrent('a server that resets every connection is not accused of selling to nobody', async ({ target }) => {
  const server = await target(({ socket }) => void socket.destroy());
  const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }));
  expect(run.code).toBe(4);
  expect(findingsOf(run)).toContain('no-answer');
  expect(findingsOf(run)).not.toContain('no-winner');
});

describe.concurrent('virtual users that end before the race', () => {
  it.for<[string, object, object]>([
    [
      'a login that takes too long, with its step',
      { post: { url: '/login?key=12345678', json: { password: 'hunter2222', user: '{{ $vu }}' } } },
      { reason: "Timeout awaiting 'response' for 1000ms", step: 'POST /login', count: 7 },
    ],
    [
      'a login whose token cannot be found, with its step',
      { post: { url: '/token/{{ $vu }}', json: { user: '{{ $vu }}' }, capture: { json: '$.token', as: 'token' } } },
      { reason: 'Failed capture or match', step: 'POST /token/{{ $vu }}', count: 7 },
    ],
  ])('are counted with their reason: %s', async ([, login, problem], { open }) => {
    let logins = 0;
    let bookings = 0;
    const server = await open(
      httpServer((request, response) => {
        const json = (status: number, body: object) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        if (request.url === '/book')
          return bookings++ === 0 ? json(201, { order_id: 'o-1' }) : json(409, { message: 'taken' });
        logins += 1;
        if (request.url?.startsWith('/token')) return json(200, logins <= 3 ? { token: 'abc' } : { error: 'busy' });
        if (logins <= 3) return json(200, {});
      }),
    );
    const run = await runSuite(
      suiteFor(server.url, {
        race: { inventories: ['A1'] },
        config: { http: { timeout: 1 } },
        flow: [login, eachSeat(book())],
      }),
    );
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ totals: { requests: 3, ok: 1 }, problems: [problem] });
    expect(run.verdict?.problems[0]?.vus).toHaveLength(7);
    expect(findingsOf(run)).toContain('incomplete');
  });
});
