import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../cli/scenarios.ts';
import { DEMO_SEATS } from '../../reference-api/demo.ts';
import { FLOWS } from '../../reference-api/flows/index.ts';
import { type FinishedRun, root, runCommand } from '../support/artillery.ts';

/** Smaller than the demo: enough to lose. A quota needs as many as its pools can take. */
const SMALL: Readonly<Record<string, string>> = { ORDER_VUS: '12', ORDER_SEAT_IDS: DEMO_SEATS.slice(0, 6).join(',') };
/** The rows and the held seats of the demo reach beyond the first six seats. */
const SIZES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  quota: { ORDER_VUS: '60' },
  'overlapping-orders': { ORDER_VUS: '12' },
  'hold-confirm': { ORDER_VUS: '16' },
};

const race = (scenario: string, lock: string): Promise<FinishedRun> =>
  runCommand(
    process.execPath,
    [path.join(root, 'cli/main.ts'), '--quiet', '--scenario', scenario, 'demo', '--lock', lock],
    { env: SIZES[scenario] ?? SMALL },
  );

/** Those of the order race have tests of their own: tests/e2e/order-race.test.ts, and the proving ground. */
const ways = Object.entries(FLOWS)
  .filter(([scenario]) => scenario !== 'order-race')
  .flatMap(([scenario, { sqlite = {} }]) =>
    Object.entries(sqlite).map(([lock, { expected }]) => ({ scenario, lock, expected })),
  );
const right = ways.filter(({ expected }) => expected.verdict === 'pass');
const wrong = ways.flatMap(({ expected, ...its }) =>
  expected.verdict === 'pass' ? [] : [{ ...its, finding: expected.finding }],
);

describe('the scenario pack', { timeout: 60_000 }, () => {
  it('has a scenario for each flow of the reference API, and a hypothesis in the first line of each', () => {
    const scenarios = listScenarios(root);
    expect(scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(FLOWS)));
    for (const { hypothesis } of scenarios) expect(hypothesis).toMatch(/^\p{L}.{20,}\.$/u);
  });

  it.each(right)('$scenario: passes on $lock', async ({ scenario, lock }) => {
    const run = await race(scenario, lock);
    expect(run.verdict?.findings, run.stdout + run.stderr).toEqual([]);
    expect(run).toMatchObject({ code: 0, verdict: { verdict: 'pass', rule: { name: scenario } } });
  });

  it.each(wrong)('$scenario: finds $finding on $lock, and shows by whom', async ({ scenario, lock, finding }) => {
    const run = await race(scenario, lock);
    expect(run.code, run.stdout + run.stderr).toBe(3);
    const found = run.verdict?.findings.filter(({ id }) => id === finding) ?? [];
    expect(found.length, JSON.stringify(run.verdict?.findings)).toBeGreaterThan(0);
    for (const { witness } of found) expect(witness.length).toBeGreaterThan(0);
  });
});
