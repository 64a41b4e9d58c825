// npm run bench:report [-- --dry]
//
// What does a report cost? Judges the histories of an ordinary and of a huge run with the `judge` command, and opens the
// reports in Chromium. Writes time, memory and size to docs/benchmarks.md, next to the limits that the project has set.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startChromium } from '../tools/chromium.ts';
import { describeMachine, today } from './machine.ts';
import { writeSection } from './report/files.ts';
import { table } from './report/markdown.ts';
import { type Size, writeHistory } from './synthetic-history.ts';

interface Cost {
  /** Time of the `judge` command, which writes every report. */
  readonly judgeMs: number;
  /** Peak of the resident memory of that command. */
  readonly memoryMb: number;
  /** Size of the HTML report. */
  readonly bytes: number;
  /** Time for Chromium to load it. */
  readonly openMs: number;
}

interface Case extends Size {
  readonly name: string;
  readonly limits: Cost;
}

const CASES: readonly Case[] = [
  {
    name: '100 contenders × 16 seats',
    contenders: 100,
    seats: 16,
    doubleEvery: 0,
    limits: { judgeMs: 10_000, memoryMb: 500, bytes: 400_000, openMs: 2000 },
  },
  {
    name: '1,000 contenders × 500 seats, 50 of them sold twice',
    contenders: 1000,
    seats: 500,
    doubleEvery: 10,
    limits: { judgeMs: 10_000, memoryMb: 500, bytes: 5_000_000, openMs: 2000 },
  },
];

/** Takes the best time of three, because other work on the machine only ever adds time. */
const REPEATS = 3;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'report-bench-'));
try {
  const costs: Cost[] = [];
  for (const size of CASES) costs.push(await costOf(size));
  const section = sectionOf(costs);
  process.stdout.write(`${section}\n`);
  if (!process.argv.includes('--dry')) writeSection('report', section);
} catch (error) {
  process.stderr.write(`Error: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  fs.rmSync(dir, { recursive: true });
}

async function costOf(size: Size): Promise<Cost> {
  writeHistory(path.join(dir, 'run.history.jsonl'), size);
  const judged = Array.from({ length: REPEATS }, judge);
  const html = path.join(dir, 'run.html');
  return {
    judgeMs: Math.min(...judged.map(({ judgeMs }) => judgeMs)),
    memoryMb: Math.max(...judged.map(({ memoryMb }) => memoryMb)),
    bytes: fs.statSync(html).size,
    openMs: await openingMs(html),
  };
}

/** Runs `judge FILE` as a separate process, which reads the history and writes every report. */
function judge() {
  const memory = path.join(dir, 'memory');
  const root = path.resolve(import.meta.dirname, '..');
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      pathToFileURL(path.join(root, 'bench/arms/peak-memory.mjs')).href,
      path.join(root, 'plugin/bin.js'),
      'judge',
      path.join(dir, 'run.history.jsonl'),
      '--quiet',
    ],
    { encoding: 'utf8', env: { ...process.env, BENCH_PEAK_MEMORY: memory } },
  );
  const judgeMs = performance.now() - startedAt;
  if (status !== 0 && status !== 3) throw new Error(`the history could not be judged: ${stderr}`);
  return { judgeMs, memoryMb: Number(fs.readFileSync(memory, 'utf8')) / 1024 };
}

/** From the request for the file to the end of the `load` event, as the page measures it. */
async function openingMs(html: string): Promise<number> {
  const browser = await startChromium();
  try {
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(html).href);
      await page.waitForFunction("performance.getEntriesByType('navigation')[0].loadEventEnd > 0");
      times.push(await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd"));
      await page.close();
    }
    return Math.min(...times);
  } finally {
    await browser.close();
  }
}

function sectionOf(costs: readonly Cost[]): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const rows = CASES.map(({ name, limits }, index) => {
    const cost = costs[index];
    const cell = (key: keyof Cost, show: (value: number) => string) => {
      const value = cost?.[key] ?? Infinity;
      return `${show(value)} (≤ ${show(limits[key])}) ${value <= limits[key] ? '✓' : '✗'}`;
    };
    return [
      name,
      cell('judgeMs', seconds),
      cell('memoryMb', (mb) => `${Math.round(mb)} MB`),
      cell('bytes', (bytes) => `${Math.round(bytes / 1000).toLocaleString('en')} KB`),
      cell('openMs', seconds),
    ];
  });
  return [
    `Taken on ${today()} with \`npm run bench:report\`, the best time and the worst memory of ${REPEATS}:`,
    describeMachine()
      .map((line) => `- ${line}`)
      .join('\n'),
    table(['', '`judge FILE`, every report', 'peak memory', 'HTML', 'opens in Chromium'], rows),
  ].join('\n\n');
}
