// npm run bench:report [-- --dry]
//
// What a report costs: two histories, of an ordinary and of a huge run, are judged as a user does it, and the reports are
// opened in Chromium. Time, memory and size go into docs/benchmarks.md beside what the project set itself.

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

interface Case extends Size {
  readonly name: string;
  readonly limits: {
    readonly judgeMs: number;
    readonly memoryMb: number;
    readonly bytes: number;
    readonly openMs: number;
  };
}

interface Cost {
  readonly judgeMs: number;
  readonly memoryMb: number;
  readonly bytes: number;
  readonly openMs: number;
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

/** The best of so many: what else the machine does only ever adds. */
const REPEATS = 3;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'report-bench-'));
try {
  const costs: Cost[] = [];
  for (const its of CASES) costs.push(await costOf(its));
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

/** `judge FILE` as a process: history in, every report out. */
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

/** From the request for the file to the end of its `load` event, as the page itself has measured it. */
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
