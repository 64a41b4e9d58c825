import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { stringify } from 'yaml';
import { parseArguments } from '../../cli/arguments.ts';
import { prepare, prepareAll } from '../../cli/prepare.ts';
import { listScenarios } from '../../cli/scenarios.ts';
import { root } from '../support/artillery.ts';

async function prepared(race: unknown) {
  const root = await mkdtemp(join(tmpdir(), 'prepare-'));
  const script = {
    config: {
      target: 'http://127.0.0.1:9',
      phases: [{ duration: 1, arrivalCount: 2 }],
      plugins: { race: { inventories: ['A'] } },
      environments: { dev: {} },
    },
    scenarios: [{ flow: [{ post: { url: '/book', race } }] }],
  };
  await mkdir(join(root, 'scenarios'));
  await writeFile(join(root, 'scenarios/zoo.yml'), stringify(script));
  const scenario = { name: 'zoo', folder: root, file: 'scenarios/zoo.yml', isBundled: true, hypothesis: 'it holds.' };
  return prepare(scenario, { args: parseArguments(['--scenario', 'zoo', 'dev']), env: {} });
}

it('a race: line is checked before anything starts', async () => {
  expect((await prepared('A')).settings.plan).toMatchObject({ contenders: 2, inventories: [{ key: 'A' }] });
  await expect(prepared({ inventory: 'A', relase: 'simultaneous' })).rejects.toThrow(
    'scenarios.0.flow.0.post.race.relase: unknown key; did you mean "release"?',
  );
});

describe('of all scenarios', () => {
  const all = (argv: readonly string[], env = {}) => {
    vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => void vi.restoreAllMocks());
    return prepareAll(listScenarios(root), { root, args: parseArguments(argv), env });
  };
  const ids = { ORDER_EVENT_ID: 'e', ORDER_SESSION_ID: 's', ORDER_ORGANIZATION_ID: 'o', ORDER_SEAT_IDS: 'A,B' };

  it('those run for which the environment has what they need, and each other one has its reason', async () => {
    const { prepared: ready, leftOut } = await all(['dev'], ids);
    expect(ready.map(({ scenario }) => scenario.name)).toEqual(['order-race', 'cancel-rebook', 'order-ramp']);
    expect(ready.length + leftOut.length).toBe(listScenarios(root).length);
    expect(leftOut).toContainEqual({
      scenario: 'coupon',
      reason:
        'config.variables.coupons: missing; list what the contenders race for under environments.yml: dev.variables',
    });
  });

  it('each is a run with a name of its own', async () => {
    const idsOf = async (env: object) => (await all(['dev'], { ...ids, ...env })).prepared.map(({ runId }) => runId);
    const named = ['nightly-order-race', 'nightly-cancel-rebook', 'nightly-order-ramp'];
    expect(await idsOf({ ORDER_RUN_ID: 'nightly' })).toEqual(named);
    expect(await idsOf({ ARTILLERY_TEST_RUN_ID: 'nightly' })).toEqual(named);
    expect(await idsOf({})).toEqual([undefined, undefined, undefined]);
  });

  it('it is bad input if the environment has what it takes for none of them, or if nobody knows it', async () => {
    await expect(all(['dev'])).rejects.toThrow(/^order-race: environments\.yml: dev\.variables\.seats: is empty.*\n/);
    await expect(all(['nowhere'])).rejects.toThrow(/^order-race: environment "nowhere": not under .*$/);
  });

  it('a wrong value is bad input: it is no lack', async () => {
    await expect(all(['dev'], { ...ids, ORDER_VUS: '1' })).rejects.toThrow('ORDER_VUS: must be a whole number');
  });

  it('the demo has what all of them need', async () => {
    expect((await all(['demo'])).leftOut).toEqual([]);
  });
});
