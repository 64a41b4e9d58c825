import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

/** A shop where people book a seat and pay for it. The first booking of seat A1 breaks. */
function shop(breaks: 'reset' | 'silence') {
  const sold = new Set<string>();
  const paid: string[] = [];
  let hasBroken = false;
  const open = (): Promise<HttpServer> =>
    httpServer((request, response, body) => {
      const { seat, vu } = JSON.parse(body) as { seat: string; vu: number };
      const say = (status: number, answer: object) => response.writeHead(status).end(JSON.stringify(answer));
      if (request.url === '/pay') {
        paid.push(`${seat} by VU ${vu}`);
        return say(200, {});
      }
      if (seat === 'A1' && !hasBroken) {
        hasBroken = true;
        return breaks === 'reset' ? request.socket.resetAndDestroy() : undefined;
      }
      if (sold.has(seat)) return say(409, { message: 'taken' });
      sold.add(seat);
      return say(201, { order_id: `order of ${seat}` });
    });
  return { open, paid };
}

/** It writes down what the suite's own hook hears. */
const processor = `
const fs = require('node:fs');
module.exports = {
  heard(error, request, context, events, done) {
    fs.appendFileSync(process.env.HEARD, error.name + ' ' + error.code + ' ' + request.url + '\\n');
    done();
  },
};
`;

describe.concurrent('a raced request that breaks', () => {
  it.for<['reset' | 'silence', string]>([
    ['reset', 'RequestError ECONNRESET'],
    ['silence', 'TimeoutError ETIMEDOUT'],
  ])(
    'by %s: nobody pays for it, the virtual user stays, and the suite is told as by stock Artillery',
    async ([breaks, error], { open, folder }) => {
      const { open: openShop, paid } = shop(breaks);
      const { url } = await open(openShop());
      fs.writeFileSync(path.join(folder, 'heard.cjs'), processor);
      const heard = path.join(folder, 'heard');
      const pay = { post: { url: '/pay', json: { seat: '{{ $loopElement }}', vu: '{{ $vu }}' } } };
      const report = path.join(folder, 'report.json');
      const run = await runSuite(
        suiteFor(url, {
          vus: 4,
          race: { attempt: { timeoutMs: 400 } },
          config: { processor: path.join(folder, 'heard.cjs') },
          flow: [eachSeat(book(), pay)],
          scenario: { onError: 'heard' },
        }),
        { env: { HEARD: heard }, report },
      );
      const { counters } = JSON.parse(fs.readFileSync(report, 'utf8')).aggregate;
      const code = error.split(' ')[1];
      expect(counters).toMatchObject({ [`errors.${code}`]: 1, 'vusers.failed': 1, 'vusers.completed': 3 });
      expect(fs.readFileSync(heard, 'utf8')).toBe(`${error} ${url}/book\n`);
      expect(paid).toHaveLength(11);
      expect(run.verdict?.rounds.map(({ requests }) => requests)).toEqual([4, 4, 4]);
    },
  );
});
