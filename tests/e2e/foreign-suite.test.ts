import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { ENDINGS, endingsOf, type FinishedRun, root, runCommand, writtenBy } from '../support/artillery.ts';
import { it as base, temporaryFolder } from '../support/fixtures.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';

const run = promisify(execFile);

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
      output: { dir: OUTPUT }
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

/**
 * A project with the packed plugin and a copy of Artillery, as npm would install them: each finds the packages that it
 * depends on, and no others.
 */
async function installedProject(): Promise<string> {
  const project = temporaryFolder('foreign-');
  const modules = path.join(project, 'node_modules');
  const plugin = path.join(modules, 'artillery-plugin-race');
  const artillery = path.join(modules, 'artillery');
  const pack = ['pack', path.join(root, 'plugin'), '--json', '--ignore-scripts', '--pack-destination', project];
  const [packed] = JSON.parse((await run('npm', pack, { cwd: project })).stdout) as { filename: string }[];
  fs.mkdirSync(plugin, { recursive: true });
  await run('tar', ['-xf', path.join(project, packed?.filename ?? ''), '-C', plugin, '--strip-components=1']);
  fs.cpSync(path.join(root, 'node_modules/artillery'), artillery, { recursive: true });
  for (const folder of [plugin, artillery]) {
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const link = path.join(modules, name);
      if (fs.existsSync(link)) continue;
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(path.join(root, 'node_modules', name), link);
    }
  }
  return project;
}

const it = base
  .extend('project', { scope: 'file' }, installedProject)
  .extend('race', ({ open, project }) => async (twice: boolean): Promise<FinishedRun> => {
    const { url } = await open(clinic(twice));
    const file = `suite-${twice}.yml`;
    const env = { ORDER_OUTPUT_DIR: path.join(project, `output-${twice}`) };
    fs.writeFileSync(path.join(project, file), suite.replace('TARGET', url).replace('OUTPUT', env.ORDER_OUTPUT_DIR));
    return runCommand(path.join(project, 'node_modules/artillery/bin/run'), ['run', file], { cwd: project, env });
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
