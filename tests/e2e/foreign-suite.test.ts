import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { ENDINGS, endingsOf, type FinishedRun, root, runCommand, writtenBy } from '../support/artillery.ts';
import { it as base, temporaryFolder } from '../support/fixtures.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';

/**
 * A suite of somebody else: appointments of a clinic. Other paths and field names, a login whose token is captured, a
 * list of slots in the flow, no processor, and stock Artillery beside the packed plugin.
 */
const suite = `
config:
  target: TARGET
  phases:
    - { duration: 1, arrivalCount: 12 }
  plugins:
    race:
      label: slot
      outcome:
        success: { status: [200], body: { "$.result": "CONFIRMED" } }
        refusal: { status: [200], body: { "$.result": "GONE" } }
        orderId: $.appointment.ref
        message: $.why
scenarios:
  - flow:
      - post:
          url: /login
          json: { name: "patient" }
          capture: { json: "$.jwt", as: jwt }
      - loop:
          - get:
              url: /slots/{{ $loopElement }}
          - put:
              url: /slots/{{ $loopElement }}/appointment
              headers: { x-auth: "{{ jwt }}" }
              json: { patient: "{{ $uuid }}" }
              race: "{{ $loopElement }}"
        over: [mon-0900, mon-0930, tue-1400]
`;

/** The clinic: it answers 200 to everything. With `twice`, it gives the second slot to two patients. */
function clinic(twice: boolean): Promise<HttpServer> {
  const given = new Map<string, number>();
  return httpServer((request, response) => {
    const say = (body: object) => response.end(JSON.stringify(body));
    const slot = request.url?.split('/')[2] ?? '';
    if (request.url === '/login') return say({ jwt: 'a-secret-of-the-patient' });
    if (request.method === 'GET') return say({ slot });
    if (request.headers['x-auth'] !== 'a-secret-of-the-patient') return response.writeHead(401).end();
    const count = (given.get(slot) ?? 0) + 1;
    given.set(slot, count);
    const wins = count <= (twice && slot === 'mon-0930' ? 2 : 1);
    return wins
      ? say({ result: 'CONFIRMED', appointment: { ref: `${slot}#${count}` } })
      : say({ result: 'GONE', why: 'too late' });
  });
}

const it = base
  /** A folder in which the packed plugin and stock Artillery are installed. */
  .extend('project', { scope: 'file' }, () => {
    const cwd = temporaryFolder('foreign-');
    const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', npm_config_update_notifier: 'false' };
    const npm = (...args: string[]) => execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
    const pack = ['pack', path.join(root, 'plugin'), '--json', '--ignore-scripts', '--pack-destination', cwd];
    const [packed] = JSON.parse(npm(...pack)) as { filename: string }[];
    fs.writeFileSync(path.join(cwd, 'package.json'), '{ "name": "clinic", "private": true }');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    npm('install', ...options, 'artillery@2.0.34', `./${packed?.filename}`);
    return cwd;
  })
  .extend('race', ({ open, project }) => async (twice: boolean): Promise<FinishedRun> => {
    const { url } = await open(clinic(twice));
    const file = `suite-${twice}.yml`;
    fs.writeFileSync(path.join(project, file), suite.replace('TARGET', url));
    return runCommand(path.join(project, 'node_modules/.bin/artillery'), ['run', file], { cwd: project });
  });

describe.concurrent('a suite of another shape, with the packed plugin and stock Artillery', {
  timeout: 400_000,
}, () => {
  it("needs only the plugin's block, and one line on the request that races", async ({ race }) => {
    const run = await race(false);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', vus: 12, totals: { requests: 36, ok: 3, fail: 33, info: 0 } });
    expect(run.stdout).toContain('Slot 3: 12 requests → ✓ 1 success, ✗ 11 failures');
    expect(endingsOf(run.files)).toEqual(ENDINGS);
    expect(run.verdict?.rounds.map(({ inventory, winners }) => [inventory, winners[0]?.orderId])).toEqual([
      ['mon-0900', 'mon-0900#1'],
      ['mon-0930', 'mon-0930#1'],
      ['tue-1400', 'tue-1400#1'],
    ]);
    expect(writtenBy(run)).not.toContain('a-secret-of-the-patient');
  });

  it('catches a slot that is given to two patients, and names both', async ({ race }) => {
    const run = await race(true);
    expect(run.code).toBe(3);
    expect(run.verdict?.findings).toMatchObject([{ id: 'double-booking', inventory: 'mon-0930', round: 2 }]);
    const orders = run.verdict?.findings[0]?.witness.map((attempt) => attempt.outcome === 'ok' && attempt.orderId);
    expect(orders?.toSorted()).toEqual(['mon-0930#1', 'mon-0930#2']);
  });

  it('installs only what is published: the bundle, the templates, the types', ({ project }) => {
    const folder = path.join(project, 'node_modules/artillery-plugin-race');
    const installed = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(installed).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/templates/report.hbs', 'dist/index.d.ts', 'LICENSE', 'README.md']),
    );
    expect(installed.filter((file) => /^(src|node_modules)/.test(file))).toEqual([]);
  });
});
