// npm run bench:detection [-- --windows 0,50,100,250,500,1000,5000,20000 --contenders 100 --rounds 16 --repeat 5 --dry]
//
// How often does a race catch a check-then-act bug, depending on the window between check and act (in microseconds)? Runs
// the arms in turn, each against a target that has just started, and writes docs/benchmarks.md.

import { type Arm, runArm } from './arms/index.ts';
import { runBench } from './command.ts';
import type { BenchOptions } from './options.ts';
import { type DetectionResult, detectionSection } from './report/detection.ts';
import { writeSection } from './report/files.ts';
import { plain } from './report/markdown.ts';
import { type Outcome, startTarget } from './target/index.ts';

const DEFAULTS = { contenders: '100', windows: '0,50,100,250,500,1000,5000,20000' };

await runBench(
  'bench:detection',
  DEFAULTS,
  () => undefined,
  async (options, dir) => {
    const results = await raceAll(options, dir);
    const section = detectionSection(results, options);
    process.stdout.write(`\n${section}\n`);
    if (!options.dry) writeSection('detection', section);
  },
);

async function raceAll(options: BenchOptions, dir: string): Promise<DetectionResult[]> {
  const results = options.arms.flatMap((arm) =>
    options.windows.map((windowUs): DetectionResult => ({ arm, windowUs, runs: [], windowsUs: [] })),
  );
  let number = 0;
  for (let repeat = 1; repeat <= options.repeat; repeat++) {
    for (const windowUs of options.windows) {
      for (const { arm, runs, windowsUs } of results.filter((result) => result.windowUs === windowUs)) {
        const outcome = await race(arm, windowUs, ++number, options, dir);
        const winners = Array.from({ length: options.rounds }, (_, index) => outcome.winners[String(index + 1)] ?? 0);
        runs.push(winners);
        windowsUs.push(...outcome.windowsUs);
        process.stdout.write(`${windowUs} µs, run ${repeat}, ${plain(arm.title)}: winners ${winners.join(' ')}\n`);
      }
    }
  }
  return results;
}

async function race(arm: Arm, windowUs: number, number: number, options: BenchOptions, dir: string): Promise<Outcome> {
  const [contenders = 0] = options.contenders;
  const target = await startTarget();
  try {
    await target.setWindow(windowUs);
    await runArm(arm, target, { number, contenders, rounds: options.rounds }, dir);
    return await target.outcome(number);
  } finally {
    await target.stop();
  }
}
