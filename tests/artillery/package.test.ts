import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
// Below the root, where the built package and zod are found by their names.
const dir = fs.mkdtempSync(path.join(root, 'node_modules/.package-'));
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = path.join(dir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};

describe('a processor that imports the built package', () => {
  const run = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' });
  const printType = "reportProblem('refused'); console.log(typeof reportProblem);";

  it('may be in CommonJS', () => {
    const file = write('common.cjs', `const { reportProblem } = require('artillery-plugin-race'); ${printType}`);
    expect(run(file)).toBe('function\n');
  });

  it('may be in TypeScript, which Artillery bundles into CommonJS', () => {
    const file = write('typed.ts', `import { reportProblem } from 'artillery-plugin-race'; ${printType}`);
    const outfile = path.join(dir, 'typed.cjs');
    buildSync({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    expect(run(outfile)).toBe('function\n');
  });
});

it('is built from wherever the user stands', () => {
  const clone = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
  try {
    for (const name of ['model', 'plugin', 'reports']) {
      const from = path.join(root, name);
      fs.cpSync(from, path.join(clone, name), { recursive: true, filter: (file) => file !== path.join(from, 'dist') });
    }
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
    const args = [path.join(clone, 'plugin/build.mjs'), '--no-types'];
    execFileSync(process.execPath, args, { cwd: path.parse(root).root, stdio: 'pipe' });
    expect(fs.readdirSync(path.join(clone, 'plugin/dist'))).toContain('index.js');
  } finally {
    fs.rmSync(clone, { recursive: true, force: true });
  }
});

describe('the types of the packed package', () => {
  const CONSUMER = `
    import { reportProblem, type Attempt, type HistoryRecord, type RaceConfig, type VerdictFile } from 'artillery-plugin-race';

    export const block: RaceConfig = {
      inventories: ['A1', { key: 'pool', capacity: 3 }],
      rule: { name: 'hold-confirm', leaseMs: 1000 },
      outcome: { success: { status: [200], body: { '$.ok': true } } },
      readBack: '/seats/{seatId}',
    };
    // @ts-expect-error: misspelt
    export const misspelt: RaceConfig = { inventoris: ['A1'] };
    // @ts-expect-error: not a number
    export const mistyped: RaceConfig = { limits: { p95Ms: '2000' } };

    export const winnersIn = ({ rounds, verdict }: VerdictFile): number =>
      verdict === 'pass' ? rounds.length : rounds.reduce((sum, { winners }) => sum + winners.length, 0);
    export const orderIdOf = (attempt: Attempt) => (attempt.outcome === 'ok' ? attempt.orderId : undefined);
    export const isAttempt = (record: HistoryRecord) => record.type === 'attempt';
    reportProblem('refused');
    // @ts-expect-error: not a text
    reportProblem(1);
  `;

  const SCRIPT = `
    import type { Config, Scenarios, TestScript } from 'artillery-plugin-race/script';

    export const config: Config = {
      target: 'http://shop.test',
      phases: [{ duration: 1, arrivalCount: 10 }],
      plugins: { race: { inventories: ['A1', 17] }, expect: {} },
    };
    export const scenarios: Scenarios = [
      {
        flow: [
          { loop: [{ post: { url: '/book', json: { seat: '{{ $loopElement }}' }, race: '{{ $loopElement }}' } }], over: '$inventories' },
          { parallel: [{ get: { url: '/a', race: { inventory: 17, operation: 'hold', units: '{{ n }}' } } }] },
          { post: { url: '/orders', race: { once: 'order', allow: [404] } } },
          { get: { url: '/status', race: { settles: 'A1', everyMs: 100 } } },
          { get: { url: '/free', race: false } },
        ],
      },
      { engine: 'ws', flow: [{ send: 'hello' }] },
    ];
    export const script: TestScript = { config, scenarios };
    // @ts-expect-error: true is the name of nothing
    export const shapeless: Scenarios = [{ flow: [{ post: { url: '/', race: true } }] }];
    // @ts-expect-error: misspelt
    export const misspelt: Scenarios = [{ flow: [{ post: { url: '/', race: { inventry: 'A1' } } }] }];
    // @ts-expect-error: misspelt in the block
    export const block: Config = { plugins: { race: { inventorys: ['A1'] } } };
    // @ts-expect-error: misplaced
    export const misplaced: Scenarios = [{ flow: [{ think: 1, race: 'A1' }] }];
  `;

  it('type-check a consumer, every declaration included, from flat files', () => {
    const pack = ['pack', path.join(root, 'plugin'), '--ignore-scripts', '--json', '--pack-destination', dir];
    const [{ filename, files }] = JSON.parse(execFileSync('npm', pack, { cwd: dir, encoding: 'utf8', stdio: 'pipe' }));
    const declarations = files
      .map((file: { path: string }) => file.path)
      .filter((name: string) => /\.d\.m?ts$/.test(name));
    expect(declarations.toSorted()).toEqual(['dist/index.d.ts', 'script.d.ts']);

    const installed = path.join(dir, 'consumer/node_modules/artillery-plugin-race');
    fs.mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', path.join(dir, filename), '-C', installed, '--strip-components=1']);
    write('consumer/package.json', '{ "type": "module" }');
    write('consumer/consumer.ts', CONSUMER);
    write('consumer/script.ts', SCRIPT);
    const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: [] };
    const config = write('consumer/tsconfig.json', JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
    // Artillery's own declarations do not check without a browser's.
    const loose = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['script.ts'] };
    const script = write('consumer/tsconfig.script.json', JSON.stringify(loose));
    execFileSync(process.execPath, [tsc, '-p', script], { stdio: 'inherit' });
  });
});

describe('a worker', () => {
  it('loads no code of the reports', () => {
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
