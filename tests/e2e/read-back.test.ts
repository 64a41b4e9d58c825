import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { correct, type Ledger } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
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

describe.concurrent('a read-back by a function', () => {
  const suite = (url: string, folder: string, source: string, name = 'whoOwns', file = 'processor.mjs') => {
    fs.writeFileSync(path.join(folder, file), source);
    const config = { processor: path.join(folder, file) };
    return suiteFor(url, { race: { readBack: { function: name } }, config });
  };
  const asks = (url: string, more = '') => `export async function whoOwns(key, { when, inventory }) {
    const { order_ids: orderIds } = await (await fetch('${url}/seats/' + inventory.key)).json();
    ${more}
    return { orderIds };
  }`;

  it('settles who owns what', async ({ target, folder }) => {
    const server = await target();
    const run = await runSuite(suite(server.url, folder, asks(server.url)));
    expect(findingsOf(run)).toEqual([]);
    expect(run.history?.readBacks.filter(({ when }) => when === 'after')).toMatchObject([
      { inventory: 'A1', units: 1, orderIds: ['A1-order-1'] },
      { inventory: 'A2', units: 1 },
      { inventory: 'A3', units: 1 },
    ]);
  });

  it('may be in TypeScript, which Artillery bundles', async ({ target, folder }) => {
    const server = await target();
    const run = await runSuite(suite(server.url, folder, asks(server.url), 'whoOwns', 'processor.ts'));
    expect(findingsOf(run)).toEqual([]);
    expect(run.code).toBe(0);
  });

  it.for<[string, string, string, RegExp]>([
    ['is not exported', '', 'whoOwn', /processor\.mjs exports no function whoOwn; did you mean "whoOwns"\?/],
    [
      'throws',
      "if (when === 'before') throw new Error('no ledger');",
      'whoOwns',
      /the function whoOwns threw Error: no ledger/,
    ],
    ['returns something else', 'return { sold: 1 };', 'whoOwns', /the function returned something else/],
  ])('that %s ends the run before anything is booked', async ([, more, name, error], { target, folder }) => {
    const server = await target();
    const run = await runSuite(suite(server.url, folder, asks(server.url, more), name));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(error);
    expect(server.requests()).toBe(0);
  });

  it('that throws after the race is a doubt', async ({ target, folder }) => {
    const server = await target();
    const more = "if (when === 'after') throw new Error('no ledger');";
    const run = await runSuite(suite(server.url, folder, asks(server.url, more)));
    expect(run.stderr).toBe('');
    expect(findingsOf(run)).toEqual(['read-back-failed']);
  });
});

it.concurrent('a page that looks right and a table that does not: the books disagree', async ({ target, folder }) => {
  const file = path.join(folder, 'shop.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE payments (id TEXT, seat TEXT)');
  // Everybody pays for A2, and one is told.
  const server = await target(({ seat, turn, answer, store }) => {
    const id = turn === 1 ? store() : `extra-${turn}`;
    if (turn === 1 || seat === 'A2') database.prepare('INSERT INTO payments VALUES (?, ?)').run(id, seat);
    return turn === 1 ? answer(201, { order_id: id }) : answer(409, { message: 'taken' });
  });
  const sql = { sql: 'SELECT id AS order_id FROM payments WHERE seat = $1', database: `sqlite://${file}` };
  const run = await runSuite(suiteFor(server.url, { race: { readBack: [readBack, sql] } }));
  database.close();
  expect(run.code).toBe(3);
  expect(findingsOf(run)).toEqual(['books-disagree', 'double-booking']);
  expect(run.verdict?.findings.find(({ id }) => id === 'books-disagree')).toMatchObject({
    inventory: 'A2',
    message: 'seat A2: GET /seats/{seat} says that 1 is sold, the statement in sqlite says that 10 are sold',
  });
});

it.concurrent('an admin may ask another host, which gets nothing of a virtual user', async ({
  open,
  target,
  folder,
}) => {
  const server = await target();
  const identities = path.join(folder, 'people.csv');
  fs.writeFileSync(identities, 'username,password\nann,pass-of-ann\nadmin,pass-of-admin\n');
  const asked: unknown[] = [];
  const office = await open(
    httpServer(async ({ url, headers }, response, body) => {
      const json = (value: unknown) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (url === '/token')
        return json({ access_token: `token-${new URLSearchParams(body).get('username')}`, token_type: 'bearer' });
      asked.push([headers.authorization, headers['x-secret'], JSON.parse(body)]);
      const seats = ['A1', 'A2', 'A3'].map(async (seat) => ({
        seat,
        ...((await (await fetch(`${server.url}/seats/${seat}`)).json()) as object),
      }));
      return json({ data: await Promise.all(seats) });
    }),
  );
  const run = await runSuite(
    suiteFor(server.url, {
      race: {
        readBack: {
          post: `${office.url}/ledger`,
          json: { query: '{ seats { seat } }' },
          as: 'admin',
          each: "$.data[?@.seat == '{key}']",
          orderIds: '$.order_ids[*]',
          taken: { body: { '$.status': 'booked' } },
        },
      },
      config: {
        variables: { signIn: { grant: 'password', tokenUrl: `${office.url}/token`, identities } },
        defaults: { headers: { 'x-secret': 'of-a-virtual-user', authorization: 'Bearer of-a-virtual-user' } },
      },
    }),
  );
  expect(run.code).toBe(0);
  expect(findingsOf(run)).toEqual([]);
  // Once before the race and once after it, for all seats.
  expect(asked).toEqual(Array(2).fill(['Bearer token-admin', undefined, { query: '{ seats { seat } }' }]));
});

it.concurrent('a row that is not there ends the run before anything is booked', async ({ target, folder }) => {
  const server = await target();
  const identities = path.join(folder, 'people.csv');
  fs.writeFileSync(identities, 'username,password\nann,pass-of-ann\n');
  const signIn = { grant: 'password', tokenUrl: `${server.url}/token`, identities };
  const race = { readBack: { get: '/seats/{key}', as: 'admin' } };
  const run = await runSuite(suiteFor(server.url, { race, config: { variables: { signIn } } }));
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/no row of .*people\.csv is for "admin"/);
  expect(server.requests()).toBe(0);
});
