import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { ENDINGS, endingsOf, findingsOf, root, runCommand } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

const script = path.join(root, 'run-order-race-test.sh');

const suite = (race: object = {}, steps: readonly object[] = []) => ({
  config: {
    target: '{{ $env.SHOP_URL }}',
    processor: './functions/choose.mts',
    phases: [{ duration: 1, arrivalCount: 6 }],
    plugins: {
      greeting: {},
      race: {
        inventories: ['A1', 'A2'],
        readBack: '/seats/{inventory}',
        limits: { spreadMs: 2000, overlap: 0 },
        ...race,
      },
    },
    environments: { staging: {} },
  },
  scenarios: [
    {
      flow: [
        ...steps,
        {
          loop: [
            { function: 'choose' },
            { post: { url: '/book', race: '{{ $loopElement }}', json: { seat: '{{ seat }}' } } },
          ],
          over: '$inventories',
        },
      ],
    },
  ],
});

const FILES = {
  'functions/choose.mts':
    'import { same } from "seats";\nexport const choose = async ({ vars }) => { vars.seat = same(vars.$loopElement); };\n',
  'node_modules/seats/index.js': 'exports.same = (seat) => seat;\n',
  'node_modules/artillery-plugin-greeting/index.js':
    'module.exports = { Plugin: class { constructor() { console.log("the plugin of the suite"); } cleanup(done) { done(); } } };\n',
};

/** A shop whose suite has processors, packages, a plugin and a .env of its own; its path has a space. */
function shopWith(files: Readonly<Record<string, string>>): string {
  const shop = path.join(temporaryFolder(), 'my shop');
  for (const [name, text] of Object.entries({ ...FILES, ...files })) {
    fs.mkdirSync(path.dirname(path.join(shop, name)), { recursive: true });
    fs.writeFileSync(path.join(shop, name), text);
  }
  return shop;
}

describe.concurrent('the script runs a suite by its path', () => {
  it('from any folder and through a link, with the processors, packages, plugins and .env of the suite', async ({
    target,
  }) => {
    const { url } = await target();
    const shop = shopWith({ 'shop.race.yml': stringify(suite()), '.env': `SHOP_URL=${url}\n` });
    const elsewhere = temporaryFolder('elsewhere-');
    const link = path.join(elsewhere, 'race');
    fs.symlinkSync(script, link);
    const named = path.relative(elsewhere, path.join(shop, 'shop.race.yml'));
    const run = await runCommand(link, ['--yes', named], { cwd: elsewhere, env: { ORDER_OUTPUT_DIR: '' } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain('the plugin of the suite');
    expect(run.stdout).toContain(`run-order-race-test.sh --yes '${named}'\n`);
    // It is in .env, and in no shell.
    expect(run.stdout).not.toContain('SHOP_URL="$SHOP_URL"');
    const written = fs.readdirSync(path.join(elsewhere, 'output'));
    expect(endingsOf(written)).toEqual(ENDINGS);
    for (const file of written) expect(file).toMatch(/^order_race_all_seats_staging_/);
    expect(run.stdout).toContain(`output/${written.find((file) => file.endsWith('.html'))}`);
  });

  it('in the environment that is named, with the reports where output.dir says, and finds what is wrong', async ({
    target,
  }) => {
    const { url } = await target(({ answer, store }) => answer(201, { order_id: store() }));
    const shop = shopWith({ 'shop.json': JSON.stringify(suite({ output: { dir: 'reports' } })), '.env': 'SHOP_URL=x' });
    // A variable that is set already wins over .env.
    const env = { ORDER_OUTPUT_DIR: '', SHOP_URL: url };
    const run = await runCommand(script, ['--quiet', '--scenario', './shop.json', 'staging'], { cwd: shop, env });
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(endingsOf(fs.readdirSync(path.join(shop, 'reports')))).toEqual(ENDINGS);
  });
});

describe.concurrent('a processor may import the plugin, which is only in the clone', () => {
  it.for([
    ['an ES module', 'choose.mjs', 'import * as plugin from "artillery-plugin-race";', 'export const choose ='],
    ['CommonJS', 'choose.js', 'const plugin = require("artillery-plugin-race");', 'exports.choose ='],
    // Artillery bundles this one, and a bundle leaves types out.
    [
      'TypeScript',
      'choose.ts',
      'import type * as types from "artillery-plugin-race"; const plugin = { Plugin: true };',
      'export const choose =',
    ],
    ['TypeScript for Node', 'choose.mts', 'import * as plugin from "artillery-plugin-race";', 'export const choose ='],
  ] as const)('in %s', async ([, file, load, exported], { target }) => {
    const { url } = await target();
    const written = suite();
    const own = { ...written, config: { ...written.config, processor: `./functions/${file}` } };
    const body = `${load}\n${exported} async (context) => { context.vars.seat = plugin.Plugin && context.vars.$loopElement; };\n`;
    const shop = shopWith({ 'shop.yml': stringify(own), [`functions/${file}`]: body });
    const run = await runCommand(script, ['--yes', 'shop.yml'], { cwd: shop, env: { SHOP_URL: url } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });

  it('and for a package that is nowhere, the error names it', async ({ target }) => {
    const { url, requests } = await target();
    const body = 'import "artillery-plugin-rice";\nexport const choose = async () => {};\n';
    const shop = shopWith({ 'shop.yml': stringify(suite()), 'functions/choose.mts': body });
    const run = await runCommand(script, ['--yes', 'shop.yml'], { cwd: shop, env: { SHOP_URL: url } });
    expect(run.code, run.stdout + run.stderr).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('artillery-plugin-rice');
    expect(requests()).toBe(0);
  });
});

describe.concurrent('check', () => {
  it('books nothing: it tells the size, the target, the sign-in that it cannot try, and the read-back', async ({
    target,
  }) => {
    const { url, requests } = await target();
    const login = [{ post: { url: '/login', json: { name: 'ann' } } }];
    const shop = shopWith({ 'shop.yml': stringify(suite({}, login)), '.env': `SHOP_URL=${url}\n` });
    const run = await runCommand(script, ['check', 'shop.yml'], { cwd: shop });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^ {2}✓ configuration 6 VUs × 2 seats$/m);
    expect(run.stdout).toContain(`✓ target        ${url} is there`);
    expect(run.stdout).toMatch(/– sign-in {7}not tried: .*: POST \/login, function choose$/m);
    expect(run.stdout).toMatch(/✓ read-back {5}GET \S+\/seats\/A1 → 200 .*: A1 is free$/m);
    expect(requests()).toBe(0);
    expect(findingsOf(run)).toEqual([]);
    expect(fs.existsSync(path.join(shop, 'output'))).toBe(false);
  });

  it.for([
    ['nobody is at the target', suite(), 'http://127.0.0.1:9', 'nothing answers at http://127.0.0.1:9'],
    [
      'the read-back cannot be read',
      suite({ readBack: { path: '/nothing/{inventory}', retries: 0 } }),
      '',
      'the read-back of A1: GET ',
    ],
    ['the processor is missing', suite({ label: 'x' }), '', 'config.processor: there is no file'],
  ] as const)('exits with 2 where %s', async ([what, written, url, problem], { target }) => {
    const server = await target(undefined, () => [500, {}]);
    const shop = shopWith({ 'shop.yml': stringify(written) });
    if (what === 'the processor is missing') fs.rmSync(path.join(shop, 'functions'), { recursive: true });
    const run = await runCommand(script, ['check', 'shop.yml', 'staging'], {
      cwd: shop,
      env: { SHOP_URL: url || server.url },
    });
    expect(run.code, run.stdout + run.stderr).toBe(2);
    expect(run.stderr).toContain(`Error: ${problem}`);
    expect(server.requests()).toBe(0);
  });

  it('starts the bundled API, signs in and asks it, as a run in the demo does', async () => {
    const run = await runCommand(script, ['check', '--scenario', 'coupon', 'demo']);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain('✓ sign-in       virtual user 1 got a token');
    expect(run.stdout).toMatch(/✓ read-back .*WELCOME is free$/m);
    expect(run.files).toEqual([]);
  });
});

describe.concurrent('the script hands over to the commands of the plugin', () => {
  it('with their exit codes', async () => {
    const { code, stderr } = await runCommand(script, ['judge', 'nothing.history.jsonl']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^Error: .*nothing\.history\.jsonl/) });
  });

  it('and a suite or an environment of such a name is still reached', async () => {
    const suitePath = await runCommand(script, ['./judge']);
    expect(suitePath).toMatchObject({ code: 2, stderr: expect.stringContaining('./judge: there is no such file') });
    const environment = await runCommand(script, ['--', 'judge']);
    expect(environment).toMatchObject({ code: 2, stderr: expect.stringContaining('environment "judge": not under') });
  });
});
