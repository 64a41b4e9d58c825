import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artilleryArguments } from '../../bench/arms/artillery.ts';
import { captureArm } from '../../bench/measure.ts';
import { median } from '../../bench/statistics.ts';
import type { Attempt } from '../../model/index.ts';
import { parseHistory } from '../../plugin/src/recording/index.ts';
import { captureTarget } from '../support/capture-target.ts';

const CONTENDERS = 100;
const ROUNDS = 8;
const SPAN_MS = 40;
/** How exactly the plugin promises to keep an offset on the wire, at the median. */
const KEPT_MS = 0.5;

let runs = 0;
const nextRun = () => ({ number: ++runs, contenders: CONTENDERS, rounds: ROUNDS });

const captured = captureTarget();

describe('the offsets of a ramp', () => {
  it.each(['http1', 'http2'] as const)(
    `over %s are kept within ${KEPT_MS} ms at the median, and the history reports them as they were`,
    async (wire) => {
      const race = { wire, release: { shape: 'ramp', spanMs: SPAN_MS } };
      const arm = {
        id: `ramp-${wire}`,
        title: 'A ramp',
        wire,
        command: (url: string, run: ReturnType<typeof nextRun>, folder: string) =>
          artilleryArguments(url, run, folder, { race }),
      };
      const { target, dir } = captured();
      const { rounds, outputDir } = await captureArm(arm, target, nextRun, dir);
      expect(rounds.map(({ requests }) => requests)).toEqual(Array.from({ length: ROUNDS }, () => CONTENDERS));

      const byRound = Map.groupBy(attemptsIn(outputDir), ({ round }) => round);
      const deviations = rounds.flatMap(({ round, offsetsMs }) => {
        const planned = (byRound.get(round) ?? []).map(({ plannedAtMs = Number.NaN }) => plannedAtMs);
        return distances(offsetsMs, planned);
      });
      const disagreements = rounds.flatMap(({ round, offsetsMs }) => {
        const reported = (byRound.get(round) ?? []).map(({ releasedAtMs = Number.NaN }) => releasedAtMs);
        return distances(offsetsMs, reported);
      });
      expect({ deviations: median(deviations), disagreements: median(disagreements) }).toSatisfy(
        (medians: { deviations: number; disagreements: number }) =>
          medians.deviations <= KEPT_MS && medians.disagreements <= KEPT_MS,
      );
    },
  );
});

/** How far apart two clocks see the same instants. Each clock counts from the median instant, because they have no common origin. */
function distances(one: readonly number[], other: readonly number[]): number[] {
  const [a, b] = [centred(one), centred(other)];
  return a.map((ms, index) => Math.abs(ms - (b[index] ?? Number.NaN)));
}

function centred(instantsMs: readonly number[]): number[] {
  const middle = median(instantsMs);
  return instantsMs.map((ms) => ms - middle).toSorted((a, b) => a - b);
}

function attemptsIn(outputDir: string): readonly Attempt[] {
  const name = fs.readdirSync(outputDir).find((file) => file.endsWith('.history.jsonl')) ?? '';
  return parseHistory(fs.readFileSync(path.join(outputDir, name), 'utf8')).attempts;
}
