import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { type FinishedRun, launchSuite, preloading, root, runCommand, runFile } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';
import { book, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** Whatever breaks around the judging, the result is never a pass. See also interruptions.test.ts. */

/** The scenario of the order race, changed, in a folder of its own. */
function scenarioWith(change: (text: string) => string): string {
  const file = path.join(temporaryFolder(), 'order-race.yml');
  const text = fs.readFileSync(path.join(root, 'scenarios/order-race.yml'), 'utf8');
  fs.writeFileSync(file, change(text.replace('../processors', path.join(root, 'processors'))));
  return file;
}

const orderRace = (url: string) => ({
  ORDER_BASE_URL: url,
  ORDER_VUS: '4',
  ORDER_SEAT_IDS: SEATS.join(),
  ORDER_EVENT_ID: 'e',
  ORDER_SESSION_ID: 's',
  ORDER_ORGANIZATION_ID: 'o',
});

const launchScenario = (file: string, env: Readonly<Record<string, string>>): Promise<FinishedRun> =>
  runCommand(path.join(root, 'node_modules/.bin/artillery'), ['run', '-e', 'dev', file], { env });

describe.concurrent('a plugin that is not there', () => {
  it('cannot pass when Artillery does not find it: Artillery would go on without, and exit with 0', async ({
    target,
  }) => {
    const scenario = scenarioWith((text) => text.replaceAll(/^( +)race:$/gm, '$1rase:'));
    const server = await target();
    const run = await launchScenario(scenario, orderRace(server.url));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Error: the plugin "race" is not loaded: nothing was raced, and there is no verdict');
    expect(run.verdict).toBeUndefined();
    expect(server.requests()).toBe(0);
  });

  it('cannot pass when it fails to load', async ({ target }) => {
    const server = await target();
    const run = await launchScenario('scenarios/order-race.yml', {
      ...orderRace(server.url),
      ...preloading('plugin-breaks.mjs'),
    });
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('the bundle is broken');
    expect(run.verdict).toBeUndefined();
    expect(server.requests()).toBe(0);
  });

  it('cannot pass because of the verdict of an earlier run in the same folder', async ({ target, folder }) => {
    const server = await target();
    const env = { ...orderRace(server.url), ORDER_SEAT_IDS: 'A1', ORDER_OUTPUT_DIR: folder };
    const earlier = await runFile('scenarios/order-race.yml', { environment: 'dev', env });
    expect(earlier, earlier.stderr).toMatchObject({ code: 0, verdict: { verdict: 'pass' } });
    const broken = await runCommand(path.join(root, 'run-order-race-test.sh'), ['dev'], {
      env: { ...env, ...preloading('plugin-breaks.mjs') },
    });
    expect(broken.code).not.toBe(0);
    expect(broken.stderr).toMatch(/Error: the run left no verdict \(Artillery exited with \d+\): not a pass/);
  });
});

describe.concurrent('a full disk', () => {
  /** Artillery on a small suite, where no file may grow beyond so many KiB: writing more fails, as on a full disk. */
  const runWithin = (kib: number, url: string) => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'suite.json');
    const dir = path.join(folder, 'output');
    fs.writeFileSync(file, JSON.stringify(suiteFor(url, { race: { output: { dir } } })));
    const artillery = `'${process.execPath}' node_modules/artillery/bin/run run --quiet '${file}'`;
    // The compile cache of Node would grow as well.
    const env = { NODE_DISABLE_COMPILE_CACHE: '1', ORDER_OUTPUT_DIR: dir };
    return runCommand('bash', ['-c', `trap '' XFSZ; ulimit -f ${kib}; exec ${artillery}`], { env });
  };

  it.for<[string, number]>([
    ['before the first attempt', 1],
    ['in the middle of the race', 6],
  ])('cannot pass: %s', async ([, kib], { target }) => {
    const { url } = await target();
    const run = await runWithin(kib, url);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/^Error: .*(EFBIG|ENOSPC)/m);
    expect(run.stderr.match(/the history could not be written:/g) ?? []).toHaveLength(kib === 1 ? 0 : 1);
    expect(run.stderr).not.toContain('    at ');
    // What is whole is judged.
    expect(run.verdict?.verdict).not.toBe('pass');
  });

  it('costs the reports that do not fit, but not the verdict', async ({ target }) => {
    const { url } = await target();
    const run = await runWithin(24, url);
    expect(run, run.stderr).toMatchObject({ code: 0, verdict: { verdict: 'pass' } });
    expect(run.stdout).toMatch(/Warning: \S+\.html could not be written: EFBIG/);
  });
});

describe.concurrent('a killed parent', () => {
  it.for<[string, string, readonly string[]]>([
    ['the script', path.join(root, 'run-order-race-test.sh'), ['dev']],
    ['sh -c', 'sh', ['-c', './node_modules/.bin/artillery run -e dev scenarios/order-race.yml; true']],
  ])('leaves nobody booking: %s', async ([, command, args], { target }) => {
    let parent: ChildProcess | undefined;
    // The second seat answers nobody, and the third would be next.
    const server = await target((booking) => {
      if (booking.total <= 4) return correct()(booking);
      parent?.kill('SIGKILL');
    });
    // It resolves when all that holds the pipe has ended, Artillery too.
    const run = await runCommand(command, args, {
      env: orderRace(server.url),
      running: (child) => {
        parent = child;
      },
    });
    expect(run.code).toBeNull();
    expect(server.requests()).toBe(8);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', ended: 'interrupted' });
  });
});

describe.concurrent('a bug in the judging', () => {
  it('is a doubt when it is in one checker: the others are heard', async ({ target }) => {
    const { url } = await target();
    const run = await launchSuite(suiteFor(url), { env: preloading('checker-breaks.mjs') });
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({
      verdict: 'inconclusive',
      totals: { ok: 3, fail: 27 },
      findings: [{ id: 'checker-crashed', message: expect.stringContaining('(slow): a bug in a checker') }],
    });
  });

  it('leaves no verdict when nothing can be judged', async ({ target }) => {
    const { url } = await target();
    const run = await launchSuite(suiteFor(url), { env: preloading('judging-breaks.mjs') });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Error: no verdict: a bug in the judging');
    expect(run.verdict).toBeUndefined();
  });
});

describe.concurrent('a wall clock that jumps in the middle of the race', () => {
  it.for<[string, number]>([
    ['forward', 3 * 3_600_000],
    ['back', -3 * 3_600_000],
  ])('%s changes no figure: intervals come from the monotonic clock', async ([, jumpMs], { target, folder }) => {
    const when = path.join(folder, 'now');
    const { url } = await target((booking) => {
      if (booking.seat === SEATS[1]) fs.writeFileSync(when, '');
      return correct()(booking);
    });
    const run = await launchSuite(suiteFor(url), {
      env: { ...preloading('clock-jumps.mjs'), CLOCK_JUMP_MS: String(jumpMs), CLOCK_JUMP_WHEN: when },
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30, ok: 3, fail: 27 } });
    const { startedAt = '' } = run.verdict ?? {};
    const jumpedMs = Date.parse(run.history?.end?.endedAt ?? '') - Date.parse(startedAt);
    expect(Math.sign(jumpedMs)).toBe(Math.sign(jumpMs));
    expect(Math.abs(jumpedMs)).toBeGreaterThan(2 * 3_600_000);
    expect(run.verdict?.durationMs).toBeLessThan(60_000);
    for (const { completedAtMs, releasedAtMs = 0 } of run.history?.attempts ?? []) {
      expect(completedAtMs - releasedAtMs).toBeGreaterThan(0);
      expect(completedAtMs - releasedAtMs).toBeLessThan(10_000);
    }
  });
});

it.concurrent('a run that is killed between two rounds leaves the first, and judging it cannot pass', async ({
  target,
}) => {
  const { url } = await target();
  const run = await launchSuite(suiteFor(url, { flow: [eachSeat(book(), { think: 2 })] }), {
    running: (child) => child.stdout?.on('data', (text) => String(text).includes('Seat 1:') && child.kill('SIGKILL')),
  });
  expect(run.code).toBeNull();
  expect(run.verdict).toBeUndefined();
  expect(run.history?.attempts).toHaveLength(10);
  const file = path.join(run.outputDir, run.files[0] ?? '');
  const judged = await runCommand(process.execPath, [path.join(root, 'plugin/bin.js'), 'judge', file], {
    env: { ORDER_OUTPUT_DIR: run.outputDir },
  });
  expect(judged.code, judged.stderr).toBe(4);
  expect(judged.verdict).toMatchObject({
    verdict: 'inconclusive',
    ended: 'cut off',
    totals: { requests: 10, ok: 1 },
  });
});
