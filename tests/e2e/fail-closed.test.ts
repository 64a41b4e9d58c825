import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FinishedRun, root, runCommand, runSuite, SEATS, smallSuite } from '../support/artillery.ts';
import { type BookingServer, bookingServer, correct } from '../support/booking-server.ts';

/** What is broken here is broken from outside, over real Artillery: see also interruptions.test.ts. */

const preload = (name: string) => `--import=${path.join(root, 'tests/support', name)}`;
const tempDir = () => fs.mkdtempSync(path.join(os.tmpdir(), 'fail-closed-'));

async function against<T>(run: (server: BookingServer) => Promise<T>): Promise<T> {
  const server = await bookingServer(correct());
  try {
    return await run(server);
  } finally {
    await server.close();
  }
}

/** The scenario of the order race, changed, in a folder of its own. */
function scenarioWith(change: (text: string) => string): string {
  const file = path.join(tempDir(), 'order-race.yml');
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

const runScenario = (file: string, env: Readonly<Record<string, string>>): Promise<FinishedRun> =>
  runCommand('npx', ['artillery', 'run', '-e', 'dev', file], { env });

describe.concurrent('a plugin that is not there', () => {
  it('is no pass when Artillery cannot find it: it would go on without, and exit with 0', async () => {
    const scenario = scenarioWith((text) => text.replaceAll(/^( +)race:$/gm, '$1rase:'));
    await against(async ({ url, requests }) => {
      const run = await runScenario(scenario, orderRace(url));
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(
        'Error: the plugin "race" is not loaded: nothing was raced, and there is no verdict',
      );
      expect(run.verdict).toBeUndefined();
      expect(requests()).toBe(0);
    });
  });

  it('is no pass when it fails to load', async () => {
    await against(async ({ url, requests }) => {
      const run = await runScenario('scenarios/order-race.yml', {
        ...orderRace(url),
        NODE_OPTIONS: preload('plugin-breaks.mjs'),
      });
      expect(run.code).not.toBe(0);
      expect(run.stdout + run.stderr).toContain('the bundle is broken');
      expect(run.verdict).toBeUndefined();
      expect(requests()).toBe(0);
    });
  });

  it('is no pass because an earlier run has left one in the folder', async () => {
    await against(async ({ url }) => {
      const outputDir = tempDir();
      const env = { ...orderRace(url), ORDER_SEAT_IDS: 'A1', ORDER_OUTPUT_DIR: outputDir };
      const script = path.join(root, 'run-order-race-test.sh');
      const earlier = await runCommand(script, ['dev'], { env });
      expect(earlier, earlier.stderr).toMatchObject({ code: 0, verdict: { verdict: 'pass' } });
      const broken = await runCommand(script, ['dev'], {
        env: { ...env, NODE_OPTIONS: preload('plugin-breaks.mjs') },
      });
      expect(broken.code).not.toBe(0);
      expect(broken.stderr).toMatch(/Error: the run left no verdict \(Artillery exited with \d+\): not a pass/);
    });
  });
});

describe.concurrent('a disk that is full', () => {
  /** Artillery on a small suite, where no file may grow beyond so many KiB: writing more fails, as on a full disk. */
  const runWithin = (kib: number, url: string) => {
    const file = path.join(tempDir(), 'suite.json');
    fs.writeFileSync(file, JSON.stringify(smallSuite(url)));
    const artillery = `'${process.execPath}' node_modules/artillery/bin/run run --quiet '${file}'`;
    return runCommand('bash', ['-c', `trap '' XFSZ; ulimit -f ${kib}; exec ${artillery}`]);
  };

  it.each([
    ['before the first attempt', 1],
    ['in the middle of the race', 6],
  ])('is no pass: %s', async (_when, kib) => {
    await against(async ({ url }) => {
      const run = await runWithin(kib, url);
      expect(run.code).not.toBe(0);
      expect(run.stderr).toMatch(/^Error: .*EFBIG/m);
      expect(run.stderr).not.toContain('    at ');
      expect(run.verdict).toBeUndefined();
    });
  });

  it('costs the reports that do not fit, and not the verdict', async () => {
    await against(async ({ url }) => {
      const run = await runWithin(24, url);
      expect(run, run.stderr).toMatchObject({ code: 0, verdict: { verdict: 'pass' } });
      expect(run.stdout).toMatch(/Warning: \S+\.html could not be written: EFBIG/);
    });
  });
});

describe.concurrent('a bug in the judging', () => {
  it('is a doubt, when it is in one checker: the others have their say', async () => {
    await against(async ({ url }) => {
      const run = await runSuite({ script: smallSuite(url), env: { NODE_OPTIONS: preload('checker-breaks.mjs') } });
      expect(run.code).toBe(4);
      expect(run.verdict).toMatchObject({
        verdict: 'inconclusive',
        totals: { ok: 3, fail: 27 },
        findings: [{ id: 'checker-crashed', message: expect.stringContaining('(slow): a bug in a checker') }],
      });
    });
  });

  it('leaves no verdict, when nothing can be judged', async () => {
    await against(async ({ url }) => {
      const run = await runSuite({ script: smallSuite(url), env: { NODE_OPTIONS: preload('judging-breaks.mjs') } });
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('Error: no verdict: a bug in the judging');
      expect(run.verdict).toBeUndefined();
    });
  });
});

describe.concurrent('a clock that jumps in the middle of the race', () => {
  it.each([
    ['forward', 3 * 3_600_000],
    ['back', -3 * 3_600_000],
  ])('%s changes no figure: intervals come from the monotonic clock', async (_direction, jumpMs) => {
    const when = path.join(tempDir(), 'now');
    const server = await bookingServer((booking) => {
      if (booking.seat === SEATS[1]) fs.writeFileSync(when, '');
      return correct()(booking);
    });
    const run = await runSuite({
      script: smallSuite(server.url),
      env: {
        NODE_OPTIONS: preload('clock-jumps.mjs'),
        CLOCK_JUMP_MS: String(jumpMs),
        CLOCK_JUMP_WHEN: when,
      },
    });
    await server.close();
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

describe.concurrent('a run that is killed outright between two rounds', () => {
  it('leaves the rounds that were over, and they are judged to be no pass', async () => {
    await against(async ({ url }) => {
      const script = smallSuite(url) as { scenarios: { flow: { loop: object[] }[] }[] };
      script.scenarios[0]?.flow[0]?.loop.push({ think: 2 });
      const run = await runSuite({
        script,
        running: (child: ChildProcess) =>
          child.stdout?.on('data', (text) => String(text).includes('Seat 1:') && child.kill('SIGKILL')),
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
  });
});
