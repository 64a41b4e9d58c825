import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, runCommand } from '../support/artillery.ts';

/**
 * Somebody else's suite: appointments of a clinic. Other paths and field names, a login whose token is captured, slots
 * from a CSV-like list in the flow, no processor, and stock Artillery beside the packed plugin.
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

/** The clinic: answers 200 to everything; with `twice`, its second slot is given to two. */
function clinic(twice: boolean): Promise<http.Server> {
  const given = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const say = (body: object) => response.end(JSON.stringify(body));
    request.resume().on('end', () => {
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
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a suite of another shape, with the packed plugin and stock Artillery', { timeout: 400_000 }, () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'foreign-'));
  const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', npm_config_update_notifier: 'false' };

  beforeAll(() => {
    const npm = (...args: string[]) => execFileSync('npm', args, { cwd: dir, env, encoding: 'utf8', stdio: 'pipe' });
    const [packed] = JSON.parse(
      npm('pack', path.join(root, 'plugin'), '--json', '--ignore-scripts', '--pack-destination', dir),
    ) as {
      filename: string;
    }[];
    fs.writeFileSync(path.join(dir, 'package.json'), '{ "name": "clinic", "private": true }');
    npm(
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      'artillery@2.0.34',
      `./${packed?.filename}`,
    );
  }, 400_000);
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

  const race = async (twice: boolean) => {
    const server = await clinic(twice);
    const address = server.address();
    const target = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    fs.writeFileSync(path.join(dir, 'suite.yml'), suite.replace('TARGET', target));
    try {
      return await runCommand(path.join(dir, 'node_modules/.bin/artillery'), ['run', 'suite.yml'], {
        cwd: dir,
        env: { ORDER_OUTPUT_DIR: path.join(dir, `output-${twice}`) },
      });
    } finally {
      server.close();
    }
  };

  it('needs the block of the plugin and one line on the request that races', async () => {
    const run = await race(false);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', vus: 12, totals: { requests: 36, ok: 3, fail: 33, info: 0 } });
    expect(run.stdout).toContain('Slot 3: 12 requests → ✓ 1 success, ✗ 11 failures');
    expect(run.files.map((file) => file.replace(/^.*_\d{8}_\d{6}/, '')).toSorted()).toEqual([
      '.history.jsonl',
      '.html',
      '.junit.xml',
      '.md',
      '.verdict.json',
    ]);
    expect(run.verdict?.rounds.map(({ inventory, winners }) => [inventory, winners[0]?.orderId])).toEqual([
      ['mon-0900', 'mon-0900#1'],
      ['mon-0930', 'mon-0930#1'],
      ['tue-1400', 'tue-1400#1'],
    ]);
    for (const file of run.files) {
      expect(fs.readFileSync(path.join(run.outputDir, file), 'utf8')).not.toContain('a-secret-of-the-patient');
    }
  });

  it('catches a slot that is given to two, and names both', async () => {
    const run = await race(true);
    expect(run.code).toBe(3);
    expect(run.verdict?.findings).toMatchObject([{ id: 'double-booking', inventory: 'mon-0930', round: 2 }]);
    expect(run.verdict?.findings[0]?.witness.map((its) => its.outcome === 'ok' && its.orderId).toSorted()).toEqual([
      'mon-0930#1',
      'mon-0930#2',
    ]);
  });

  it('carries no more than what is published: the bundle, the templates, the types', () => {
    const installed = fs.readdirSync(path.join(dir, 'node_modules/artillery-plugin-race'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(installed).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/templates/report.hbs', 'dist/index.d.ts', 'LICENSE', 'README.md']),
    );
    expect(installed.filter((file) => /^(src|node_modules)/.test(file))).toEqual([]);
  });
});
