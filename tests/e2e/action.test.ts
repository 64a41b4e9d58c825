import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../support/artillery.ts';

/** Runs what action.yml runs, as a runner of GitHub Actions does; `outputs` is what the next steps are given. */
function runAction(inputs: { readonly environment?: string; readonly suite?: string }, env: NodeJS.ProcessEnv = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'action-'));
  const files = { GITHUB_OUTPUT: path.join(dir, 'output'), GITHUB_STEP_SUMMARY: path.join(dir, 'summary') };
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'cli/action.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...files,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: dir,
      RACE_ENVIRONMENT: inputs.environment ?? '',
      RACE_SUITE: inputs.suite ?? '',
      ...env,
    },
  });
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

describe('the GitHub Action', () => {
  test('runs the bundled race, and leaves a report, a summary and a verdict for the next steps', () => {
    const { status, stdout, outputs, summary } = runAction({ environment: 'demo' }, { ORDER_VUS: '10' });
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'pass', 'exit-code': '0' });
    expect(path.dirname(outputs.report ?? '')).toBe(outputs.folder);
    expect(fs.existsSync(outputs.report ?? '')).toBe(true);
    expect(summary).toMatch(/^## ✅ PASS/);
    expect(stdout).not.toMatch(/^::error|\r/m);
  });

  test.each([
    ['names no environment', {}, '2'],
    ['names a suite that Artillery cannot read', { suite: 'no-such-suite.yml' }, '1'],
  ])('fails closed when it %s', (_, inputs, exitCode) => {
    const { status, stdout, outputs } = runAction(inputs);
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ verdict: '', report: '', 'exit-code': exitCode });
    expect(stdout).toMatch(/^::error title=Order race::the run left no verdict/m);
  });

  test('fails closed when the plugin is not in the suite: Artillery itself exits 0', () => {
    const suite = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'suite-')), 'suite.json');
    const config = { target: 'http://127.0.0.1:9', phases: [{ duration: 1, arrivalCount: 1 }] };
    fs.writeFileSync(suite, JSON.stringify({ config, scenarios: [{ flow: [{ log: 'nothing is raced' }] }] }));
    const { stdout, outputs } = runAction({ suite });
    expect(outputs).toMatchObject({ verdict: '', 'exit-code': '1' });
    expect(stdout).toContain('::error title=Order race::the run left no verdict (Artillery exited with 0): not a pass');
  });
});
