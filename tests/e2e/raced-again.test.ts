import { describe, expect } from 'vitest';
import { type FinishedRun, FOUR_CPUS, findingsOf, launchSuite, runSuite } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { book, eachSeat, type Suite, suiteFor } from '../support/suites.ts';

/** A weak round is raced again at the end where its seat is still free. A round in which everybody gets a 500 is weak. */

const race = { readBack: '/seats/{seat}', limits: { serverErrors: 1000 } };
const suite = (url: string, more: Suite = {}) => suiteFor(url, { ...more, race: { ...race, ...more.race } });

/** Breaks in the first round of the second seat, and then acts. */
const brokenAtFirst =
  (contenders: number, act: Temperament, atFirst: Temperament = () => {}): Temperament =>
  (booking) => {
    if (booking.seat !== 'A2' || booking.turn > contenders) {
      return act({ ...booking, turn: booking.seat === 'A2' ? booking.turn - contenders : booking.turn });
    }
    atFirst(booking);
    booking.answer(500, { message: 'boom' });
  };

const roundsOf = ({ verdict }: FinishedRun) =>
  verdict?.rounds.map(({ number, inventory, ok, requests }) => [number, inventory, ok, requests]);

const sellsToAll: Temperament = ({ answer, store }) => answer(201, { order_id: store() });
const sellsTheSecondTimeTwice: Temperament = (booking) =>
  (booking.seat === 'A2' && booking.turn <= 2 ? sellsToAll : correct())(booking);

describe.concurrent('a weak round', () => {
  it('is raced again at the end where its seat is still free', async ({ target }) => {
    const { url } = await target(brokenAtFirst(10, correct()));
    const run = await runSuite(suite(url));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(roundsOf(run)).toEqual([
      [1, 'A1', 1, 10],
      [2, 'A2', 0, 10],
      [3, 'A3', 1, 10],
      [4, 'A2', 1, 10],
    ]);
    expect(run.verdict?.rounds.map(({ weak }) => weak !== undefined)).toEqual([false, true, false, false]);
    expect(run.verdict?.strength.rounds).toBe(3);
  });

  it('is judged like any other the second time', async ({ target }) => {
    const { url } = await target(brokenAtFirst(10, sellsTheSecondTimeTwice));
    const run = await runSuite(suite(url));
    expect(run.code).toBe(3);
    expect(run.verdict?.findings).toMatchObject([{ id: 'double-booking', inventory: 'A2' }]);
  });

  it.for<[string, Temperament, Suite]>([
    ['its seat is sold', ({ turn, store }) => void (turn === 1 && store()), {}],
    ['the server cannot be asked', () => {}, { race: { readBack: undefined } }],
    ['no loop goes over the inventories', () => {}, { flow: [book('A1'), book('A2'), book('A3')] }],
    ['the loop races twice', () => {}, { flow: [eachSeat(book(), book())] }],
  ])('is raced once where %s', async ([, atFirst, more], { target }) => {
    const { url } = await target(brokenAtFirst(10, correct(), atFirst));
    const run = await runSuite(suite(url, more));
    const visits = run.history?.attempts.filter(({ inventory, vu }) => inventory === 'A2' && vu === 1);
    expect(visits).toHaveLength(more.flow?.length === 1 ? 2 : 1);
  });

  it('is raced again by the contenders of all worker threads', async ({ target }) => {
    const { url } = await target(brokenAtFirst(12, correct()));
    const config = { phases: [{ duration: 1, arrivalRate: 12 }] };
    // There are more threads than processors, so now and then one waits for its turn.
    const limits = { serverErrors: 1000, spreadMs: 250 };
    const run = await launchSuite(suite(url, { config, race: { contenders: 12, limits } }), { env: FOUR_CPUS });
    expect(roundsOf(run)).toEqual([
      [1, 'A1', 1, 12],
      [2, 'A2', 0, 12],
      [3, 'A3', 1, 12],
      [4, 'A2', 1, 12],
    ]);
    expect(findingsOf(run)).toEqual([]);
  });
});
