import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';
import { startReferenceApi } from '../../cli/reference-api.ts';
import {
  DEMO_EVENT_ID,
  DEMO_ORGANIZATION_ID,
  DEMO_SEATS,
  DEMO_SESSION_ID,
  DEMO_TOKEN,
} from '../../reference-api/demo.ts';
import { ENDINGS, endingsOf, findingsOf, root, runCommand, runFile, writtenBy } from '../support/artillery.ts';
import { it as base } from '../support/fixtures.ts';

const script = path.join(root, 'run-order-race-test.sh');

const it = base
  /** A whole demo, run once. */
  .extend('demo', { scope: 'file' }, () => runCommand(script, ['demo']))
  /** The bundled API, and the variables that point the scenario at it. */
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures from the pattern
  .extend('ownApi', { scope: 'file' }, async ({}, { onCleanup }) => {
    const { signal } = new AbortController();
    const api = await startReferenceApi({ root, seats: DEMO_SEATS, lock: undefined, signal });
    onCleanup(() => api.stop());
    return {
      ORDER_BASE_URL: api.url,
      ORDER_EVENT_ID: DEMO_EVENT_ID,
      ORDER_SESSION_ID: DEMO_SESSION_ID,
      ORDER_ORGANIZATION_ID: DEMO_ORGANIZATION_ID,
      ORDER_VUS: '6',
    };
  });

describe('./run-order-race-test.sh demo', () => {
  it('passes: 1600 requests, one winner for each of 16 seats, 1584 refusals', ({ demo }) => {
    expect(demo.code, demo.stdout + demo.stderr).toBe(0);
    expect(demo.verdict).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      env: 'demo',
      vus: 100,
      totals: { requests: 1600, ok: 16, fail: 1584, info: 0 },
      statuses: { '201': 16, '400': 1584 },
      readBack: 'on',
      findings: [],
    });
    expect(demo.verdict?.rounds.map(({ number, inventory, winners }) => [number, inventory, winners.length])).toEqual(
      DEMO_SEATS.map((seat, index) => [index + 1, seat, 1]),
    );
    const owners = demo.history?.readBacks
      .filter(({ when }) => when === 'after')
      .map((answer) => (answer.kind === 'read' ? answer.orderIds : answer.error));
    expect(owners).toEqual(demo.verdict?.rounds.map(({ winners }) => [winners[0]?.orderId]));
  });

  it('numbers the virtual users 1 to 100, and each tries every seat once', ({ demo }) => {
    const vus = Map.groupBy(demo.history?.attempts ?? [], (attempt) => attempt.vu);
    expect([...vus.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    for (const attempts of vus.values()) expect(new Set(attempts.map(({ inventory }) => inventory)).size).toBe(16);
  });

  it('prints what happens, and a summary at the end', ({ demo }) => {
    const lines = demo.stdout.split('\n');
    expect(lines).toContain('🚀 Spawned 100 VUs');
    const [winner] = demo.verdict?.rounds[0]?.winners ?? [];
    expect(lines).toContain(
      `✓ SUCCESS - VU ${winner?.vu} booked seat 1 (${DEMO_SEATS[0]}) - Order: ${winner?.orderId}`,
    );
    expect(
      lines.filter((line) =>
        /^✗ FAILED - VU \d+ seat 1 \(79cd17f8-.*\) - Status 400: Seat validation failed$/.test(line),
      ),
    ).toHaveLength(3);
    expect(lines.filter((line) => /^Seat \d+: 100 requests → ✓ 1 success, ✗ 99 failures/.test(line))).toHaveLength(16);
    expect(lines.slice(-7).join('\n')).toMatch(/✓ PASS \(exit code 0\)/);
    expect(lines.filter((line) => !/^Seat \d/.test(line)).length).toBeLessThanOrEqual(41);
    expect(demo.stdout).toMatch(/Requests\s+1600\s+1600/);
    expect(demo.stdout).toMatch(/Success rate\s+1\.00 %\s+1\.00 %/);
    expect(demo.stdout).toContain('PASS');
    expect(demo.stdout).toContain('the true rate is below 17.1 %');
    expect(demo.stdout + demo.stderr).not.toMatch(/\r|warn/i);
    expect(stripVTControlCharacters(demo.stdout)).toBe(demo.stdout);
  });

  it('leaves five files of one name, and nothing else', ({ demo }) => {
    expect(endingsOf(demo.files)).toEqual(ENDINGS);
    for (const file of demo.files) expect(file).toMatch(/^order_race_all_seats_demo_\d{8}_\d{6}\./);
  });

  it('writes no secret anywhere', ({ demo }) => {
    expect(writtenBy(demo) + demo.stdout + demo.stderr).not.toMatch(
      /demo-password|demo-client-secret|Bearer (?!\*\*\*)/,
    );
  });

  it('stops the API that it started', ({ demo }) => {
    const pid = Number(/\(pid (\d+), lock unique\)/.exec(demo.stdout)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe.concurrent('the script', () => {
  it('shows a caught race with --lock none: exit 3, each seat sold twice, all winners and all failures', async () => {
    const args = ['demo', '--lock', 'none', '--all-failures', '--seat-count', '3'];
    const run = await runCommand(script, args, { env: { ORDER_VUS: '20' } });
    expect(run.code).toBe(3);
    expect(run.verdict?.verdict).toBe('fail');
    const doubles = run.verdict?.findings.filter(({ id }) => id === 'double-booking') ?? [];
    expect(doubles).toHaveLength(3);
    for (const { number, winners } of run.verdict?.rounds ?? []) {
      for (const { vu, orderId } of winners) {
        expect(run.stdout).toContain(
          `✓ SUCCESS - VU ${vu} booked seat ${number} (${DEMO_SEATS[number - 1]}) - Order: ${orderId}`,
        );
      }
    }
    expect(run.stdout.match(/✗ FAILED/g) ?? []).toHaveLength(run.verdict?.totals.fail ?? -1);
    expect(run.stdout).toContain('Check, then act');
    expect(run.stdout).toContain('./run-order-race-test.sh demo --lock none --all-failures --seat-count 3');
  });

  it('works from another folder, puts the output there, and takes a number of virtual users and seats', async ({
    folder,
  }) => {
    const cwd = path.join(folder, 'else where');
    fs.mkdirSync(cwd);
    const run = await runCommand(script, ['demo', '--quiet', '--seat-count', '2'], {
      cwd,
      env: { ORDER_VUS: '7', ORDER_OUTPUT_DIR: 'here' },
    });
    expect(run.code, run.stderr).toBe(0);
    const files = fs.readdirSync(path.join(cwd, 'here'));
    expect(files).toHaveLength(ENDINGS.length);
    const verdict = files.find((file) => file.endsWith('.verdict.json')) ?? '';
    expect(JSON.parse(fs.readFileSync(path.join(cwd, 'here', verdict), 'utf8'))).toMatchObject({
      vus: 7,
      totals: { requests: 14, ok: 2, fail: 12, info: 0 },
    });
    expect(run.stdout).toMatch(/PASS/);
    expect(run.stdout).not.toMatch(/SUCCESS|Requests/);
  });

  it('ends within seconds on Ctrl-C, cannot pass then, and writes what it saw', async () => {
    let interruptedAt = 0;
    const run = await runCommand(script, ['demo', '--seat-count', '100'], {
      env: { ORDER_VUS: '50' },
      running(child) {
        child.stdout?.on('data', (text) => {
          if (interruptedAt > 0 || !String(text).includes('Seat 1:')) return;
          interruptedAt = performance.now();
          child.kill('SIGINT');
        });
      },
    });
    expect(performance.now() - interruptedAt).toBeLessThan(5000);
    expect(run.code, run.stdout + run.stderr).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', ended: 'interrupted' });
    expect(run.files).toHaveLength(ENDINGS.length);
  });

  it('cannot pass when the target is killed in the middle', async () => {
    let killed = false;
    const run = await runCommand(script, ['demo'], {
      env: { ORDER_VUS: '20' },
      running(child) {
        let text = '';
        child.stdout?.on('data', (data) => {
          text += data;
          const pid = /\(pid (\d+), /.exec(text)?.[1];
          if (killed || pid === undefined || !text.includes('Seat 1:')) return;
          killed = true;
          process.kill(Number(pid), 'SIGKILL');
        });
      },
    });
    expect(killed).toBe(true);
    expect(run.code, run.stdout + run.stderr).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', totals: { requests: 320 } });
    expect(run.files).toHaveLength(ENDINGS.length);
  });

  // Other bad input: tests/cli/run.test.ts, without a process.
  it.for<[string, Record<string, string>, RegExp]>([
    ['a wrong variable', { ORDER_VUS: 'abc' }, /ORDER_VUS: must be a whole number from 2 to 20000/],
    [
      'a target that is down',
      { ORDER_BASE_URL: 'http://127.0.0.1:9/orders' },
      /nothing answers at http:\/\/127\.0\.0\.1:9\/orders: connection refused/,
    ],
  ])('refuses %s with one line', async ([, env, message]) => {
    const run = await runCommand(script, ['demo'], { env });
    expect(run.code).toBe(2);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(/^Error: /);
    expect(run.stderr).toMatch(message);
    expect(run.files).toEqual([]);
  });
});

describe('against an API of your own', () => {
  it('npx artillery run does the same without the script', async ({ ownApi }) => {
    const run = await runCommand('npx', ['artillery', 'run', '-e', 'dev', 'scenarios/order-race.yml'], {
      env: { ...ownApi, ORDER_SEAT_IDS: DEMO_SEATS.slice(0, 2).join(), ORDER_TOKEN: DEMO_TOKEN },
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({
      env: 'dev',
      verdict: 'pass',
      vus: 6,
      totals: { requests: 12, ok: 2 },
      readBack: 'off',
    });
    expect(run.stdout).toMatch(/successful_bookings: \.+ 2/);
    expect(run.stdout).toMatch(/race\.spread/);
  });

  it('a refused token is named as the trouble, and shown nowhere', async ({ ownApi }) => {
    const run = await runFile('scenarios/order-race.yml', {
      environment: 'dev',
      env: { ...ownApi, ORDER_SEAT_IDS: DEMO_SEATS[3] ?? '', ORDER_TOKEN: 'wrong-token-of-mine' },
    });
    expect(run.code).toBe(4);
    expect(findingsOf(run)).toEqual(['not-authorised']);
    expect(writtenBy(run) + run.stdout + run.stderr).not.toContain('wrong-token-of-mine');
  });

  it('prod announces the bookings and needs a yes; the read-back is asked where ORDER_READ_BACK says', async ({
    ownApi,
  }) => {
    const seats = DEMO_SEATS.slice(4, 6);
    const env = {
      ...ownApi,
      ORDER_SEAT_IDS: seats.join(),
      ORDER_TOKEN: DEMO_TOKEN,
      ORDER_READ_BACK: '/seats/{seatId}',
    };
    const asked = await runCommand(script, ['prod'], { env });
    expect(asked.code).toBe(2);
    expect(asked.stdout + asked.stderr).toContain('6 VUs × 2 seats = 12 requests');
    expect(asked.stdout + asked.stderr).toContain('--yes');
    expect(asked.files).toEqual([]);
    const run = await runCommand(script, ['--yes', 'prod'], { env });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout + run.stderr).toContain('6 VUs × 2 seats = 12 requests');
    expect(run.history?.readBacks).toMatchObject(
      (['before', 'after'] as const).flatMap((when, units) =>
        seats.map((inventory) => ({ when, inventory, kind: 'read', units })),
      ),
    );
  });
});
