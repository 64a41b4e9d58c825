import type { Arm } from '../arms/index.ts';
import { describeMachine, today } from '../machine.ts';
import type { BenchOptions } from '../options.ts';
import { quantile } from '../statistics.ts';
import { percent, table } from './markdown.ts';

/** The results of an arm at one window. */
export interface DetectionResult {
  readonly arm: Arm;
  readonly windowUs: number;
  /** The number of winners in each round of each run. */
  readonly runs: number[][];
  /** How long the windows really were. */
  readonly windowsUs: number[];
}

export function detectionSection(results: readonly DetectionResult[], options: BenchOptions): string {
  const rounds = options.rounds - 1;
  return [
    `Taken on ${today()} with \`${options.command}\`, ${options.contenders[0]} contenders:`,
    describeMachine()
      .map((line) => `- ${line}`)
      .join('\n'),
    `Share of rounds that caught the bug, without the first rounds (${options.repeat} runs of ${rounds}):`,
    shares(results, options, (run) => run.slice(1)),
    `Share of first rounds that caught the bug (${options.repeat} runs):`,
    shares(results, options, (run) => run.slice(0, 1)),
    measuredWindows(results, options),
    'A window of 0 is the control: check and act are one step, so there is nothing to catch.',
  ].join('\n\n');
}

function shares(
  results: readonly DetectionResult[],
  options: BenchOptions,
  pick: (winners: readonly number[]) => readonly number[],
): string {
  return table(
    ['window', ...options.windows.map(windowOf)],
    options.arms.map((arm) => [
      arm.title,
      ...results
        .filter((result) => result.arm === arm)
        .map(({ runs }) => {
          const winners = runs.flatMap(pick);
          return winners.length === 0 ? '–' : percent(winners.filter((count) => count > 1).length / winners.length);
        }),
    ]),
  );
}

/** The windows of all arms. They are longer than asked for, because waking a thread takes time, more so on a busy machine. */
function measuredWindows(results: readonly DetectionResult[], options: BenchOptions): string {
  const measured = options.windows
    .filter((us) => us > 0)
    .map((us) => {
      const all = results.filter((result) => result.windowUs === us).flatMap((result) => result.windowsUs);
      return `${windowOf(us)}: ${Math.round(quantile(all, 0.1))}–${Math.round(quantile(all, 0.9))} µs`;
    });
  return `How long the windows really were for the first request of each round, 10th to 90th percentile: ${measured.join('; ')}.`;
}

const windowOf = (us: number) => (us >= 1000 ? `${us / 1000} ms` : us === 0 ? '0' : `${us} µs`);
