import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { root } from '../support/artillery.ts';
import { type BookingServer, bookingServer, correct } from '../support/booking-server.ts';
import { printedSuites } from '../support/documented-suites.ts';
import { temporaryFolder } from '../support/fixtures.ts';
import { cloneRegistry } from './clone-registry.ts';

const page = fs.readFileSync(path.join(root, 'docs/your-suite.md'), 'utf8');
/** The commands that the page prints, in order. */
const printed = [...page.matchAll(/^```sh\n(?:#.*\n)?(.*?)(?: #.*)?\n```$/gm)].map(([, command = '']) => command);
const [pack = '', ...installs] = printed;
const TARBALL = 'artillery-plugin-race-0.1.0.tgz';

// The versions that are tested. Yarn 1 and its successor have the same name, so each gets a folder.
const MANAGERS = ['pnpm@12.21.0', 'yarn@1.22.22', '@yarnpkg/cli-dist@4.18.1'];

const home = temporaryFolder('install-');
const tools = path.join(home, 'tools');

// With INSTALL_FROM=registry everything comes from the real registry. That takes minutes, because Artillery has 500 packages.
const isReal = process.env.INSTALL_FROM === 'registry';
let stand: Awaited<ReturnType<typeof cloneRegistry>> | undefined;

/** For all managers: whose registry, and whose caches. */
function settings(): NodeJS.ProcessEnv {
  if (stand === undefined) return {};
  return {
    npm_config_registry: stand.url,
    YARN_NPM_REGISTRY_SERVER: stand.url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    npm_config_cache: path.join(home, 'npm-cache'),
    YARN_CACHE_FOLDER: path.join(home, 'yarn-cache'),
    YARN_GLOBAL_FOLDER: path.join(home, 'yarn-global'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_DATA_HOME: path.join(home, 'data'),
    CLONE: root,
  };
}

async function run(command: string, folder: string, tool?: string, env: NodeJS.ProcessEnv = {}) {
  const PATH = [...(tool === undefined ? [] : [path.join(tools, tool)]), process.env.PATH].join(':');
  const child = spawn('bash', ['-c', command], {
    cwd: folder,
    env: { ...process.env, ...env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, output: output + errors };
}

/** A command of an installed package, as its user would run it. */
const runInstalled = (command: string, folder: string) => {
  const finder = `--import ${path.join(import.meta.dirname, 'resolve-from-clone.mjs')}`;
  return run(`node_modules/.bin/${command}`, folder, undefined, isReal ? {} : { CLONE: root, NODE_OPTIONS: finder });
};

/** A command `name` that runs a script of a package. */
function link(tool: string, name: string, script: string): void {
  fs.mkdirSync(path.join(tools, tool), { recursive: true });
  const file = path.join(tools, 'node_modules', script);
  fs.writeFileSync(path.join(tools, tool, name), `#!/bin/sh\nexec node "${file}" "$@"\n`, { mode: 0o755 });
}

beforeAll(async () => {
  // It is built already. Another build would swap the plugin under whatever else runs.
  const packed = await run(pack, root, undefined, { npm_config_ignore_scripts: 'true' });
  expect(packed.code, packed.output).toBe(0);
  // The clone is out of reach from here on: the file alone stands where the page has the clone.
  fs.mkdirSync(path.join(home, 'order-race-test'));
  fs.renameSync(path.join(root, TARBALL), path.join(home, 'order-race-test', TARBALL));
  fs.mkdirSync(tools);
  const fetched = await run(`npm install --prefix . --no-save ${MANAGERS.join(' ')}`, tools);
  expect(fetched.code, fetched.output).toBe(0);
  if (!isReal) stand = await cloneRegistry(root);
  link('classic', 'yarn', 'yarn/bin/yarn.js');
  link('berry', 'yarn', '@yarnpkg/cli-dist/bin/yarn.js');
  fs.symlinkSync('node_modules/.bin', path.join(tools, 'pnpm'));
});

afterAll(() => stand?.close());

/** In CI these tests get the CPU that others leave idle: a server that gets none for seconds is not what they are about. */
const PATIENT = { limits: { spreadMs: 60_000, overlap: 0, p95Ms: 60_000 }, attempt: { timeoutMs: 60_000 } };

/** The suite that the package's README prints, at a server. */
const suiteAt = ({ url }: BookingServer): string => {
  const printedSuite = printedSuites().find(({ name }) => name.startsWith('plugin/README.md'))?.text ?? '';
  const suite = parse(printedSuite);
  suite.config.target = url;
  Object.assign(suite.config.plugins.race, PATIENT);
  return stringify(suite);
};

describe.each([
  ['npm', undefined, /^npm install /],
  ['pnpm', 'pnpm', /^pnpm add /],
  ['yarn 1', 'classic', /^yarn add .*--ignore-scripts/],
  ['yarn 4', 'berry', /^yarn add .*--mode=skip-build/],
])('installed with %s, as printed, in an empty folder', (name, tool, wanted) => {
  const folder = path.join(home, name.replace(' ', '-'));

  beforeAll(async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    if (tool === 'berry') {
      fs.writeFileSync(path.join(folder, '.yarnrc.yml'), 'nodeLinker: node-modules\nenableTelemetry: false\n');
      fs.writeFileSync(path.join(folder, 'yarn.lock'), '');
    }
    const [command = 'false'] = installs.filter((line) => wanted.test(line));
    // In CI, Yarn would refuse to write a lock file.
    const env = { ...settings(), CI: '', YARN_ENABLE_IMMUTABLE_INSTALLS: '0' };
    const { code, output } = await run(command, folder, tool, env);
    expect(code, output).toBe(0);
  });

  it('a suite races and passes, and its history can be judged again', async () => {
    const server = await bookingServer(correct());
    try {
      fs.writeFileSync(path.join(folder, 'suite.yml'), suiteAt(server));
      const raced = await runInstalled('artillery run suite.yml', folder);
      expect(raced.output).toContain('PASS (exit code 0)');
      expect(raced.code).toBe(0);
      const judged = await runInstalled('artillery-plugin-race judge output/*.history.jsonl --output judged', folder);
      expect(judged.output).toContain('PASS (exit code 0)');
      expect(judged.code).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('the README and the schema that the suite names are there, and nothing points into the clone', () => {
    const installed = fs.realpathSync(path.join(folder, 'node_modules/artillery-plugin-race'));
    expect(installed.startsWith(fs.realpathSync(folder))).toBe(true);
    expect(fs.readdirSync(installed)).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist', 'schema']));
    expect(fs.existsSync(path.join(folder, 'node_modules/artillery-plugin-race/schema/suite.schema.json'))).toBe(true);
  });
});

it('an installed plugin finds out that a server sells a seat to everybody', async () => {
  const folder = path.join(home, 'npm');
  const server = await bookingServer(({ answer, store }) => answer(201, { order_id: store() }));
  try {
    fs.writeFileSync(path.join(folder, 'suite.yml'), suiteAt(server));
    const raced = await runInstalled('artillery run suite.yml', folder);
    expect(raced.output).toContain('FAIL (exit code 3)');
    expect(raced.code).toBe(3);
  } finally {
    await server.close();
  }
});
