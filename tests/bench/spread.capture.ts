import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARMS, OURS_HTTP1 } from '../../bench/arms/index.ts';
import { captureProblem } from '../../bench/capture/tcpdump.ts';
import { captureArm } from '../../bench/measure.ts';
import { median } from '../../bench/statistics.ts';
import { startTarget, type Target } from '../../bench/target/index.ts';
import type { VerdictFile } from '../../reports/index.ts';

let dir: string;
let target: Target;
beforeAll(async () => {
  const problem = captureProblem();
  if (problem !== undefined) throw new Error(problem);
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-capture-'));
  target = await startTarget();
});
afterAll(async () => {
  await target?.stop();
  if (dir !== undefined) fs.rmSync(dir, { recursive: true });
});

function verdictIn(outputDir: string): VerdictFile {
  const name = fs.readdirSync(outputDir).find((its) => its.endsWith('.verdict.json')) ?? '';
  return JSON.parse(fs.readFileSync(path.join(outputDir, name), 'utf8')) as VerdictFile;
}

describe("the gate's own figure of the spread", () => {
  it('agrees with the packets', async () => {
    const arm = ARMS.find((its) => its.id === OURS_HTTP1);
    if (arm === undefined) throw new Error('no such arm');
    const run = { number: 1, contenders: 100, rounds: 16 };
    const { rounds, outputDir } = await captureArm(arm, target, () => run, dir);

    const own = verdictIn(outputDir).rounds.map((round) => round.spreadMs ?? Number.NaN);
    const wire = rounds.map((round) => round.spreadMs);
    console.log(wire.map((its, i) => `${its.toFixed(3)}/${own[i]?.toFixed(3)}`).join(' '));
    expect(median(own)).toBeCloseTo(median(wire));
  });
});
