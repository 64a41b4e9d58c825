import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Attempt, History } from '../../model/index.ts';
import { HELP, OPTIONS } from '../../plugin/src/commands/arguments.ts';
import { main } from '../../plugin/src/commands/main.ts';
import { parseHistory } from '../../plugin/src/recording/index.ts';
import { conclude, reportFilesAt } from '../../plugin/src/reporting/index.ts';
import { RENDERERS, type VerdictFile } from '../../reports/index.ts';
import {
  accounted,
  history,
  ok,
  operation,
  plan,
  refused,
  round,
  ruled,
  textOf,
  times,
  unanswered,
} from '../support/histories.ts';

const ENDINGS = ['.verdict.json', ...RENDERERS.map(({ file }) => file)];

const inventories = [
  { key: 'A', capacity: 1 },
  { key: 'B', capacity: 1 },
];
const twoSeats = plan({ inventories });
const raced = (first: Attempt[]) =>
  history(twoSeats, [...first, ...round(2, 'B', [ok(201, 'b'), ...times(3, refused)])]);
const passing = raced(round(1, 'A', [ok(201, 'a'), ...times(3, refused)]));
const doubled = raced(round(1, 'A', [ok(201, 'a'), ok(201, 'c'), ...times(2, refused)]));
const doubtful = raced(round(1, 'A', [ok(201, 'a'), unanswered(), ...times(2, refused)]));

/** A folder with the history in `run.history.jsonl`, and with other files, by name. */
function folderWith(recorded: History, others: Readonly<Record<string, string>> = {}): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'judge-'));
  for (const [name, text] of Object.entries({ 'run.history.jsonl': textOf(recorded), ...others })) {
    fs.writeFileSync(path.join(dir, name), text);
  }
  return dir;
}

/** Runs the command in a folder. */
async function command(cwd: string, ...args: string[]) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += text;
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return { code: await main(args, env), ...printed };
  } finally {
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

const judgeIn = (dir: string, ...options: string[]) => command(dir, 'judge', 'run.history.jsonl', ...options);
const verdictIn = (dir: string) =>
  JSON.parse(fs.readFileSync(path.join(dir, 'run.verdict.json'), 'utf8')) as VerdictFile;
const bytesIn = (dir: string) => ENDINGS.map((ending) => fs.readFileSync(path.join(dir, `run${ending}`), 'utf8'));

describe('artillery-plugin-race judge FILE', () => {
  it.each<[string, History, number]>([
    ['pass', passing, 0],
    ['fail', doubled, 3],
    ['inconclusive', doubtful, 4],
  ])(
    'exits by the verdict %s, writes every report beside the history and prints the summary',
    async (verdict, recorded, code) => {
      const dir = folderWith(recorded);
      const run = await judgeIn(dir);
      expect(run).toMatchObject({ code, stderr: '' });
      expect(fs.readdirSync(dir).toSorted()).toEqual(
        ['run.history.jsonl', ...ENDINGS.map((ending) => `run${ending}`)].toSorted(),
      );
      expect(verdictIn(dir)).toMatchObject({ verdict, exitCode: code, runId: recorded.run.runId });
      expect(run.stdout).toContain(`${verdict.toUpperCase()} (exit code ${code})`);
      expect(run.stdout).toContain('Reports run.html');
    },
  );

  it('gives the same bytes for the same history as the end of a run, however often', async () => {
    const dir = folderWith(doubled);
    const ofRun = fs.mkdtempSync(path.join(os.tmpdir(), 'run-'));
    conclude(parseHistory(textOf(doubled)), reportFilesAt(path.join(ofRun, 'run')));
    await judgeIn(dir);
    expect(bytesIn(dir)).toEqual(bytesIn(ofRun));
    await judgeIn(dir, '--output', 'again', '--quiet');
    expect(bytesIn(path.join(dir, 'again'))).toEqual(bytesIn(ofRun));
  });

  it('never passes a history that was cut off', async () => {
    const dir = folderWith(passing, { 'run.history.jsonl': textOf(passing).slice(0, -20) });
    expect((await judgeIn(dir)).code).toBe(4);
    expect(verdictIn(dir)).toMatchObject({ ended: 'cut off', findings: [{ id: 'incomplete' }] });
  });

  it('never overwrites the history, whatever its name is', async () => {
    const dir = folderWith(passing, { 'run.html': textOf(passing) });
    expect((await command(dir, 'judge', 'run.html')).code).toBe(0);
    expect(fs.readFileSync(path.join(dir, 'run.html'), 'utf8')).toBe(textOf(passing));
    expect(fs.existsSync(path.join(dir, 'run.html.html'))).toBe(true);
  });

  it('writes into another folder with --output, and makes it', async () => {
    const dir = folderWith(passing);
    expect((await judgeIn(dir, '--output', 'a/b')).code).toBe(0);
    expect(fs.readdirSync(dir).toSorted()).toEqual(['a', 'run.history.jsonl']);
    expect(fs.readdirSync(path.join(dir, 'a/b'))).toHaveLength(ENDINGS.length);
  });

  it('prints the verdict, who and when, what to do and the report with --quiet', async () => {
    const { stdout } = await judgeIn(folderWith(doubled), '--quiet');
    expect(stdout).toMatch(
      /^✗ FAIL \(exit code 3\): Seat 1 was sold 2 times: 1 of 2 seats was sold more often\n {2}than allowed\.\n {2}Seat 1: VU 1 at .*; VU 2 at .*\n {2}What to do: .*\n.*\nrun\.html\n$/,
    );
  });

  it('prints its help with --help', async () => {
    const { code, stdout } = await command(os.tmpdir(), '--help');
    expect(code).toBe(0);
    expect(stdout).toBe(HELP);
    for (const option of Object.keys(OPTIONS)) expect(stdout).toMatch(new RegExp(`^  (-., )?--${option}\\b`, 'm'));
  });
});

describe('artillery-plugin-race judge FILE --config FILE', () => {
  it.each<[string, string, string]>([
    ['YAML', 'stricter.yml', 'limits: { p95Ms: 25 }'],
    ['JSON', 'stricter.json', '{"limits": {"p95Ms": 25}}'],
  ])('judges by the limits that it names, in %s; the others stay', async (_what, name, text) => {
    const dir = folderWith(passing, { [name]: text });
    expect((await judgeIn(dir, '--config', name)).code).toBe(3);
    expect(verdictIn(dir)).toMatchObject({
      findings: [{ id: 'slow' }],
      limits: { ...twoSeats.limits, p95Ms: 25 },
      config: { limits: { p95Ms: 25 } },
    });
  });

  it('judges by other capacities', async () => {
    const dir = folderWith(doubled, { 'pool.yml': 'inventories: [{ key: A, capacity: 2 }]' });
    expect((await judgeIn(dir, '--config', 'pool.yml')).code).toBe(0);
    expect(verdictIn(dir).rounds.map(({ capacity }) => capacity)).toEqual([2, 1]);
  });

  it('judges by another rule, or by the same with other times', async () => {
    const held = history(
      ruled({ name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] }, 2),
      accounted(2, [
        operation(1, 'hold', ok(201, 'h1'), [0, 10]),
        operation(2, 'hold', refused(), [0, 9]),
        operation(1, 'confirm', ok(201, 'o1'), [1100, 1110], 2),
      ]),
    );
    const idsWith = async (text: string) => {
      const dir = folderWith(held, { 'rule.yml': text });
      await judgeIn(dir, '--config', 'rule.yml');
      return verdictIn(dir).findings.map(({ id }) => id);
    };
    expect(await idsWith('limits: {}')).toContain('late-confirm');
    expect(await idsWith('rule: { name: hold-confirm, leaseMs: 1200 }')).not.toContain('late-confirm');
    const usual = folderWith(held, { 'rule.yml': 'rule: order-race' });
    expect(await judgeIn(usual, '--config', 'rule.yml')).toMatchObject({
      code: 2,
      stderr: 'Error: rule.yml: rule: the history holds the operation "hold"; order-race knows book\n',
    });
  });

  it('refuses a rule that does not know what was done in a history too long to hold', async () => {
    const rule = { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] } as const;
    const attempts = accounted(2, [operation(1, 'hold', refused(409, 'x'.repeat(16e6)), [0, 10])]);
    const long = history(ruled(rule, 2, { repeat: { times: 2, stop: 'never' } }), attempts);
    const dir = folderWith(long, { 'rule.yml': 'rule: order-race' });
    expect(await judgeIn(dir, '--config', 'rule.yml')).toMatchObject({
      code: 2,
      stderr: 'Error: rule.yml: rule: the history holds the operation "hold"; order-race knows book\n',
    });
  });

  it('judges by the usual rule only where the file names it', async () => {
    const bought = history(ruled({ name: 'quota' }, 2), accounted(2, round(1, 'A', [ok(201, 'o1'), ok(201, 'o2')])));
    const ruleWith = async (text: string) => {
      const dir = folderWith(bought, { 'rule.yml': text });
      expect(await judgeIn(dir, '--config', 'rule.yml')).toMatchObject({ stderr: '' });
      const { rule, config } = verdictIn(dir);
      return [rule?.name, config.rule];
    };
    expect(await ruleWith('limits: {}')).toEqual(['quota', undefined]);
    expect(await ruleWith('rule: order-race')).toEqual([undefined, undefined]);
    expect(await ruleWith('rule: { name: coupon }')).toEqual(['coupon', { name: 'coupon' }]);
  });

  it('takes a whole script, with the environment of the run merged into it', async () => {
    const script = {
      config: {
        target: 'http://elsewhere',
        phases: [{ arrivalCount: 1 }],
        plugins: { race: { label: 'room', inventories: [], limits: { p95Ms: 1000, rejections: [409, 423] } } },
        environments: {
          demo: {
            plugins: { race: { inventories: ['Z9', { key: 'A', capacity: 2 }], limits: { rejections: [400] } } },
          },
          prod: { plugins: { race: { limits: { p95Ms: 1 } } } },
        },
      },
      scenarios: [],
    };
    const dir = folderWith(doubled, { 'suite.json': JSON.stringify(script) });
    expect(await judgeIn(dir, '--config', 'suite.json')).toMatchObject({ code: 0, stderr: '' });
    expect(verdictIn(dir)).toMatchObject({ label: 'seat', limits: { p95Ms: 1000, rejections: [400, 423] } });
    expect(verdictIn(dir).rounds.map(({ capacity }) => capacity)).toEqual([2, 1]);
  });
});

describe('artillery-plugin-race report A B', () => {
  it('puts verdicts side by side, and says what got better or worse', async () => {
    const dir = folderWith(doubled, { 'after.history.jsonl': textOf(passing) });
    await judgeIn(dir);
    await command(dir, 'judge', 'after.history.jsonl');
    const run = await command(dir, 'report', 'run.verdict.json', 'after.verdict.json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/Verdict +fail +pass ✓ better/);
    expect(run.stdout).toContain('B against A: better: Verdict, Over- or undersold, double-booking.');
  });

  it('compares a run with the one --against names, and says how that was in one line', async () => {
    const dir = folderWith(passing, { 'old.history.jsonl': textOf(doubled) });
    await judgeIn(dir);
    await command(dir, 'judge', 'old.history.jsonl');
    const run = await command(dir, 'report', 'run.verdict.json', '--against', 'old.verdict.json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^Last run: FAIL \(\d strong rounds?\), 5 refusals, p95 [\d.]+ ms\n/);
    expect(run.stdout).toMatch(/Verdict +fail +pass ✓ better/);
    expect(run.stdout).toContain('A  old,');
  });

  it('reads a verdict of version 1, which has no headline and says its problems in sentences', async () => {
    const dir = folderWith(passing);
    await judgeIn(dir);
    const { headline: _, promised: __, refusals: ___, unrecognised: ____, notes: _____, ...rest } = verdictIn(dir);
    const old = { ...rest, version: 1, problems: ['VU 3: the sign-in was refused'] };
    fs.writeFileSync(path.join(dir, 'old.verdict.json'), JSON.stringify(old));
    const run = await command(dir, 'report', 'old.verdict.json', 'run.verdict.json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('nothing got better or worse');
  });
});

describe('bad input to artillery-plugin-race', () => {
  const config = (text: string) => ({ 'config.yml': text });
  const judged = ['judge', 'run.history.jsonl'];
  const withConfig = [...judged, '--config', 'config.yml'];

  it.each<[string, string[], Readonly<Record<string, string>>, string]>([
    ['no command', [], {}, 'which command? For example: judge FILE (--help says more)'],
    [
      'a command of the script',
      ['check', 'x'],
      {},
      'check: only run-order-race-test.sh has it; with Artillery alone, a run checks its configuration before anything is booked',
    ],
    ['an unknown command', ['jugde', 'x'], {}, 'unknown command "jugde"; did you mean "judge"? (--help says more)'],
    ['one verdict alone', ['report', 'a'], {}, 'report: two verdicts or more, such as A.verdict.json B.verdict.json'],
    ['an option of judge', ['report', 'a', 'b', '--quiet'], {}, 'report: takes only --against'],
    ['an option of report', [...judged, '--against', 'a'], {}, '--against: belongs to report, not to judge'],
    ['two against one', ['report', 'a', 'b', '--against', 'c'], {}, 'report: exactly one of each: NEW.verdict.json'],
    ['one against two', ['report', 'a', '--against', 'b', '--against', 'c'], {}, 'report: exactly one of each'],
    ['nothing against one', ['report', '--against', 'a'], {}, 'report: exactly one of each'],
    [
      'a page instead of a verdict',
      ['report', 'x.verdict.json', '--against', 'old.html'],
      {},
      'old.html: report reads the .verdict.json beside it: old.verdict.json',
    ],
    ['a verdict that is not there', ['report', 'x', 'y'], {}, 'cannot read x: there is no such file'],
    ['a verdict that is not JSON', ['report', 'x', 'x'], { x: 'hello' }, 'x: not a verdict: not JSON'],
    [
      'JSON that is not a verdict',
      ['report', 'x', 'x'],
      { x: '{"version":1}' },
      'x: not a verdict: runId: must be text',
    ],
    ['no file', ['judge'], {}, 'judge: which history? For example: judge run.history.jsonl'],
    ['two files, of which one is not there', [...judged, 'b'], {}, 'cannot read b: there is no such file'],
    ['an unknown option', [...judged, '--quite'], {}, `Unknown option '--quite'; did you mean "--quiet"? (--help`],
    ['a file that is not there', ['judge', 'x'], {}, 'cannot read x: there is no such file'],
    ['a folder', ['judge', '.'], {}, 'cannot read .: it is a folder'],
    ['an empty file', ['judge', 'x'], { x: '' }, 'x: not a history: the history is empty'],
    ['a file that is not a history', ['judge', 'x'], { x: 'hello\n' }, 'x: not a history: line 1: not JSON'],
    [
      'a history with a wrong field',
      judged,
      { 'run.history.jsonl': textOf(passing).replace('"vu":2', '"vu":0') },
      'run.history.jsonl: not a history: line 3: vu: must be at least 1 (received 0)',
    ],
    [
      'a folder below a file',
      [...judged, '--output', 'run.history.jsonl/x'],
      {},
      'cannot write to the folder run.history.jsonl/x: ENOTDIR',
    ],
    ['a config that is not there', withConfig, {}, 'cannot read config.yml: there is no such file'],
    ['a config that is not YAML', withConfig, config('limits: [a'), 'config.yml: Flow sequence'],
    ['a config that is not a mapping', withConfig, config('hello'), 'config.yml: must be a mapping'],
    [
      'a misspelt limit',
      withConfig,
      config('limits: {p95: 1}'),
      'config.yml: limits.p95: unknown key; did you mean "p95Ms"?',
    ],
    ['a limit that is not a number', withConfig, config('limits: {p95Ms: soon}'), 'config.yml: limits.p95Ms: '],
    ['a misspelt key', withConfig, config('limit: {}'), 'config.yml: limit: unknown key; did you mean "limits"?'],
    ['a key that says how to race', withConfig, config('readBack: off'), 'config.yml: readBack: says how to race'],
    [
      'an inventory that the run does not have',
      withConfig,
      config('inventories: [Z9]'),
      'config.yml: inventories: the plan of the run has no "Z9"',
    ],
    [
      'a capacity with which nobody had to lose',
      withConfig,
      config('inventories: [{ key: A, capacity: 4 }]'),
      'config.yml: inventories: "A": capacity 4 for 4 contenders, so nobody had to lose, and nothing is proven',
    ],
    [
      'a rule that judges by a read-back, and there is none',
      withConfig,
      config('rule: state'),
      'config.yml: rule: state judges by what is stored, and nobody asked the server',
    ],
    [
      'a rule that does not know what was done',
      withConfig,
      config('rule: { name: exclusive, operations: [pay, cancel] }'),
      'config.yml: rule.operations: the history holds the operation "book"; exclusive knows pay, cancel',
    ],
    [
      'an amount under a rule of whole units',
      withConfig,
      config('inventories: [{ key: A, capacity: 1.5 }]'),
      'config.yml: inventories: "A": capacity 1.5 must be a whole number under this rule',
    ],
    [
      'a file instead of a folder',
      [...judged, '--output', 'run.history.jsonl'],
      {},
      'cannot write to the folder run.history.jsonl: ENOTDIR: not a folder',
    ],
    ['a folder that nobody can make', [...judged, '--output', '/proc/x/y'], {}, 'cannot write to the folder /proc/x/y'],
    [
      'a script without the plugin',
      withConfig,
      config('config: {target: x}'),
      'config.yml: config.plugins.race: missing',
    ],
  ])('is %s: one line, exit 2, and nothing is written', async (_what, args, files, message) => {
    const dir = folderWith(passing, files);
    const before = fs.readdirSync(dir);
    const run = await command(dir, ...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.startsWith(`Error: ${message}`), run.stderr).toBe(true);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(fs.readdirSync(dir)).toEqual(before);
  });
});

describe('judge, given the histories of several machines', () => {
  const onMachine = (machine: number): History => {
    const recorded = history(
      plan({ contenders: 4, machines: 2 }),
      round(1, 'A', [machine === 1 ? ok(201, 'a') : refused(), refused()]).map((attempt) => ({
        ...attempt,
        vu: attempt.vu + (machine - 1) * 2,
      })),
    );
    return { ...recorded, run: { ...recorded.run, machine } };
  };
  const clock = (machine: number) =>
    `${JSON.stringify({ type: 'clock', machine, round: 1, offsetMs: 5, errorMs: 0.1 })}\n`;
  const files = Object.fromEntries(
    [1, 2].map((machine) => [
      `m${machine}.history.jsonl`,
      textOf(onMachine(machine)).replace(/(?=\{"type":"end")/, clock(machine)),
    ]),
  );

  it('judges them as one, in any order, and writes the reports under the name of the first', async () => {
    const dir = folderWith(passing, files);
    expect(await command(dir, 'judge', 'm1.history.jsonl', 'm2.history.jsonl')).toMatchObject({ code: 0, stderr: '' });
    expect(await command(dir, 'judge', 'm2.history.jsonl', 'm1.history.jsonl')).toMatchObject({ code: 0 });
    const [one, two] = ['m1', 'm2'].map((name) => fs.readFileSync(path.join(dir, `${name}.verdict.json`), 'utf8'));
    expect(one).toBe(two);
    expect(JSON.parse(one ?? '')).toMatchObject({ vus: 4, machines: [{ contenders: 2 }, { contenders: 2 }] });
  });

  it('is inconclusive where one is missing', async () => {
    const dir = folderWith(passing, files);
    expect((await command(dir, 'judge', 'm1.history.jsonl')).code).toBe(4);
    const { findings } = JSON.parse(fs.readFileSync(path.join(dir, 'm1.verdict.json'), 'utf8')) as VerdictFile;
    expect(findings.map(({ id }) => id)).toContain('machine-lost');
  });

  it.each([
    [['m1.history.jsonl', 'm1.history.jsonl'], 'are both of machine 1'],
    [['run.history.jsonl', 'run.history.jsonl'], 'are both of a single machine'],
    [
      ['m1.history.jsonl', 'other.jsonl'],
      'is of the run "0d0c0f6e-1111-4222-8333-444455556666", and other.jsonl of the run "other"',
    ],
    [['redis://127.0.0.1:1'], 'which run? Name it: --run ID'],
    [['redis://:hunter2@127.0.0.1:1', '--run', 'x'], 'Redis at 127.0.0.1:1 cannot be used'],
    [['m1.history.jsonl', '--run', 'x'], '--run: needs the address of a Redis'],
  ])('refuses %j', async (args, message) => {
    const other = textOf(onMachine(2)).replace('0d0c0f6e-1111-4222-8333-444455556666', 'other');
    const { code, stderr } = await command(folderWith(passing, { ...files, 'other.jsonl': other }), 'judge', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
  });
});
