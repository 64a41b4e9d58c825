import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { root } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

/** Runs what action.yml runs, as a runner of GitHub Actions does. The next steps get `outputs`. */
async function runAction(inputs: { readonly environment?: string; readonly suite?: string }, env = {}) {
  const folder = temporaryFolder('action-');
  const files = { GITHUB_OUTPUT: path.join(folder, 'output'), GITHUB_STEP_SUMMARY: path.join(folder, 'summary') };
  const child = spawn(process.execPath, [path.join(root, 'cli/action.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...files,
      NODE_COMPILE_CACHE: path.join(root, '.node/compile-cache'),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: folder,
      RACE_ENVIRONMENT: inputs.environment ?? '',
      RACE_SUITE: inputs.suite ?? '',
      ...env,
    },
  });
  const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const outputs = Object.fromEntries(
    fs
      .readFileSync(files.GITHUB_OUTPUT, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/).slice(0, 2)),
  ) as Record<string, string>;
  const summary = fs.existsSync(files.GITHUB_STEP_SUMMARY) ? fs.readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') : '';
  return { status, stdout, outputs, summary };
}

describe.concurrent('the GitHub Action', () => {
  it('runs the bundled race, and leaves a report, a summary and a verdict for the next steps', async () => {
    const { status, stdout, outputs, summary } = await runAction({ environment: 'demo' }, { ORDER_VUS: '10' });
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'pass', 'exit-code': '0' });
    expect(path.dirname(outputs.report ?? '')).toBe(outputs.folder);
    expect(fs.existsSync(outputs.report ?? '')).toBe(true);
    expect(summary).toMatch(/^## ✅ PASS/);
    expect(stdout).not.toMatch(/^::error|\r/m);
  });

  it.for<[string, object, string]>([
    ['no environment is named', {}, '2'],
    ['there is no such suite', { suite: 'no-such-suite.yml' }, '2'],
  ])('fails closed when %s', async ([, inputs, exitCode]) => {
    const { status, stdout, outputs } = await runAction(inputs);
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ verdict: '', report: '', 'exit-code': exitCode });
    expect(stdout).toMatch(/^::error title=Order race::the run left no verdict/m);
  });

  it('fails closed when the plugin is not in the suite', async ({ folder }) => {
    const suite = path.join(folder, 'suite.json');
    const config = { target: 'http://127.0.0.1:9', phases: [{ duration: 1, arrivalCount: 1 }] };
    fs.writeFileSync(suite, JSON.stringify({ config, scenarios: [{ flow: [{ log: 'nothing is raced' }] }] }));
    const { stdout, outputs } = await runAction({ suite });
    expect(outputs).toMatchObject({ verdict: '', 'exit-code': '2' });
    expect(stdout).toContain('::error title=Order race::the run left no verdict (Artillery exited with 2): not a pass');
  });
});
