import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { parseInitArguments } from '../../plugin/src/init/arguments.ts';
import { silentAsker } from '../../plugin/src/init/ask.ts';
import { writeNewSuite } from '../../plugin/src/init/new-suite.ts';
import { findingsOf, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';

type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>];

/** How an API says things; what it does is the same for all. */
interface Dialect {
  readonly sold: (order: number) => Answer;
  readonly refused: (plot: string) => Answer;
  /** Accepts everything, and decides a little later; `/queue/N` says how. */
  readonly isQueue?: true;
}

const page = (text: string) => `<!doctype html><html><head><title>Plots</title></head><body>${text}</body></html>`;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  status: { sold: (id) => [201, { id }], refused: () => [409, { detail: 'sold' }] },
  'always 200': {
    sold: (no) => [200, { success: true, order: { no } }],
    refused: () => [200, { success: false, error: 'sold' }],
  },
  GraphQL: {
    sold: (id) => [200, { data: { book: { id } } }],
    refused: () => [200, { data: { book: null }, errors: [{ message: 'sold' }] }],
  },
  redirect: {
    sold: (id) => [303, '', { location: `/orders/${id}` }],
    refused: (plot) => [303, '', { location: `/plots/${plot}?error=sold` }],
  },
  page: {
    sold: (id) => [200, page(`<h1>Thank you!</h1><p>Order no. ${id}</p>`)],
    refused: (plot) => [200, page(`<p>Sorry, ${plot} is taken</p>`)],
  },
  'equal answers': { sold: () => [200, { received: true }], refused: () => [200, { received: true }] },
  'status page': {
    sold: (order) => [200, { state: 'confirmed', order }],
    refused: () => [200, { state: 'rejected', reason: 'sold' }],
    isQueue: true,
  },
};

/** `POST /plots/{plot}/orders` books; the wrong API looks, and writes later. */
async function shop({ sold, refused, isQueue }: Dialect, isRight: boolean) {
  const orders = new Map<string, { id: number }[]>();
  const queue: Answer[] = [];
  let bookings = 0;
  const server = await httpServer(async ({ method, url = '' }, response) => {
    const answer = ([status, body, headers = {}]: Answer) =>
      response
        .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    const [, kind, name = ''] = url.split('/');
    if (kind === 'queue') return answer(queue[Number(name)] ?? [200, { state: 'pending' }]);
    const own = orders.get(name) ?? [];
    orders.set(name, own);
    if (method === 'GET') return answer([200, { plot: name, orders: own }]);
    bookings += 1;
    const book = async (): Promise<Answer> => {
      if (own.length > 0) return refused(name);
      if (!isRight) await sleep(30);
      const id = 1000 + orders.size * 100 + own.length;
      own.push({ id });
      return sold(id);
    };
    if (!isQueue) return answer(await book());
    const place = queue.push([200, { state: 'pending' }]) - 1;
    setTimeout(async () => queue.splice(place, 1, await book()), 50);
    return answer([202, { accepted: true }, { location: `/queue/${place}` }]);
  });
  return { ...server, bookings: () => bookings };
}

/** The suite that `init --probe` writes for a cURL command. */
async function probed(url: string, folder: string): Promise<object> {
  const [file, out] = [path.join(folder, 'request.txt'), path.join(folder, 'plots.yml')];
  fs.writeFileSync(file, `curl '${url}/plots/P-1/orders' -X POST --json '{"nights":2}'`);
  const options = ['--seat', 'P-1', '--inventories', 'P-2,P-3,P-4', '--read-back', '/plots/{plot}', '--out', out];
  const args = parseInitArguments([file, ...options, '--probe', '--book-one']);
  if (args === undefined) throw new Error('no help was wanted');
  await writeNewSuite(args, silentAsker);
  return parse(fs.readFileSync(out, 'utf8'));
}

describe.each(Object.entries(DIALECTS))('the suite that a probe writes for an API with %s', (_name, dialect) => {
  it('passes where the lock is right', async ({ open, folder }) => {
    const { url, bookings } = await open(shop(dialect, true));
    const suite = await probed(url, folder);
    expect(bookings()).toBe(2);
    const run = await runSuite(suite, { environment: 'staging' });
    expect([run.code, run.verdict?.verdict, findingsOf(run)]).toEqual([0, 'pass', []]);
  });

  it('fails where the lock is wrong', async ({ open, folder }) => {
    const { url, bookings } = await open(shop(dialect, false));
    const suite = await probed(url, folder);
    expect(bookings()).toBe(2);
    const run = await runSuite(suite, { environment: 'staging' });
    expect([run.code, run.verdict?.verdict]).toEqual([3, 'fail']);
    expect(findingsOf(run)).toContain('double-booking');
  });
});
