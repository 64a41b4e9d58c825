import path from 'node:path';
import { describe, expect } from 'vitest';
import { listScenarios } from '../../cli/scenarios.ts';
import { DEMO_SEATS } from '../../reference-api/demo.ts';
import { FLOWS } from '../../reference-api/flows/index.ts';
import { createServer } from '../../reference-api/server.ts';
import { type FinishedRun, findingsOf, root, runCommand, runFile } from '../support/artillery.ts';
import { it as base } from '../support/fixtures.ts';

/** Smaller than the demo, but enough for losers. A quota needs as many as its pools can take. */
const SMALL: Readonly<Record<string, string>> = { ORDER_VUS: '12', ORDER_SEAT_IDS: DEMO_SEATS.slice(0, 6).join(',') };
/** The rows and the held seats of the demo reach beyond the first six seats. */
const SIZES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  quota: { ORDER_VUS: '60' },
  'overlapping-orders': { ORDER_VUS: '12' },
  'hold-confirm': { ORDER_VUS: '16' },
};

/** The order race has tests in order-race.test.ts and in the proving ground. */
const ways = Object.entries(FLOWS)
  .filter(([scenario]) => scenario !== 'order-race')
  .flatMap(([scenario, { sqlite = {} }]) =>
    Object.entries(sqlite).map(([lock, backend]) => ({ scenario, lock, backend, expected: backend.expected })),
  );
type Way = (typeof ways)[number];

const it = base.extend('race', ({ open }) => async ({ scenario, backend }: Way): Promise<FinishedRun> => {
  const raceOnce = async () => {
    const api = await open(createServer({ backend }));
    const origin = await api.listen({ host: '127.0.0.1', port: 0 });
    const env = { ...(SIZES[scenario] ?? SMALL), ORDER_BASE_URL: `${origin}/orders` };
    return runFile(`scenarios/${scenario}.yml`, { environment: 'demo', env });
  };
  const run = await raceOnce();
  // A busy machine may not keep the planned offsets. Then nothing was proven, and the race is repeated once.
  return findingsOf(run).join() === 'weak-contention' ? raceOnce() : run;
});

function expectFound(run: FinishedRun, finding: string | undefined): void {
  expect(run.code, run.stdout + run.stderr).toBe(3);
  const found = run.verdict?.findings.filter(({ id }) => id === finding) ?? [];
  expect(found.length, JSON.stringify(run.verdict?.findings)).toBeGreaterThan(0);
  for (const { witness } of found) expect(witness.length).toBeGreaterThan(0);
}

const findingOf = ({ expected }: Way) => (expected.verdict === 'pass' ? undefined : expected.finding);
const right = ways.filter(({ expected }) => expected.verdict === 'pass');
const wrong = ways.filter(({ expected }) => expected.verdict !== 'pass');

describe('the scenario pack', () => {
  it('has a scenario for each flow of the reference API, with a hypothesis in the first line', () => {
    const scenarios = listScenarios(root);
    expect(scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(FLOWS)));
    for (const { hypothesis } of scenarios) expect(hypothesis).toMatch(/^\p{L}.{20,}\.$/u);
  });

  // One at a time: a busy machine does not keep the planned offsets around the end of a hold.
  it.for(right)('$scenario passes $lock', async (way, { race }) => {
    const run = await race(way);
    expect(run.verdict?.findings, run.stdout + run.stderr).toEqual([]);
    expect(run).toMatchObject({ code: 0, verdict: { verdict: 'pass', rule: { name: way.scenario } } });
  });

  it.concurrent.for(wrong)('$scenario finds $expected.finding in $lock, with witnesses', async (way, { race }) => {
    expectFound(await race(way), findingOf(way));
  });

  it.concurrent('runs by the command line too, which starts the API with that lock', async () => {
    const [way] = wrong;
    if (way === undefined) throw new Error('the reference API has no wrong lock');
    const args = ['--quiet', '--scenario', way.scenario, 'demo', '--lock', way.lock];
    const run = await runCommand(process.execPath, [path.join(root, 'cli/main.ts'), ...args], {
      env: SIZES[way.scenario] ?? SMALL,
    });
    expectFound(run, findingOf(way));
  });
});
