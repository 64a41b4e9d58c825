import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { findingsOf, launchSuite, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { eachSeat, suiteFor } from '../support/suites.ts';

/** A shop that lists its seats, sells each once, and keeps what buyers send. */
async function listingShop(list: unknown, status = 200) {
  const sold = new Set<unknown>();
  const sent: Record<string, unknown>[] = [];
  const asked: string[] = [];
  const server = await httpServer((request, response, body) => {
    const answer = (code: number, json: unknown) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.method === 'GET') {
      asked.push(`${request.url} ${request.headers['x-team'] ?? ''}`);
      return answer(status, list);
    }
    const order = JSON.parse(body) as Record<string, unknown>;
    sent.push(order);
    if (sold.has(order.seat)) return answer(409, { message: 'sold out' });
    sold.add(order.seat);
    return answer(201, { order_id: `o-${order.seat}` });
  });
  return { ...server, sent, asked };
}

const book = {
  post: {
    url: '/book',
    json: { seat: '{{ $loopElement }}', quota: '{{ $inventory.quota }}' },
    race: '{{ $loopElement }}',
  },
};
const flow = [eachSeat(book)];
const SEATS = {
  get: '/seats?status=free',
  headers: { 'x-team': 'blue' },
  each: '$.seats[*]',
  key: '$.id',
  capacity: '$.left',
  quota: '$.quota_id',
  first: 2,
};

describe('inventories', () => {
  it('come from a request, with fields, and numbers stay numbers', async ({ open }) => {
    const seats = [
      { id: 'sold', left: 0, quota_id: 1 },
      { id: 7, left: 1, quota_id: 70 },
      { id: 'B', left: 1, quota_id: 'q' },
      { id: 'C', left: 1, quota_id: 72 },
    ];
    const shop = await open(listingShop({ seats }));
    const run = await runSuite(suiteFor(shop.url, { race: { inventories: SEATS }, flow }));
    expect([run.code, findingsOf(run), run.stderr]).toEqual([0, [], '']);
    expect(shop.asked).toEqual(['/seats?status=free blue']);
    expect(shop.sent[0]).toEqual({ seat: 7, quota: 70 });
    expect(shop.sent.at(-1)).toEqual({ seat: 'B', quota: 'q' });
    expect(run.verdict?.rounds.map(({ inventory }) => inventory)).toEqual(['7', 'B']);
  });

  it('come from a CSV beside the script, as text', async ({ open, folder }) => {
    const shop = await open(listingShop([]));
    const file = path.join(folder, 'seats.csv');
    fs.writeFileSync(file, '\uFEFFseat_id,stock,quota\n007,1,70\nB,1,"71, east"\n');
    const inventories = { csv: file, key: 'seat_id', capacity: 'stock' };
    const run = await runSuite(suiteFor(shop.url, { race: { inventories }, flow }));
    expect([run.code, findingsOf(run), run.stderr]).toEqual([0, [], '']);
    expect([shop.sent[0], shop.sent.at(-1)]).toEqual([
      { seat: '007', quota: '70' },
      { seat: 'B', quota: '71, east' },
    ]);
  });

  it('stop the run where they cannot be read or are none, and show the answer', async ({ open }) => {
    const shop = await open(listingShop({ error: 'no such event' }, 404));
    const run = await launchSuite(suiteFor(shop.url, { race: { inventories: SEATS }, flow }));
    expect([run.code, run.stderr.trim(), shop.sent]).toEqual([
      2,
      `Error: config.plugins.race.inventories: GET ${shop.url}/seats was answered otherwise than with 2xx and JSON: 404 {"error":"no such event"}`,
      [],
    ]);
  });
});
