import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReferenceApi, startReferenceApi } from '../../cli/reference-api.ts';
import {
  DEMO_EVENT_ID,
  DEMO_ORGANIZATION_ID,
  DEMO_SEATS,
  DEMO_SESSION_ID,
  DEMO_TOKEN,
} from '../../reference-api/demo.ts';
import { type FinishedRun, root, runCommand } from '../support/artillery.ts';

const script = path.join(root, 'run-order-race-test.sh');
const demo = (args: string[], env: Record<string, string> = {}) => runCommand(script, ['demo', ...args], { env });

describe('./run-order-race-test.sh demo', () => {
  let run: FinishedRun;
  beforeAll(async () => {
    run = await demo([]);
  });

  it('passes: 1600 requests, one winner for each of 16 seats, 1584 refusals', () => {
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      env: 'demo',
      vus: 100,
      totals: { requests: 1600, ok: 16, fail: 1584, info: 0 },
      statuses: { '201': 16, '400': 1584 },
      readBack: 'on',
      findings: [],
    });
    expect(run.verdict?.rounds.map(({ number, inventory, winners }) => [number, inventory, winners.length])).toEqual(
      DEMO_SEATS.map((seat, index) => [index + 1, seat, 1]),
    );
    const holders = run.history?.readBacks
      .filter(({ when }) => when === 'after')
      .map((its) => (its.kind === 'read' ? its.orderIds : its.error));
    expect(holders).toEqual(run.verdict?.rounds.map(({ winners }) => [winners[0]?.orderId]));
  });

  it('numbers the virtual users 1 to 100, each of which goes for every seat once', () => {
    const vus = Map.groupBy(run.history?.attempts ?? [], (attempt) => attempt.vu);
    expect([...vus.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    for (const attempts of vus.values()) expect(new Set(attempts.map(({ inventory }) => inventory)).size).toBe(16);
  });

  it('says what happened, as it happens and at the end', () => {
    const lines = run.stdout.split('\n');
    expect(lines).toContain('🚀 Spawned 100 VUs');
    const [winner] = run.verdict?.rounds[0]?.winners ?? [];
    expect(lines).toContain(
      `✓ SUCCESS - VU ${winner?.vu} booked seat 1 (${DEMO_SEATS[0]}) - Order: ${winner?.orderId}`,
    );
    expect(
      lines.filter((line) =>
        /^✗ FAILED - VU \d+ seat 16 \(60e9b2d8-.*\) - Status 400: Seat validation failed$/.test(line),
      ),
    ).toHaveLength(3);
    expect(lines.filter((line) => /^Seat \d+: 100 requests → ✓ 1 success, ✗ 99 failures/.test(line))).toHaveLength(16);
    expect(run.stdout).toMatch(/Requests\s+1600\s+1600/);
    expect(run.stdout).toMatch(/Success rate\s+1\.00 %\s+1\.00 %/);
    expect(run.stdout).toContain('PASS');
    expect(run.stdout).toContain('the true rate is below 17.1 %');
    expect(run.stdout + run.stderr).not.toMatch(/\r|warn/i);
    expect(stripVTControlCharacters(run.stdout)).toBe(run.stdout);
  });

  it('leaves five files of one name, and nothing else', () => {
    expect(run.files).toHaveLength(5);
    for (const file of run.files)
      expect(file).toMatch(
        /^order_race_all_seats_demo_\d{8}_\d{6}\.(html|verdict\.json|history\.jsonl|junit\.xml|md)$/,
      );
  });

  it('writes no secret anywhere', () => {
    const written = run.files.map((file) => fs.readFileSync(path.join(run.outputDir, file), 'utf8')).join('');
    expect(written + run.stdout + run.stderr).not.toMatch(/demo-password|demo-client-secret|Bearer/);
  });

  it('stops the API that it started', () => {
    const pid = Number(/\(pid (\d+), lock unique\)/.exec(run.stdout)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe.concurrent('the script', () => {
  it('takes another number of virtual users and of seats', async () => {
    const run = await demo(['--seat-count', '2'], { ORDER_VUS: '7' });
    expect(run.code, run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ vus: 7, totals: { requests: 14, ok: 2, fail: 12, info: 0 } });
  });

  it('shows a caught race with --lock none: exit 3, every seat that was sold twice, all its winners', async () => {
    const run = await demo(['--lock', 'none', '--seat-count', '3'], { ORDER_VUS: '20' });
    expect(run.code).toBe(3);
    expect(run.verdict?.verdict).toBe('fail');
    const doubles = run.verdict?.findings.filter(({ id }) => id === 'double-booking') ?? [];
    expect(doubles).toHaveLength(3);
    for (const { round, winners } of run.verdict?.rounds.map((its) => ({ ...its, round: its.number })) ?? []) {
      for (const { vu, orderId } of winners) {
        expect(run.stdout).toContain(
          `✓ SUCCESS - VU ${vu} booked seat ${round} (${DEMO_SEATS[round - 1]}) - Order: ${orderId}`,
        );
      }
    }
    expect(run.stdout).toContain('Check, then act');
    expect(run.stdout).toContain('./run-order-race-test.sh demo --lock none --seat-count 3');
  });

  it('works from another folder, where it also puts its output', async () => {
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'else where-'));
    const run = await runCommand(script, ['demo', '--quiet', '--seat-count', '1'], {
      cwd,
      env: { ORDER_VUS: '3', ORDER_OUTPUT_DIR: 'here' },
    });
    expect(run.code, run.stderr).toBe(0);
    expect(fs.readdirSync(path.join(cwd, 'here'))).toHaveLength(5);
    expect(run.stdout).toMatch(/PASS/);
    expect(run.stdout).not.toMatch(/SUCCESS|Requests/);
  });

  it('prints every refusal with --all-failures', async () => {
    const run = await demo(['--all-failures', '--seat-count', '1'], { ORDER_VUS: '12' });
    expect(run.stdout.match(/✗ FAILED/g)).toHaveLength(11);
  });

  it('is interrupted by Ctrl-C within seconds: no pass, and what was seen is written', async () => {
    let interruptedAt = 0;
    const run = await runCommand(script, ['demo', '--seat-count', '100'], {
      env: { ORDER_VUS: '50' },
      running(child) {
        child.stdout?.on('data', (text) => {
          if (interruptedAt > 0 || !String(text).includes('Seat 2:')) return;
          interruptedAt = performance.now();
          child.kill('SIGINT');
        });
      },
    });
    expect(performance.now() - interruptedAt).toBeLessThan(5000);
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', ended: 'interrupted' });
    expect(run.files).toHaveLength(5);
  });

  it('reports a target that is killed in the middle as no pass', async () => {
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
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', totals: { requests: 320 } });
    expect(run.files).toHaveLength(5);
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['an unknown environment', ['prodd'], {}, /environment "prodd".* did you mean "prod"\?/],
    ...['0', '-1', '1', '1.5', 'abc'].map((value): [string, string[], Record<string, string>, RegExp] => [
      `ORDER_VUS of ${value}`,
      ['demo'],
      { ORDER_VUS: value },
      /ORDER_VUS: must be a whole number from 2 to 20000/,
    ]),
    ['no seats', ['demo'], { ORDER_SEAT_IDS: ' , ' }, /ORDER_SEAT_IDS: names no seat/],
    ['a seat twice', ['demo'], { ORDER_SEAT_IDS: 'a,b,a' }, /ORDER_SEAT_IDS: names seat "a" twice/],
    [
      'missing ids',
      ['dev'],
      { ORDER_SEAT_IDS: 'a', ORDER_EVENT_ID: 'e', ORDER_SESSION_ID: 's' },
      /organizationId: missing.*ORDER_ORGANIZATION_ID/,
    ],
    ['a malformed URL', ['demo'], { ORDER_BASE_URL: 'localhost:80' }, /ORDER_BASE_URL: must be a URL/],
    [
      'a target that is down',
      ['demo'],
      { ORDER_BASE_URL: 'http://127.0.0.1:9/orders' },
      /nothing answers at http:\/\/127\.0\.0\.1:9\/orders: connection refused/,
    ],
    [
      'an output folder that cannot be written',
      ['demo'],
      { ORDER_OUTPUT_DIR: '/dev/null/x' },
      /cannot write to the output folder \/dev\/null\/x/,
    ],
    ['an unknown lock', ['demo', '--lock', 'nonsense'], {}, /nonsense/],
    ['an unknown option', ['demo', '--lokc', 'none'], {}, /--lokc/],
    ['no environment', [], {}, /which environment/],
  ])('refuses %s with one line', async (_what, args, env, message) => {
    const run = await runCommand(script, args, { env });
    expect(run.code).toBe(2);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(/^Error: /);
    expect(run.stderr).toMatch(message);
    expect(run.files).toEqual([]);
  });

  it('answers --help without any set-up', async () => {
    const run = await runCommand(script, ['--help'], { env: { PATH: '/usr/bin:/bin' } });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('Usage: ./run-order-race-test.sh [options] ENV');
    expect(run.stderr).toBe('');
  });
});

describe('against an API of your own', () => {
  let api: ReferenceApi;
  const env = () => ({
    ORDER_BASE_URL: api.url,
    ORDER_EVENT_ID: DEMO_EVENT_ID,
    ORDER_SESSION_ID: DEMO_SESSION_ID,
    ORDER_ORGANIZATION_ID: DEMO_ORGANIZATION_ID,
    ORDER_VUS: '6',
  });
  beforeAll(async () => {
    api = await startReferenceApi({ root, seats: DEMO_SEATS, lock: undefined, signal: new AbortController().signal });
  });
  afterAll(() => api.stop());

  it('npx artillery run does the same without the script', async () => {
    const run = await runCommand('npx', ['artillery', 'run', '-e', 'dev', 'scenarios/order-race.yml'], {
      env: { ...env(), ORDER_SEAT_IDS: DEMO_SEATS.slice(0, 2).join(), ORDER_TOKEN: DEMO_TOKEN },
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

  it('the read-back is asked where ORDER_READ_BACK says', async () => {
    const run = await runCommand(script, ['dev'], {
      env: {
        ...env(),
        ORDER_SEAT_IDS: DEMO_SEATS[2] ?? '',
        ORDER_TOKEN: DEMO_TOKEN,
        ORDER_READ_BACK: '/seats/{seatId}',
      },
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.history?.readBacks).toMatchObject([
      { when: 'before', inventory: DEMO_SEATS[2], kind: 'read', units: 0 },
      { when: 'after', inventory: DEMO_SEATS[2], kind: 'read', units: 1 },
    ]);
  });

  it('a token that is refused is said to be the trouble, and shown nowhere', async () => {
    const run = await runCommand(script, ['dev'], {
      env: { ...env(), ORDER_SEAT_IDS: DEMO_SEATS[3] ?? '', ORDER_TOKEN: 'wrong-token-of-mine' },
    });
    expect(run.code).toBe(4);
    expect(run.verdict?.findings.map(({ id }) => id)).toEqual(['not-authorised']);
    const written = run.files.map((file) => fs.readFileSync(path.join(run.outputDir, file), 'utf8')).join('');
    expect(written + run.stdout + run.stderr).not.toContain('wrong-token-of-mine');
  });

  it('prod says what it is about to do, and does nothing without a yes', async () => {
    const its = { ...env(), ORDER_SEAT_IDS: DEMO_SEATS.slice(4, 6).join(), ORDER_TOKEN: DEMO_TOKEN };
    const asked = await runCommand(script, ['prod'], { env: its });
    expect(asked.code).toBe(2);
    expect(asked.stdout + asked.stderr).toContain('6 VUs × 2 seats = 12 requests');
    expect(asked.stdout + asked.stderr).toContain('--yes');
    expect(asked.files).toEqual([]);
    const yes = await runCommand(script, ['--yes', 'prod'], { env: its });
    expect(yes.code, yes.stdout + yes.stderr).toBe(0);
    expect(yes.stdout + yes.stderr).toContain('6 VUs × 2 seats = 12 requests');
  });
});
