import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { DEMO_SEATS, DEMO_TOKEN } from '../../reference-api/demo.ts';
import { orderOf, startApi, withLock } from '../reference-api/api.ts';
import { type FinishedRun, findingsOf, root, runCommand, runSuite } from '../support/artillery.ts';
import { campsite } from '../support/campsite.ts';
import { type Bookable, harOf, type InputFile, openapiOf, postmanOf } from '../support/captured-requests.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

/** The command as it is installed: what is bundled reads the formats. Then a run, and nothing is edited in between. */
async function initAndRun(
  { name, text }: InputFile,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<FinishedRun> {
  const folder = temporaryFolder('formats-');
  const [input, out, dotenv] = [name, 'booking.race.yml', '.env'].map((file) => path.join(folder, file)) as [
    string,
    string,
    string,
  ];
  fs.writeFileSync(input, text);
  const bin = path.join(root, 'plugin/bin.js');
  const init = await runCommand(process.execPath, [bin, 'init', input, '--out', out, ...args], { env });
  expect(init.code, init.stdout + init.stderr).toBe(0);
  const kept = fs.existsSync(dotenv) ? parseEnv(fs.readFileSync(dotenv, 'utf8')) : {};
  const set = { ...(kept as Record<string, string>), ...env };
  for (const secret of Object.values(set).filter((value) => value.length > 3)) {
    expect(init.stdout + fs.readFileSync(out, 'utf8')).not.toContain(secret);
  }
  return runSuite(parse(fs.readFileSync(out, 'utf8')), { environment: 'staging', env: set });
}

type Write = (request: Bookable) => InputFile;

const [captured = '', ...free] = DEMO_SEATS;

describe.each<readonly [string, Write, readonly string[]]>([
  ['a HAR', harOf, []],
  ['an OpenAPI document', openapiOf, ['--operation', 'POST:/orders']],
  ['a Postman collection', postmanOf, ['--request', 'Book']],
])('the reference API, from %s', (_, write, choice) => {
  const race = (origin: string) =>
    initAndRun(
      write({ origin, path: '/orders', body: orderOf(captured), auth: { token: DEMO_TOKEN } }),
      ['--seat', captured, '--inventories', free.slice(0, 3).join(), '--probe', '--book-one', ...choice],
      write === openapiOf ? { RACE_TOKEN: DEMO_TOKEN } : {},
    );

  it('passes with the right lock', async ({ open }) => {
    const { origin } = await open(startApi(withLock('unique')));
    const run = await race(origin);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', findings: [], totals: { ok: 2, fail: 18 } });
  });

  it('fails without a lock', async ({ open }) => {
    const { origin } = await open(startApi(withLock('none')));
    const run = await race(origin);
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(findingsOf(run)).toContain('double-booking');
  });
});

describe.each<readonly [string, Write, readonly string[]]>([
  ['a HAR', harOf, []],
  ['an OpenAPI document', openapiOf, ['--operation', 'book', '--seat', 'plot']],
  ['a Postman collection', postmanOf, ['--request', 'Sell/Book']],
])('an API of another shape, from %s', (_, write, choice) => {
  const login = { user: 'ann', password: 'ann-password' };
  const race = (origin: string) => {
    const parameters = [{ name: 'plot', in: 'path', required: true, schema: { type: 'string' }, example: 'C-14' }];
    const where = { path: '/plots/C-14/stays', template: '/plots/{plot}/stays', parameters };
    return initAndRun(
      write({ origin, ...where, body: { nights: 2 }, auth: login }),
      [
        ...['--seat', 'C-14', '--inventories', 'C-15,C-16,C-17', '--read-back', '/plots/{plot}'],
        ...['--probe', '--book-one', ...choice],
      ],
      write === openapiOf ? { RACE_USER: login.user, RACE_PASSWORD: login.password } : {},
    );
  };

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
