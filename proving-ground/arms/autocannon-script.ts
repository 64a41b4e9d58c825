// node proving-ground/arms/autocannon-script.ts RACE PACKAGE
//
// Runs autocannon once for each seat, with one connection for each contender and one request on each connection.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { HEADERS, orderBody, seatsFor } from './order.ts';
import { raceFromArguments } from './program.ts';

interface Client {
  setBody(body: string): void;
}

type Autocannon = (options: Readonly<Record<string, unknown>>) => Promise<{ readonly '2xx': number }>;

const race = raceFromArguments();
const { default: autocannon } = (await import(
  pathToFileURL(path.join(process.argv[3] ?? '', 'autocannon.js')).href
)) as { readonly default: Autocannon };

const winners: number[] = [];
for (const order of race.orders) {
  let number = 0;
  const result = await autocannon({
    url: race.url,
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(orderBody(order)),
    connections: race.contenders,
    amount: race.contenders,
    timeout: Math.ceil(race.timeoutMs / 1000),
    setupClient: (client: Client) => client.setBody(JSON.stringify(orderBody(seatsFor(race, order, number++)))),
  });
  winners.push(result['2xx']);
}
process.stdout.write(`${JSON.stringify(winners)}\n`);
