import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

describe('a processor that imports the built package', () => {
  // Below the root, where the package is found by its name.
  const dir = fs.mkdtempSync(path.join(root, 'node_modules/.processor-'));
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    const file = path.join(dir, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const run = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' });
  const tell = "reportProblem('refused'); console.log(typeof reportProblem);";

  it('may be in CommonJS', () => {
    const file = write('common.cjs', `const { reportProblem } = require('artillery-plugin-race'); ${tell}`);
    expect(run(file)).toBe('function\n');
  });

  it('may be in TypeScript, which Artillery bundles into CommonJS', () => {
    const file = write('typed.ts', `import { reportProblem } from 'artillery-plugin-race'; ${tell}`);
    const outfile = path.join(dir, 'typed.cjs');
    buildSync({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    expect(run(outfile)).toBe('function\n');
  });
});

describe('a worker', () => {
  it('loads nothing of the reports', () => {
    const { inputs } = buildSync({
      entryPoints: [path.join(root, 'plugin/src/index.ts')],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    }).metafile;
    expect(Object.keys(inputs)).toContain('plugin/src/artillery/worker/worker.ts');
    expect(Object.keys(inputs).filter((file) => /reporting|reports|launcher/.test(file))).toEqual([]);
  });
});
