// npm run bench:spread [-- --contenders 100,1000 --rounds 16 --repeat 5 --arms fetch,floor --dry]
//
// How close together do the requests of one round leave? Captures packets on the loopback while the arms take turns against
// one target process, and writes docs/benchmarks.md and docs/benchmarks.svg. Needs Linux, tcpdump, and the permission to
// capture (root or CAP_NET_RAW).

import { captureProblem } from './capture/tcpdump.ts';
import { runBench } from './command.ts';
import { type CapturedRun, captureArm } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { writeChart, writeSection } from './report/files.ts';
import { ms, plain, seconds } from './report/markdown.ts';
import { chartOf, missingIn, type SpreadResult, spreadSection } from './report/spread.ts';
import { figuresOf } from './statistics.ts';
import { startTarget } from './target/index.ts';

await runBench('bench:spread', { contenders: '100,1000' }, captureProblem, async (options, dir) => {
  const results = await measureAll(options, dir);
  const section = spreadSection(results, options);
  print(section);
  if (options.dry) return;
  writeSection('spread', section);
  writeChart(chartOf(results));
});

/** The arms take turns, so that other work on the machine affects all of them. */
async function measureAll(options: BenchOptions, dir: string): Promise<SpreadResult[]> {
  const results = options.contenders.flatMap((contenders) =>
    options.arms.map((arm): SpreadResult => ({ arm, contenders, rounds: options.rounds, runs: [] })),
  );
  const target = await startTarget();
  try {
    let number = 0;
    for (let repeat = 1; repeat <= options.repeat; repeat++) {
      for (const result of results) {
        const { arm, contenders, rounds } = result;
        const run = await captureArm(arm, target, () => ({ number: ++number, contenders, rounds }), dir);
        result.runs.push(run);
        print(`${plain(arm.title)}, ${contenders} contenders, run ${repeat} of ${options.repeat}`);
        printRun(run, missingIn({ ...result, runs: [run] }));
      }
    }
  } finally {
    await target.stop();
  }
  return results;
}

function printRun(run: CapturedRun, missing: number): void {
  const spreads = run.rounds.map((round) => round.spreadMs);
  const { median, p90, worst, first } = figuresOf(spreads);
  const memory = run.peakMemoryMb === undefined ? '' : `, at most ${Math.round(run.peakMemoryMb)} MB`;
  process.stdout.write(
    [
      `  spread of each round, ms: ${spreads.map(ms).join(' ')}`,
      `  median ${ms(median)}, p90 ${ms(p90)}, worst ${ms(worst)}, first round ${ms(first)}`,
      `  segments with the releases: ${run.rounds.map((round) => round.segments).join(' ')}`,
      `  ${seconds(run.wallMs)}${memory}, ${missing} requests missing`,
      '',
    ].join('\n'),
  );
}

function print(text: string): void {
  process.stdout.write(`\n${text}\n`);
}
