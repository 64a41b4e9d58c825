import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { findingsOf, runSuite } from '../support/artillery.ts';
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

describe.concurrent('virtual users that cannot sign in', () => {
  /** Knows only these users. */
  const clinic = (known: number) => {
    let booked = 0;
    const open = () =>
      httpServer((request, response, body) => {
        const { vu } = JSON.parse(body) as { vu: number };
        const say = (status: number, answer: object) => response.writeHead(status).end(JSON.stringify(answer));
        if (request.url === '/auth/login')
          return vu <= known ? say(200, { token: `token of ${vu}` }) : say(401, { error: `no user ${vu}` });
        booked += 1;
        return booked === 1 ? say(201, { order_id: 'o1' }) : say(409, { message: 'taken' });
      });
    return { open, booked: () => booked };
  };
  const login = { post: { url: '/auth/login', json: { vu: '{{ $vu }}' }, capture: { json: '$.token', as: 'token' } } };
  const suite = (url: string) => suiteFor(url, { race: { inventories: ['A1'] }, vus: 5, flow: [login, book('A1')] });

  it('are named, and the others race: the verdict is at best incomplete', async ({ open }) => {
    const { open: openClinic, booked } = clinic(3);
    const { url } = await open(openClinic());
    const run = await runSuite(suite(url));
    expect(run.code, run.stdout).toBe(4);
    expect(findingsOf(run)).toEqual(['incomplete']);
    expect(booked()).toBe(3);
    expect(run.stdout).toContain('VU 4 ended before the race: POST /auth/login → 401 {"error":"no user 4"} (2');
    expect(run.verdict?.findings[0]?.message).toContain(
      'VU 4 ended before the race: POST /auth/login → 401 {"error":"no user 4"} (2 virtual users: VU 4, 5)',
    );
  });

  it('end the run with exit code 2 where fewer than two are left, and nobody books', async ({ open }) => {
    const { open: openClinic, booked } = clinic(1);
    const { url } = await open(openClinic());
    const run = await runSuite(suite(url));
    expect(run.code, run.stdout).toBe(2);
    expect(booked()).toBe(0);
    expect(run.stderr).toContain('Error: fewer than two virtual users are left for the race, and nothing was booked\n');
    expect(run.stderr).toMatch(/^Error: VU \d ended before the race: POST \/auth\/login → 401 {"error":"no user \d"}/m);
    expect(run.verdict).toBeUndefined();
  });
});

it.concurrent.for<[string, object, readonly string[]]>([
  ['--solo', {}, ['--solo']],
  ['--solo, of a suite for twenty', { race: { contenders: 20, inventories: ['A1'] } }, ['--solo']],
  ['no phases', { config: { phases: undefined } }, []],
])('a try-out by one virtual user (%s) runs, and is no race', async ([, suite, args], { target }) => {
  const server = await target();
  const run = await runSuite(suiteFor(server.url, { race: { inventories: ['A1'] }, flow: [book('A1')], ...suite }), {
    args,
  });
  expect(run.code, run.stdout + run.stderr).toBe(4);
  expect(findingsOf(run)).toContain('weak-contention');
  expect(run.verdict).toMatchObject({ totals: { requests: 1, ok: 1 } });
  expect(server.requests()).toBe(1);
});
