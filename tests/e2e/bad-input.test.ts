import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { launchSuite, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { book, eachSeat, type Suite, suiteFor } from '../support/suites.ts';

const plain = { post: { url: '/book', json: { seat: 'A1' } } };

describe.concurrent('bad input ends with exit code 2 and one clear error, and nothing reaches the target', () => {
  it.for<[string, Suite, Readonly<Record<string, string>>, string]>([
    ['an option', { race: { inventorys: ['A'] } }, {}, 'config.plugins.race.inventorys: unknown key; did you mean'],
    ['no race line', { flow: [plain] }, {}, 'config.plugins.race: no request that will run has a race: line'],
    ['a shape', { flow: [book(true as never)] }, {}, 'scenarios.0.flow.0.post.race: must be the inventory'],
    ['an engine', { scenario: { engine: 'ws' } }, {}, 'scenarios.0.flow.0.loop.0.post.race: the engine ws cannot race'],
    ['a URL', { race: { readBack: 'https://a.test:80800/{seat}' } }, {}, 'config.plugins.race.readBack: is not a URL'],
    ['a file', { config: { tls: { ca: 'nope.pem' } } }, {}, 'config.tls.ca: cannot read nope.pem'],
    ['a processor', { config: { processor: './nope.js' } }, {}, 'config.processor: there is no file ./nope.js'],
    ['a metric', { config: { ensure: { thresholds: [{ order_request: 5 }] } } }, {}, 'config.ensure.thresholds.0'],
    [
      'a variable',
      { race: { orderVariables: true } },
      { ORDER_SEATIDS: 'x' },
      'ORDER_SEATIDS: unknown variable; did you',
    ],
    ['a token', { race: { orderVariables: true } }, { ORDER_TOKEN: 'a\nb' }, 'ORDER_TOKEN: has a line break'],
  ])('%s', async ([, suite, env, problem], { target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, suite), { env });
    expect(run.code, run.stderr).toBe(2);
    expect(run.stderr.trim().split('\n')).toEqual([expect.stringContaining(`Error: ${problem}`)]);
    expect(run.stdout.trim().split('\n')).toEqual([expect.stringMatching(/^(Test run id: .*)?$/)]);
    expect(server.requests()).toBe(0);
    expect(run.files).toEqual([]);
  });

  it('a processor that cannot be loaded, after what Artillery says of it', async ({ target, folder }) => {
    const server = await target();
    const processor = path.join(folder, 'broken.js');
    fs.writeFileSync(processor, 'throw new Error("broken on purpose");');
    const run = await launchSuite(suiteFor(server.url, { config: { processor } }));
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).toContain('broken on purpose');
    expect(run.stderr).toMatch(/^Error: no virtual user could start: .*; nothing was booked\n$/);
    expect(run.files).toEqual([]);
  });
});

it.concurrent('a seat that no URL can name is refused before anything is booked, and odd names are asked about', async ({
  target,
}) => {
  const server = await target();
  const asking = (inventories: readonly string[]) => ({ inventories, readBack: '/seats/{seat}' });
  const refused = await runSuite(suiteFor(server.url, { race: asking(['A1', '..']) }));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('no URL can name ".." in its path');
  expect([server.requests(), refused.files]).toEqual([0, []]);
  const run = await runSuite(suiteFor(server.url, { race: asking(['a/b?c#d%', '...', '%2e%2e', 'ü +&']) }));
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.verdict).toMatchObject({ promised: 4, stored: 4 });
});

it.concurrent('variables that are set for other suites change nothing, and one line names them', async ({ target }) => {
  const server = await target();
  const env = { ORDER_BASE_URL: 'http://127.0.0.1:9', ORDER_SEAT_IDS: 'x', ORDER_VUS: '3', ORDER_TOKEN: 'abc' };
  const run = await runSuite(suiteFor(server.url), { env });
  expect(run.code, run.stderr).toBe(0);
  expect(run.verdict).toMatchObject({
    vus: 10,
    rounds: [{ inventory: 'A1' }, { inventory: 'A2' }, { inventory: 'A3' }],
  });
  expect(run.stderr.split('\n').filter((line) => line.includes('ORDER_'))).toEqual([
    'ORDER_VUS, ORDER_BASE_URL, ORDER_SEAT_IDS, ORDER_TOKEN are set and ignored: ' +
      'this suite has no "config.plugins.race.orderVariables: true"',
  ]);
});

it.concurrent('ids that are numbers are sent as JSON numbers, and shown as text', async ({ open }) => {
  const bodies: unknown[] = [];
  const sold = new Set<unknown>();
  const server = await open(
    httpServer((_request, response, text) => {
      const { seat } = JSON.parse(text) as { readonly seat: unknown };
      bodies.push(seat);
      response.writeHead(sold.has(seat) ? 409 : 201).end(JSON.stringify({ order_id: `o-${seat}` }));
      sold.add(seat);
    }),
  );
  const race = { inventories: [17, { key: 18 }, '19'] };
  const flow = [eachSeat(book())];
  const run = await runSuite(suiteFor(server.url, { race, vus: 2, flow }));
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(bodies).toEqual([17, 17, 18, 18, '19', '19']);
  expect(run.verdict?.rounds.map(({ inventory }) => inventory)).toEqual(['17', '18', '19']);
});
