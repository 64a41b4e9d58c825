// npm run bench:repeat [-- --rounds 1000] [-- --dry]
//
// What does a run cost whose rounds repeat? Judges a generated history of 10,000 rounds of 100 contenders with the `judge`
// command, and races the demo for so many rounds. Writes time, memory and sizes to docs/benchmarks.md, next to the limits.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { describeMachine, today } from './machine.ts';
import { OptionError } from './options.ts';
import { runNode } from './processes.ts';
import { writeSection } from './report/files.ts';
import { seconds, table } from './report/markdown.ts';
import { writeHistory } from './synthetic-history.ts';

interface Cost {
  readonly name: string;
  readonly ms: number;
  /** Peak of the resident memory of the process that judges. */
  readonly memoryMb: number;
  readonly historyBytes: number;
  readonly htmlBytes: number;
  /** Undefined where nothing is raced, and so nothing is printed on the way. */
  readonly lines?: number;
}

const LIMITS = { memoryMb: 700, htmlBytes: 5_000_000, lines: 90 } as const;
const CONTENDERS = 100;
/** The demo has so many seats. */
const SEATS = 16;
const DEFAULT_ROUNDS = 1000;
const RACE_MS = 3_600_000;

const root = path.resolve(import.meta.dirname, '..');
const PEAK_MEMORY = pathToFileURL(path.join(root, 'bench/arms/peak-memory.mjs')).href;

await runCommand(async (dir) => {
  const { rounds, dry } = optionsIn(process.argv.slice(2));
  const costs = [judged(dir), await raced(dir, rounds)];
  const section = sectionOf(costs, rounds === DEFAULT_ROUNDS ? '' : ` -- --rounds ${rounds}`);
  process.stdout.write(`${section}\n`);
  if (!dry) writeSection('repeat', section);
});

function optionsIn(args: string[]) {
  const options = {
    rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
    dry: { type: 'boolean', default: false },
  } as const;
  try {
    const { rounds, dry } = parseArgs({ args, options }).values;
    if (!/^[1-9]\d{0,4}$/.test(rounds))
      throw new OptionError(`--rounds ${rounds}: must be a whole number from 1 to 99999`);
    return { rounds: Number(rounds), dry };
  } catch (error) {
    throw error instanceof OptionError ? error : new OptionError((error as Error).message);
  }
}

/** Judges 100 seats that were raced for 100 times each. */
function judged(dir: string): Cost {
  const history = path.join(dir, 'run.history.jsonl');
  writeHistory(history, { contenders: CONTENDERS, seats: 100, visits: 100, doubleEvery: 0 });
  const memory = path.join(dir, 'memory');
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', PEAK_MEMORY, path.join(root, 'plugin/bin.js'), 'judge', history, '--quiet'],
    { encoding: 'utf8', env: { ...process.env, BENCH_PEAK_MEMORY: memory } },
  );
  if (status !== 0) throw new Error(`the history could not be judged: ${stderr}`);
  return {
    name: '`judge`: 10,000 rounds of 100 contenders',
    ms: performance.now() - startedAt,
    memoryMb: memoryIn(memory),
    historyBytes: fs.statSync(history).size,
    htmlBytes: fs.statSync(path.join(dir, 'run.html')).size,
  };
}

/** Races the demo, in a process that also judges it. */
async function raced(dir: string, rounds: number): Promise<Cost> {
  const output = path.join(dir, 'output');
  const memory = path.join(dir, 'memory-of-race');
  const repeat = String(Math.ceil(rounds / SEATS));
  const startedAt = performance.now();
  const { code, output: printed } = await runNode([path.join(root, 'cli/main.ts'), '--repeat', repeat, 'demo'], {
    cwd: root,
    env: {
      ORDER_OUTPUT_DIR: output,
      NODE_OPTIONS: `--import=${PEAK_MEMORY}`,
      BENCH_PEAK_MEMORY: memory,
      BENCH_PEAK_MEMORY_OF: 'artillery/bin/run',
    },
    timeoutMs: RACE_MS,
  });
  const named = (ending: string) => fs.readdirSync(output).find((file) => file.endsWith(ending)) ?? '';
  if (named('.html') === '') throw new Error(`the race ended with ${code}:\n${printed}`);
  const sizeOf = (ending: string) => fs.statSync(path.join(output, named(ending))).size;
  return {
    name: `the demo: ${(Number(repeat) * SEATS).toLocaleString('en')} rounds of 100 contenders`,
    ms: performance.now() - startedAt,
    memoryMb: memoryIn(memory),
    historyBytes: sizeOf('.history.jsonl'),
    htmlBytes: sizeOf('.html'),
    lines: printed.trimEnd().split('\n').length,
  };
}

function memoryIn(file: string): number {
  return Number(fs.readFileSync(file, 'utf8')) / 1024;
}

function sectionOf(costs: readonly Cost[], args: string): string {
  const within = (value: number, limit: number, show: (value: number) => string) =>
    `${show(value)} (≤ ${show(limit)}) ${value <= limit ? '✓' : '✗'}`;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const rows = costs.map(({ name, ms, memoryMb, historyBytes, htmlBytes, lines }) => [
    name,
    seconds(ms),
    within(memoryMb, LIMITS.memoryMb, (mb) => `${Math.round(mb)} MB`),
    megabytes(historyBytes),
    within(htmlBytes, LIMITS.htmlBytes, megabytes),
    lines === undefined ? '' : within(lines, LIMITS.lines, String),
  ]);
  return [
    `Taken on ${today()} with \`npm run bench:repeat${args}\`:`,
    describeMachine()
      .map((line) => `- ${line}`)
      .join('\n'),
    table(['', 'time', 'peak memory', 'history', 'HTML', 'lines in a log'], rows),
  ].join('\n\n');
}
