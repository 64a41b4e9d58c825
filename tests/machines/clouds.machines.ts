import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { findingsOf, launchSuite, root, runCommand } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { buildImage, type Image, PLATFORMS } from '../support/cloud-image.ts';
import { it } from '../support/fixtures.ts';
import { newRun, startFleet } from '../support/machines.ts';
import { suiteFor } from '../support/suites.ts';

let redis: OwnServer;
let image: Image;
beforeAll(async () => {
  image = buildImage();
  redis = await startRedis();
}, 120_000);
afterAll(() => redis.stop());

/** Processes of a busy computer: how tight the race is, is measured elsewhere. */
const limits = { spreadMs: 60_000, p95Ms: 60_000, overlap: 0 };
const sellsToAll: Temperament = ({ answer, store }) => answer(201, { order_id: store() });
const binOf = ({ artillery }: Image) => path.join(artillery, 'bin/run');
type Platform = keyof typeof PLATFORMS;

describe('three machines, started as Artillery starts them', () => {
  it.for<[Platform, string, Temperament, number, number]>([
    // The exit code of each process, and the one of the verdict.
    ['Fargate', 'right', correct(), 0, 0],
    ['Fargate', 'wrong', sellsToAll, 3, 3],
    ['Lambda', 'wrong', sellsToAll, 0, 3],
    ['ACI', 'wrong', sellsToAll, 0, 3],
  ])('race as one on %s, against a %s server', async ([platform, name, temperament, code, verdictCode], { target }) => {
    const server = await target(temperament);
    const race = { machines: 3, meet: '{{ $env.ORDER_MEET }}', limits };
    const run = newRun(`${platform} ${name}`);
    const fleet = await startFleet(suiteFor(server.url, { vus: 5, race }), {
      url: redis.url,
      run,
      machines: 3,
      bin: binOf(image),
      // Their names of the run come from Artillery.
      env: { ORDER_RUN_ID: '', ORDER_MACHINES: '', ARTILLERY_TEST_RUN_ID: run },
      envOf: (machine) => PLATFORMS[platform](image, machine),
    });
    const runs = await fleet.ended;
    expect(runs.map((each) => [each.code, each.verdict?.exitCode])).toEqual(Array(3).fill([code, verdictCode]));
    expect(runs.map(findingsOf)).toEqual(Array(3).fill(verdictCode === 0 ? [] : ['double-booking']));
    const said = code === verdictCode ? '' : `The exit code is 0 instead of 3: on ${platform}`;
    for (const { stderr } of runs) expect(stderr.startsWith(said)).toBe(true);
    expect(server.requests()).toBe(45);
  });

  it.for<[Platform, number]>([
    ['Fargate', 2],
    ['Lambda', 0],
    ['ACI', 0],
  ])('are refused on %s with exit code %i, which lets its leader end', async ([platform, code], { target }) => {
    const server = await target();
    const env = { ...PLATFORMS[platform](image, 1), ORDER_MACHINES: '3', ARTILLERY_TEST_RUN_ID: 'refused' };
    const run = await launchSuite(suiteFor(server.url), { env, bin: binOf(image) });
    expect([run.code, run.files, server.requests()]).toEqual([code, [], 0]);
    expect(run.stderr).toContain('config.plugins.race.meet: missing');
  });
});

describe('a machine of Artillery, where the suite says nothing of machines', () => {
  it.for<[Platform, Temperament, number, number, readonly string[]]>([
    ['Fargate', correct(), 4, 4, ['machines-unknown']],
    ['Lambda', correct(), 0, 4, ['machines-unknown']],
    ['ACI', sellsToAll, 0, 3, ['double-booking', 'machines-unknown']],
  ])('never passes: %s, %o', async ([platform, temperament, code, verdictCode, findings], { target }) => {
    const { url } = await target(temperament);
    const env = PLATFORMS[platform](image, 1);
    const run = await launchSuite(suiteFor(url, { race: { limits } }), { env, bin: binOf(image) });
    expect([run.code, run.verdict?.exitCode, findingsOf(run)]).toEqual([code, verdictCode, findings]);
    expect(run.verdict?.findings.at(-1)?.message).toContain('(ORDER_MACHINES, ORDER_MEET)');
  });

  it('passes where it says that there is one', async ({ target }) => {
    const { url } = await target();
    const env = PLATFORMS.Fargate(image, 1);
    const run = await launchSuite(suiteFor(url, { race: { machines: 1, limits } }), { env, bin: binOf(image) });
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
  });
});

describe('where the command is typed', () => {
  const script = suiteFor('http://127.0.0.1:9', { race: { machines: 3 } });

  it.for(['aws:lambda', 'az:aci'])(
    'the plugin stands aside, even without `meet`: %s',
    async (launchType, { folder }) => {
      const file = path.join(folder, 'suite.json');
      fs.writeFileSync(file, JSON.stringify(script));
      const leader = path.join(root, 'tests/support/cloud-leader.mjs');
      const args = [leader, path.join(root, 'node_modules/artillery'), launchType, file];
      const run = await runCommand(process.execPath, args, { cwd: folder });
      expect([run.code, run.stderr, run.files]).toEqual([0, '', []]);
      expect(run.stdout).toBe('loaded: 1\n');
      expect(fs.readdirSync(folder)).toEqual(['suite.json']);
    },
  );

  it('Artillery takes the plugin along, and a file only if includeFiles names it', async ({ folder }) => {
    const file = path.join(folder, 'suite.json');
    fs.writeFileSync(path.join(folder, 'environments.yml'), '{}');
    fs.writeFileSync(path.join(folder, 'package.json'), '{}');
    const bill = async (more: object) => {
      fs.writeFileSync(file, JSON.stringify(suiteFor('http://127.0.0.1:9', { config: more as { plugins?: object } })));
      const program = path.join(root, 'tests/support/cloud-bundle.mjs');
      const run = await runCommand(process.execPath, [program, path.join(root, 'node_modules/artillery'), file]);
      return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as { files: string[]; modules: string[] };
    };
    const plain = await bill({});
    expect(plain.modules).toContain('artillery-plugin-race');
    expect(plain.files).not.toContain('environments.yml');
    expect((await bill({ includeFiles: ['environments.yml'] })).files).toContain('environments.yml');
  });
});

/** The options of a command of Artillery, from the command itself. */
async function optionsOf(command: string): Promise<string[]> {
  const file = path.join(root, `node_modules/artillery/dist/lib/cmds/${command}.js`);
  const { default: Command } = (await import(file)) as { default: { flags: object } };
  return Object.keys(Command.flags);
}

describe('the example', () => {
  it.for(['fargate', 'lambda', 'aci'])(
    'for %s starts as many machines as it says, with options that exist',
    async (name) => {
      const text = fs.readFileSync(path.join(root, `examples/machines/${name}.sh`), 'utf8');
      const used = new RegExp(`artillery run-${name} (.*) suite.yml`).exec(text)?.[1] ?? '';
      const known = await optionsOf(`run-${name}`);
      const options = [...used.matchAll(/--([\w-]+)/g)].map(([, option]) => option);
      expect(options.length).toBeGreaterThan(2);
      for (const option of options) expect(known).toContain(option);
      expect(/ORDER_MACHINES=(\d)/.exec(text)?.[1]).toBe(/--count (\d)/.exec(used)?.[1]);
    },
  );
});
