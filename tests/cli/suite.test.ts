import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { loadScenario } from '../../cli/load-scenario.ts';
import { prepare } from '../../cli/prepare.ts';
import { chosenScenarios } from '../../cli/scenarios.ts';
import { dotenvBeside, isSuitePath, nodePathOf, suiteAt } from '../../cli/suite.ts';
import { InputError } from '../../plugin/src/config/index.ts';
import { root } from '../support/artillery.ts';
import { temporaryFolder } from '../support/fixtures.ts';

const SUITE = {
  config: {
    target: 'http://127.0.0.1:9',
    phases: [{ duration: 1, arrivalCount: 2 }],
    plugins: { race: { inventories: ['A'] } },
  },
  scenarios: [{ flow: [{ post: { url: '/book', race: 'A' } }] }],
};

/** A folder with these files, each a text or what JSON says. */
function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder('shop ');
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const withConfig = (config: object) => ({ ...SUITE, config: { ...SUITE.config, ...config } });

/** Prepares a suite as the command line names it. */
function prepared(suite: unknown, argv: readonly string[] = [], env = {}, others = {}) {
  const file = path.join(folderWith({ ...others, 'shop.race.yml': suite }), 'shop.race.yml');
  return prepare(suiteAt(file, []), { args: parseArguments([file, ...argv]), env });
}

describe('a suite by its path', () => {
  it.each(['./judge', 'shop.yml', 'a/b', '../shop.race.yml', 'x.JSON', 's.ts', 's.mts'])('is %s', (word) => {
    expect(isSuitePath(word)).toBe(true);
  });

  it.each(['demo', 'all', 'judge', 'order-race', 'v1.2', ''])('is not %j', (word) => {
    expect(isSuitePath(word)).toBe(false);
  });

  it('comes first, or after --scenario, and its environment may be left out', () => {
    expect(parseArguments(['shop.yml'])).toMatchObject({ scenario: 'shop.yml', environment: undefined });
    expect(parseArguments(['--yes', 'shop.yml', 'staging'])).toMatchObject({
      scenario: 'shop.yml',
      environment: 'staging',
      yes: true,
    });
    expect(parseArguments(['--scenario', './shop.yml', 'judge'])).toMatchObject({
      scenario: './shop.yml',
      environment: 'judge',
    });
  });

  it.each([
    [['shop.yml', 'a', 'b'], 'one environment at a time, not a and b'],
    [['staging', 'shop.yml'], 'shop.yml: a suite comes before its environment: ./run-order-race-test.sh shop.yml ENV'],
    [['a.yml', 'b.yml'], 'one suite at a time, not a.yml and b.yml'],
    [['--scenario', 'quota', 'shop.yml'], 'one suite at a time, not quota and shop.yml'],
    [['shop.yml', ''], 'which environment?'],
    [['shop.yml', '--lock', 'none'], '--lock configures the bundled API: use it with demo, not with shop.yml'],
  ])('%j is refused', (argv, problem) => {
    expect(() => parseArguments(argv)).toThrow(InputError);
    expect(() => parseArguments(argv)).toThrow(problem);
  });

  it('runs where the user stands; one of the bundled scenarios stays what it is', () => {
    const file = path.join(folderWith({ 'shop.race.yml': '# Hypothesis: one wins.\n' }), 'shop.race.yml');
    const isOwn = { name: 'shop.race', folder: process.cwd(), file, isBundled: false, hypothesis: 'one wins.' };
    expect(chosenScenarios(root, file)).toEqual([isOwn]);
    const link = path.join(temporaryFolder(), 'link.yml');
    fs.symlinkSync(path.join(root, 'scenarios/quota.yml'), link);
    expect(chosenScenarios(root, link)).toMatchObject([
      { name: 'quota', file: 'scenarios/quota.yml', isBundled: true },
    ]);
  });

  it.each([
    ['nothing.yml', 'nothing.yml: there is no such file in '],
    ['folder.yml', 'folder.yml: not a file'],
    ['suite.mts', 'suite.mts: Artillery takes no suite with the ending ".mts"; known: .yml, .yaml, .json, .ts, .js'],
  ])('%s is refused in one line', (name, problem) => {
    const folder = folderWith({ 'suite.mts': '', 'folder.yml/x': '' });
    expect(() => suiteAt(path.join(folder, name), [])).toThrow(InputError);
    expect(() => suiteAt(path.join(folder, name), [])).toThrow(problem);
  });

  it('finds plugins in every node_modules from its folder upwards', () => {
    const folder = folderWith({ 'shop/a/x.yml': '', 'node_modules/x': '', 'shop/node_modules/y': '' });
    const own = [path.join(folder, 'shop/node_modules'), path.join(folder, 'node_modules')].join(':');
    expect(nodePathOf(path.join(folder, 'shop/a/x.yml'), undefined)).toBe(own);
    expect(nodePathOf(path.join(folder, 'shop/a/x.yml'), '/usr/lib/node')).toBe(`${own}:/usr/lib/node`);
  });

  it('has the variables of the .env beside it; a bundled scenario has not', () => {
    const folder = folderWith({ 's.yml': SUITE, '.env': 'A=1\n# no\nexport B="x y"\n' });
    const suite = suiteAt(path.join(folder, 's.yml'), []);
    expect(dotenvBeside(suite)).toEqual({ A: '1', B: 'x y' });
    expect(dotenvBeside({ ...suite, isBundled: true })).toEqual({});
    expect(dotenvBeside(suiteAt(path.join(folderWith({ 's.yml': '' }), 's.yml'), []))).toEqual({});
  });
});

describe('a suite that is a program', () => {
  it.each([
    ['s.js', `module.exports = ${JSON.stringify(SUITE)};`],
    ['s.ts', `import part from 'part';\nenum Never { A }\nexport const { config, scenarios } = part as any;`],
    ['s.json', JSON.stringify(SUITE, null, '\t')],
    ['s.yaml', JSON.stringify(SUITE)],
  ])('is read as Artillery reads it: %s', async (name, text) => {
    const part = `module.exports = ${JSON.stringify(SUITE)}`;
    const folder = folderWith({ [name]: text, 'node_modules/part/index.js': part });
    expect(await loadScenario({ file: path.join(folder, name), environment: undefined, env: {} })).toMatchObject({
      config: { target: 'http://127.0.0.1:9' },
      sections: { scenarios: SUITE.scenarios },
    });
    expect(fs.readdirSync(folder).toSorted()).toEqual(['node_modules', name].toSorted());
  });

  it('names the first line of its error', async () => {
    const file = path.join(folderWith({ 's.js': 'throw new Error("no\\nmore")' }), 's.js');
    await expect(loadScenario({ file, environment: undefined, env: {} })).rejects.toThrow(
      /cannot run the suite .*: no$/,
    );
  });

  it('names the place of what is wrong in TypeScript', async () => {
    const file = path.join(folderWith({ 's.ts': 'const x: = 5;' }), 's.ts');
    await expect(loadScenario({ file, environment: undefined, env: {} })).rejects.toThrow(
      /cannot run the suite .*: Unexpected "=" \(line 1, column 10\)$/,
    );
  });
});

describe('the environment of a suite by its path', () => {
  it('is its only one, or none where it has none', async () => {
    const one = await prepared(withConfig({ environments: { staging: { target: 'http://staging.test' } } }));
    expect(one).toMatchObject({ environment: 'staging', needsApi: false, settings: { target: 'http://staging.test' } });
    expect(await prepared(SUITE)).toMatchObject({ environment: undefined, settings: { environment: 'default' } });
  });

  it.each([
    [{ a: {}, b: {} }, [], /^which environment\? .*shop\.race\.yml has a, b: name one of them after the suite$/],
    [{ a: {} }, ['demo'], 'environment "demo": not under config.environments; known: a'],
    [undefined, ['staging'], 'environment "staging": the script has no config.environments'],
    [{ demo: {} }, ['demo', '--lock', 'none'], '--lock configures the bundled API, which does not start for '],
  ] as const)('%j with %j is refused', async (environments, argv, problem) => {
    await expect(prepared(withConfig({ environments }), argv)).rejects.toThrow(problem);
  });

  it('may be called demo: then the bundled API does not start', async () => {
    expect(await prepared(withConfig({ environments: { demo: {} } }), ['demo'])).toMatchObject({ needsApi: false });
  });
});

describe('a variable that a suite names and nobody has set', () => {
  const target = '{{ $env.SHOP_URL }}';

  it('is named with the place and the mend, before anything starts', async () => {
    const headers = { Authorization: 'Bearer {{ $env.SHOP_TOKEN }}' };
    const suite = { ...withConfig({ target }), scenarios: [{ flow: [{ post: { url: '/', race: 'A', headers } }] }] };
    const mend = 'is not set; set it, or write it into the file .env beside the suite';
    await expect(prepared(suite, [], { SHOP_URL: 'http://shop.test' })).rejects.toThrow(
      `scenarios.0.flow.0.post.headers.Authorization: the variable SHOP_TOKEN ${mend}`,
    );
    await expect(prepared(suite, [], { SHOP_TOKEN: '' })).rejects.toThrow(
      `config.target: the variable SHOP_URL ${mend}`,
    );
  });

  it('does not matter in another environment', async () => {
    const environments = { staging: {}, prod: { target } };
    expect(await prepared(withConfig({ environments }), ['staging'])).toMatchObject({ environment: 'staging' });
  });
});

const FLOW = 'scenarios: [{ flow: [{ post: { url: /, race: A } }] }]';
const payload = { path: 'good.csv', fields: ['a', 'b'] };
/** Beside a suite. */
const FILES = {
  'good.csv': 'a,b\n1,2\n',
  'short.csv': 'a,b\n1\n',
  'quote.csv': 'a,b\n"1,2\n',
  'folder/file': '',
  'wrong.ts': '// Wrong\nconst x: = 5;\n',
  'imports.ts': "import './lib/seats.ts';\n",
  'lib/seats.ts': '\n\nconst seats: = 5;\n',
  'right.ts': "import 'of-nobody';\nexport const x: number = 5;\n",
};

it.each([
  [
    { ...SUITE, scenarios: [{ flow: [{ post: { race: 'A' } }] }] },
    'Artillery refuses it: "scenarios[0].flow[0].post.url"',
  ],
  [withConfig({ plugins: { race: null } }), 'config.plugins.race: is empty; write `race: {}`'],
  [
    withConfig({ plugins: { ...SUITE.config.plugins, expect: null } }),
    'config.plugins.expect: is empty; write `expect: {}`',
  ],
  [withConfig({ payload: { path: 'users.csv', fields: ['a'] } }), 'config.payload: there is no file users.csv in '],
  [
    withConfig({ payload: [payload, { path: 'short.csv' }] }),
    'config.payload.1: short.csv: Invalid Record Length: expect 2, got 1 on line 2; give every row as many columns',
  ],
  [
    withConfig({ payload: { path: 'quote.csv' } }),
    /^config\.payload: quote\.csv: Quote Not Closed.*; close the quote$/,
  ],
  [withConfig({ payload: { ...payload, delimiter: 5 } }), 'config.payload: good.csv: Invalid option delimiter'],
  [withConfig({ payload: { path: 'folder' } }), /^config\.payload: cannot read folder: /],
  [withConfig({ payload: 'good.csv' }), 'config.payload: must be a mapping with the path of a CSV file'],
  [withConfig({ payload: [{ fields: ['a'] }] }), 'config.payload.0: must be a mapping with the path of a CSV file'],
  [withConfig({ processor: 'none.ts' }), 'config.processor: there is no file none.ts in '],
  [withConfig({ processor: 'wrong.ts' }), 'config.processor: wrong.ts: Unexpected "=" (line 2, column 10)'],
  [
    withConfig({ processor: './imports.ts' }),
    'config.processor: ./imports.ts: Unexpected "=" (lib/seats.ts, line 3, column 14)',
  ],
  [
    `config:\n  target: !ENV https://shop.test\n  phases: [{ duration: 1, arrivalCount: 2 }]\n  plugins: { race: {} }\n${FLOW}`,
    /shop\.race\.yml: Artillery refuses it: unknown tag !<!ENV> \(line 2, column \d+\)$/,
  ],
])('what Artillery itself would refuse is bad input: %#', async (suite, problem) => {
  await expect(prepared(suite, [], {}, FILES)).rejects.toThrow(InputError);
  await expect(prepared(suite, [], {}, FILES)).rejects.toThrow(problem);
});

it('an empty block of the plugin is filled by the environment', async () => {
  const suite = withConfig({ plugins: { race: null }, environments: { dev: { plugins: SUITE.config.plugins } } });
  expect((await prepared(suite, ['dev'])).settings.plan.inventories).toHaveLength(1);
});

it('what Artillery reads is read: an empty block that it fills, a CSV file, a processor in TypeScript, a tag of YAML', async () => {
  const plugins = { ...SUITE.config.plugins, 'metrics-by-endpoint': null };
  const config = { plugins, payload: [payload], processor: 'right.ts', bundling: { external: ['of-nobody'] } };
  const { file } = await prepared(withConfig(config), [], {}, FILES);
  fs.writeFileSync(file, `${JSON.stringify(SUITE.config).replace('{', 'config: { note: !!str 7, ')}\n${FLOW}`);
  await prepare(suiteAt(file, []), { args: parseArguments([file]), env: {} });
});
