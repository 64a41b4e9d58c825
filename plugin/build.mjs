// node plugin/build.mjs [--no-types]
//
// Makes plugin/dist, what is published: the bundle, the templates of the reports, the type declarations. JavaScript, and
// for Node 18 and newer, because it has to run before anything else does.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const { dependencies } = require('./package.json');
const plugin = dirname(fileURLToPath(import.meta.url));
const dist = join(plugin, 'dist');
const startedAt = new Date();

/**
 * Made part of the bundle, as far as it is used, with its licence: its hundred files take a worker thread 70 ms to load, and
 * the bundle 10. Sources say `import * as z`: by `import { z }`, esbuild takes all of it. It is a dependency all the same,
 * for the type declarations.
 */
const BUNDLED = ['zod'];

// Built aside and then swapped in, so that a run beside a build never sees half of one. Both folders in it are called
// dist, so git and everything else that reads .gitignore passes over them.
const stage = await mkdtemp(join(plugin, 'build-'));
const fresh = join(stage, 'new/dist');
const old = join(stage, 'old/dist');
try {
  await Promise.all([fresh, dirname(old)].map((folder) => mkdir(folder, { recursive: true })));
  await bundle();
  await cp(join(plugin, '../reports/templates'), join(fresh, 'templates'), { recursive: true });
  await Promise.all(BUNDLED.map((name) => cp(join(folderOf(name), 'LICENSE'), join(fresh, `LICENSE.${name}`))));
  if (!process.argv.includes('--no-types')) declareTypes();
  // Whoever asks whether the build is older than a source means its start: what changed meanwhile is not in it.
  await utimes(join(fresh, 'index.js'), startedAt, startedAt);
  await swapIn();
} catch (error) {
  // esbuild and tsc have said already what is wrong, and where.
  if (!(error instanceof Error && ('errors' in error || error.message === 'tsc'))) console.error(error);
  process.exitCode = 1;
} finally {
  await rm(stage, { recursive: true, force: true });
}

async function bundle() {
  const entries = { index: 'index', bin: 'bin', launcher: 'artillery/launcher/launcher' };
  const { outputFiles } = await build({
    entryPoints: Object.entries(entries).map(([out, name]) => ({ in: join(plugin, `src/${name}.ts`), out })),
    // The source map names the sources as seen from here; so it is written elsewhere only afterwards.
    outdir: dist,
    write: false,
    bundle: true,
    // What several of them need is in files of its own, and loaded once.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Whatever else the package depends on is installed beside it.
    external: Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(join(fresh, relative(dist, path)), contents)));
}

function declareTypes() {
  const tsc = join(folderOf('typescript'), 'bin/tsc');
  const args = [tsc, '-p', join(plugin, 'tsconfig.build.json'), '--outDir', join(fresh, 'types')];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('tsc');
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
      // Another build came between the two steps: its result goes the way of the old one.
      if (attempt === 5 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
      await rm(old, { recursive: true, force: true });
    }
  }
}
