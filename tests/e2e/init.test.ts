import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../plugin/src/commands/main.ts';
import { DEMO_SEATS, DEMO_TOKEN } from '../../reference-api/demo.ts';
import { orderOf, startApi, withLock } from '../reference-api/api.ts';
import { type FinishedRun, findingsOf, runSuite } from '../support/artillery.ts';
import { campsite } from '../support/campsite.ts';
import { it as base, temporaryFolder } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';

/** Two commands, and nothing is edited in between: `init`, then a run. */
async function initAndRun(command: string, args: readonly string[]): Promise<FinishedRun> {
  const folder = temporaryFolder('init-');
  const input = path.join(folder, 'request.txt');
  const out = path.join(folder, 'copied.race.yml');
  fs.writeFileSync(input, command);
  expect(await main(['init', input, '--out', out, ...args], process.env)).toBe(0);
  const env = parseEnv(fs.readFileSync(path.join(folder, '.env'), 'utf8')) as Record<string, string>;
  return runSuite(parse(fs.readFileSync(out, 'utf8')), { environment: 'staging', env });
}

const it = base.extend('quiet', { auto: true }, ({ onTestFinished }) => {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  onTestFinished(() => {
    process.stdout.write = write;
  });
});

const [captured = '', ...free] = DEMO_SEATS;

describe.each([
  ['with a read-back', ['--read-back', '/orders/seats/{seat}']],
  ['with the answers alone', ['--probe', '--book-one']],
])('the reference API, %s', (_, more) => {
  const race = (origin: string) =>
    initAndRun(
      `curl '${origin}/orders' \\
        -H 'authorization: Bearer ${DEMO_TOKEN}' -H 'user-agent: Mozilla/5.0' \\
        --json '${JSON.stringify(orderOf(captured))}'`,
      ['--inventories', free.slice(0, 3).join(), ...more],
    );

  it('passes with the right lock', async ({ open }) => {
    const { origin } = await open(startApi(withLock('unique')));
    const run = await race(origin);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('fails without a lock', async ({ open }) => {
    const { origin } = await open(startApi(withLock('none')));
    const run = await race(origin);
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(findingsOf(run)).toContain('double-booking');
  });
});

describe('an API of another shape', () => {
  const race = (url: string) =>
    initAndRun(
      `curl ^"${url}/plots/C-14/stays^" ^\r\n  -u ^"ann:ann-password^" ^\r\n  --json ^"^{^\\^"nights^\\^":2^}^"`,
      [
        ...['--seat', 'C-14', '--inventories', 'C-15,C-16,C-17', '--read-back', '/plots/{plot}'],
        ...['--user', 'ann:ann-password', '--user', 'bob:bob-password', '--probe', '--book-one'],
      ],
    );

  it('passes where it is right', async ({ open }) => {
    const { url } = await open(campsite(true));
    const run = await race(url);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.rounds.map(({ inventory }) => inventory)).toEqual(['C-15', 'C-16']);
    expect(run.verdict?.totals).toMatchObject({ requests: 20, ok: 2, fail: 18 });
  });

  it('fails where it is wrong', async ({ open }) => {
    const { url } = await open(campsite(false));
    const run = await race(url);
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(findingsOf(run)).toContain('double-booking');
  });
});

describe('an API that tells the same user the same order again', () => {
  it('passes where it is right: each virtual user is another one of --user', async ({ open }) => {
    const orders = new Map<string, string>();
    const { url } = await open(
      httpServer(({ headers: { authorization = '' } }, response, body) => {
        const owner = orders.get(body) ?? authorization;
        orders.set(body, owner);
        const isOwn = owner === authorization;
        response.writeHead(isOwn ? 200 : 409).end(JSON.stringify(isOwn ? { order: body.length } : { error: 'taken' }));
      }),
    );
    const users = ['ann', 'bob', 'cy', 'dan'].flatMap((name) => ['--user', `${name}:${name}-password`]);
    const run = await initAndRun(`curl ${url}/orders -u ann:ann-password --json '{"seat":"A1"}'`, [
      ...['--seat', 'A1', '--inventories', 'A2,A3,A4,A5,A6,A7', '--vus', '4', '--probe', '--book-one', ...users],
    ]);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 20, ok: 5, fail: 15 });
  });
});
