import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { PackVerdictFile } from '../../reports/index.ts';
import { ENDINGS, type FinishedRun, root, runCommand, runFile } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

const script = path.join(root, 'run-order-race-test.sh');

/** The text of a file that is about all scenarios. */
const read = (run: FinishedRun, ending: string): string => {
  const name = run.files.find((file) => file.startsWith('all_scenarios_') && file.endsWith(ending)) ?? 'none';
  return fs.readFileSync(path.join(run.outputDir, name), 'utf8');
};

/** An environment that is only in the file which all scenarios share. */
const STAGING = `
staging:
  target: "{{ $env.STAGING_URL }}/book"
  variables: { eventId: e, sessionId: s, organizationId: o, seats: [A1, A2] }
  plugins: { race: { limits: { spreadMs: 2000, overlap: 0 }, contenders: 6 } }
`;

/** The repository with its own copy of scenarios/ and cli/, and one more environment in the shared file. */
function cloneWith(environment: string): string {
  const dir = temporaryFolder('scenarios-');
  for (const name of ['scenarios', 'cli']) fs.cpSync(path.join(root, name), path.join(dir, name), { recursive: true });
  for (const name of ['model', 'plugin', 'processors', 'reference-api', 'reports', 'node_modules', 'package.json']) {
    fs.symlinkSync(path.join(root, name), path.join(dir, name));
  }
  fs.appendFileSync(path.join(dir, 'scenarios/environments.yml'), environment);
  return dir;
}

describe.concurrent('--scenario', () => {
  it('runs a scenario by name, and its files have that name', async () => {
    const run = await runCommand(script, ['--scenario', 'order-ramp', '--seat-count', '2', 'demo'], {
      env: { ORDER_VUS: '12' },
    });
    // A busy machine may not keep the offsets.
    expect([0, 4], run.stdout + run.stderr).toContain(run.code);
    expect(run.files).toHaveLength(ENDINGS.length);
    for (const file of run.files) expect(file).toMatch(/^order_ramp_demo_\d{8}_\d{6}\./);
    expect(run.verdict).toMatchObject({ scenario: 'order-ramp.yml', vus: 12, totals: { requests: 24, ok: 2 } });
    expect(run.verdict?.rounds.map(({ offsets }) => offsets?.plannedMs)).toEqual([
      expect.closeTo(40, 6),
      expect.closeTo(40, 6),
    ]);
    expect(run.stdout).toContain('━━ Order ramp ━');
  });

  it('exits with 2 for an unknown name, and suggests the right one', async () => {
    const run = await runCommand(script, ['--scenario', 'order-rmap', 'demo']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^Error: there is no scenario "order-rmap"; did you mean "order-ramp"\?.*\n$/);
  });

  it('all runs every scenario in turn, into one verdict, one JUnit suite and one index page', async ({ target }) => {
    // Two scenarios, against a server that sells only the first seat: each fails. A third is for another environment.
    const server = await target();
    const dir = cloneWith(STAGING);
    for (const file of fs.readdirSync(path.join(dir, 'scenarios'))) {
      if (!/^(environments|order-race|order-ramp)\.yml$/.test(file)) fs.rmSync(path.join(dir, 'scenarios', file));
    }
    const ramp = fs.readFileSync(path.join(dir, 'scenarios/order-ramp.yml'), 'utf8');
    const elsewhere = ramp
      .replace(/^ {6}environments: .*\n/m, '')
      .replace(/^ {2}environments: .*$/m, '  environments: { elsewhere: {} }');
    fs.writeFileSync(path.join(dir, 'scenarios/zoo.yml'), elsewhere);
    const argv = ['--scenario', 'all', 'staging'];
    const run = await runCommand(process.execPath, [path.join(dir, 'cli/main.ts'), ...argv], {
      cwd: dir,
      env: { STAGING_URL: server.url, ORDER_RUN_ID: 'nightly' },
    });
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(run.stderr).toContain(
      'Left out: zoo: environment "staging": not under config.environments; known: elsewhere',
    );
    const pack = JSON.parse(read(run, '.verdict.json')) as PackVerdictFile;
    expect(pack).toMatchObject({
      verdict: 'fail',
      exitCode: 3,
      env: 'staging',
      scenarios: [
        { scenario: 'order-race', runId: 'nightly-order-race', result: 'fail', findings: { 'no-winner': 1 } },
        {
          scenario: 'order-ramp',
          runId: 'nightly-order-ramp',
          result: 'inconclusive',
          findings: { 'request-refused': 1 },
        },
      ],
    });
    const page = read(run, '.html');
    const junit = read(run, '.junit.xml');
    for (const { scenario, files } of pack.scenarios) {
      for (const file of Object.values(files ?? { none: 'none' })) {
        expect(run.files).toContain(file);
        expect(page).toContain(`href="${file}"`);
      }
      expect(junit).toContain(`<testsuite name="${scenario.replaceAll('-', ' ')} (staging)"`);
    }
    expect(run.files).toHaveLength(2 * 5 + 4);
    expect(read(run, '.md')).toContain('❌ FAIL');
    expect(run.stdout).toContain('━━ All scenarios ━');
    expect(run.stdout).toContain('./run-order-race-test.sh --scenario all staging');
  });
});

describe.concurrent('an environment that all scenarios share', () => {
  it('is one block, and plain Artillery runs any scenario in it', async ({ target }) => {
    const server = await target();
    const cwd = cloneWith(STAGING);
    for (const name of ['order-race', 'order-ramp']) {
      const run = await runFile(`scenarios/${name}.yml`, {
        cwd,
        environment: 'staging',
        loud: true,
        env: { STAGING_URL: server.url, ORDER_VUS: '6' },
      });
      // This server knows another shape of bookings: only the settings count here.
      expect(run.verdict, run.stdout + run.stderr).toMatchObject({
        env: 'staging',
        target: `${server.url}/book`,
        vus: 6,
        rounds: [{ inventory: 'A1' }, { inventory: 'A2' }],
        limits: { spreadMs: 2000 },
        readBack: 'off',
      });
      expect(run.stdout).toContain('Environment staging is in environments.yml, which Artillery does not read');
    }
  });

  it('is overridden by an environment of the scenario itself', async () => {
    const cwd = cloneWith('');
    const file = path.join(cwd, 'scenarios/order-race.yml');
    const own = `environments: { mine: { target: "http://127.0.0.1:9/orders", variables: { eventId: "" } } }`;
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/environments: \{ demo.*/, own));
    const run = await runFile(file, { cwd, environment: 'mine', loud: true });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('config.variables.seats: missing');
    expect(run.stdout).not.toContain('WARNING');
  });
});
