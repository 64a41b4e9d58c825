// node plugin/build.mjs [--no-types | --for-race]
//
// --for-race builds without types, and without the packages that only `init` needs: they may be missing.
// Makes plugin/dist, which is published: the bundle, the templates of the reports, and the types in one file. This is
// JavaScript for Node 18 and newer, because it runs before anything else does.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

class AlreadyPrinted extends Error {}

const require = createRequire(import.meta.url);
const { dependencies } = require('./package.json');
const plugin = dirname(fileURLToPath(import.meta.url));
const root = dirname(plugin);
// What esbuild says about files is relative to the root, whoever builds from wherever.
process.chdir(root);
const dist = join(plugin, 'dist');
const startedAt = new Date();
const isForRace = process.argv.includes('--for-race');
const missing = isForRace ? Object.keys(JSON.parse(readFileSync(join(plugin, '../package.json'))).devDependencies) : [];

/**
 * Bundled with their licences. A worker thread takes 70 ms to load zod's hundred files, and 10 ms to load the bundle. Sources
 * must say `import * as z`: with `import { z }`, esbuild bundles everything. zod stays a dependency, for the types. A package
 * that is not a dependency at all, such as handlebars and its forty files, is bundled as well.
 */
const BUNDLED = ['zod'];

/**
 * Names and words that postman-collection makes up, and tables of character sets: 860 KB that `init` never uses, because it
 * reads a collection and sends nothing.
 */
const LEFT_OUT = ['@faker-js/faker/locale/en', 'iconv-lite'];

// Built aside and then swapped in, so that a run during a build never sees half of it. The folders are called dist, so
// that git and everything else that reads .gitignore ignores them.
const stage = await mkdtemp(join(plugin, 'build-'));
const fresh = join(stage, 'new/dist');
const old = join(stage, 'old/dist');
const types = join(stage, 'types/dist');
try {
  await Promise.all([fresh, dirname(old)].map((folder) => mkdir(folder, { recursive: true })));
  await copyLicences(await bundle());
  await cp(join(plugin, '../reports/templates'), join(fresh, 'templates'), { recursive: true });
  if (!isForRace && !process.argv.includes('--no-types')) await declareTypes();
  // tools/setup.sh compares this time with the sources. One that changed during the build is not in it.
  await utimes(join(fresh, 'index.js'), startedAt, startedAt);
  await swapIn();
} catch (error) {
  // esbuild and tsc have already printed what is wrong, and where.
  if (!(error instanceof AlreadyPrinted)) console.error(error);
  process.exitCode = 1;
} finally {
  await rm(stage, { recursive: true, force: true });
}

/** @returns the folders of the packages that became part of the bundle */
async function bundle() {
  const entries = {
    index: 'index',
    bin: 'bin',
    launcher: 'artillery/launcher/launcher',
    'meeting-thread': 'meet/thread',
    'request-thread': 'artillery/launcher/sources/request-thread',
    'sqlite-process': 'artillery/launcher/books/databases/sqlite-process',
  };
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, name]) => ({ in: join(plugin, `src/${name}.ts`), out })),
    // The source map names the sources relative to here, so it must not be written to the stage by esbuild itself.
    outdir: dist,
    write: false,
    bundle: true,
    // Code that several entries need goes into shared files, which are loaded once.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // npm installs the other dependencies beside the package.
    external: [...Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)), ...missing],
    alias: {
      ...Object.fromEntries(LEFT_OUT.map((name) => [name, join(plugin, 'left-out.cjs')])),
      // All of it in one file, without source maps.
      handlebars: 'handlebars/dist/handlebars.js',
    },
    sourcemap: 'linked',
    // The Redis client is CommonJS: bundled, it still requires Node's own modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url || process.execPath);",
    },
    legalComments: 'none',
    logLevel: 'warning',
  }).catch(() => {
    throw new AlreadyPrinted();
  });
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(join(fresh, relative(dist, path)), contents)));
  const packages = Object.keys(metafile.inputs).flatMap(
    (file) => file.match(/.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? [],
  );
  return new Set(packages);
}

async function copyLicences(packages) {
  for (const folder of packages) {
    // `@redis/client` is redis-client.
    const name = folder.split('node_modules/').at(-1).replace('@', '').replace('/', '-');
    const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    // A few packages name their licence and leave its text out: it is kept here.
    const text = licence === undefined ? join(plugin, `licences/${name}.txt`) : join(folder, licence);
    if (!existsSync(text)) throw new Error(`${folder} has no licence to copy`);
    await cp(text, join(fresh, `LICENSE.${name}`));
  }
}

/** TypeScript writes one file for each source, in the folders of this repository; users get all of them as one index.d.ts. */
async function declareTypes() {
  const tsc = join(folderOf('typescript'), 'bin/tsc');
  const args = [tsc, '-p', join(plugin, 'tsconfig.build.json'), '--outDir', types];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new AlreadyPrinted();
  const [{ build: bundleTypes }, { dts }] = await Promise.all([import('rolldown'), import('rolldown-plugin-dts')]);
  await bundleTypes({
    input: join(types, 'plugin/src/index.d.ts'),
    external: /^[^./]/,
    // Only bundles: tsc has generated the types. Any other generator asks for the API that TypeScript 7.0 lacks.
    plugins: [dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })],
    output: { dir: fresh },
    logLevel: 'warn',
    checks: { bundlerTimings: false },
  });
}

function folderOf(name) {
  return dirname(require.resolve(`${name}/package.json`));
}

async function swapIn() {
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(dist)) await rename(dist, old);
      return await rename(fresh, dist);
    } catch (error) {
      // Another build came between the two steps. Its result is removed like the old one.
      if (attempt === 5 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
      await rm(old, { recursive: true, force: true });
    }
  }
}
