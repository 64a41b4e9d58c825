import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARMS, OURS_HTTP1, OURS_HTTP2 } from '../../bench/arms/index.ts';
import { captureArm } from '../../bench/measure.ts';
import { median } from '../../bench/statistics.ts';
import type { VerdictFile } from '../../reports/index.ts';
import { captureTarget } from '../support/capture-target.ts';

const CONTENDERS = 100;
const ROUNDS = 16;

let runs = 0;
const nextRun = () => ({ number: ++runs, contenders: CONTENDERS, rounds: ROUNDS });

const captured = captureTarget();

describe('the spread that the gate reports', () => {
  it.each([OURS_HTTP1, OURS_HTTP2])('%s: agrees with the captured packets in every round', async (id) => {
    const arm = ARMS.find((known) => known.id === id);
    if (arm === undefined) throw new Error(`there is no arm ${id}`);
    const { target, dir } = captured();
    const { rounds, outputDir } = await captureArm(arm, target, nextRun, dir);

    expect(rounds.map(({ round, requests }) => ({ round, requests }))).toEqual(
      Array.from({ length: ROUNDS }, (_, index) => ({ round: index + 1, requests: CONTENDERS })),
    );
    const own = verdictIn(outputDir).rounds.map((round) => round.spreadMs ?? Number.NaN);
    const wire = rounds.map((round) => round.spreadMs);
    const pairs = wire.map((ms, index) => ({ wire: ms, own: own[index] ?? Number.NaN }));

    expect({ wire: median(wire), own: median(own) }).toSatisfy(agree);
    // In every round, because a time taken after the write would include what the scheduler does in between.
    expect(pairs.filter((pair) => !agree(pair))).toEqual([]);
  });
});

interface Pair {
  readonly wire: number;
  readonly own: number;
}

/** Whether both agree within 20 % or 0.2 ms, whichever is larger. */
const agree = ({ wire, own }: Pair) => Math.abs(own - wire) <= Math.max(0.2 * wire, 0.2);

function verdictIn(outputDir: string): VerdictFile {
  const name = fs.readdirSync(outputDir).find((file) => file.endsWith('.verdict.json')) ?? '';
  return JSON.parse(fs.readFileSync(path.join(outputDir, name), 'utf8')) as VerdictFile;
}
