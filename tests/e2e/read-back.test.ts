import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { correct, type Ledger } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { suiteFor } from '../support/suites.ts';

const readBack = '/seats/{seat}';

describe.concurrent('a read-back that cannot be read before the race', () => {
  it.for<[string, Ledger, RegExp]>([
    ['404', () => [404, { message: 'Cannot GET /seats/A1' }], /status 404/],
    ['another shape', () => [200, { state: 'FREE' }], /says neither/],
  ])('ends the run before anything is booked: %s', async ([, ledger, error], { target }) => {
    const server = await target(correct(), ledger);
    const run = await runSuite(suiteFor(server.url, { race: { readBack } }));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^Error: config\.plugins\.race\.readBack: .*A1/);
    expect(run.stderr).toMatch(error);
    expect(run.files).toEqual([]);
    expect(server.requests()).toBe(0);
  });

  it('ends it in a suite that does not plan its inventories, too', async ({ target }) => {
    const server = await target(correct(), () => [404, {}]);
    const race = { readBack, inventories: undefined };
    const flow = [{ post: { url: '/book', json: { seat: 'A1' }, race: 'A1' } }];
    const run = await runSuite(suiteFor(server.url, { race, flow }));
    expect(run.code).toBe(2);
    expect(server.requests()).toBe(0);
  });
});
