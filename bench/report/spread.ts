import { type Arm, FLOOR, OURS_HTTP1, OURS_HTTP2, STOCK } from '../arms/index.ts';
import { describeMachine, today } from '../machine.ts';
import type { CapturedRun } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { type Figures, figuresOf, median, overRuns } from '../statistics.ts';
import { MAX_CONCURRENT_STREAMS } from '../target/index.ts';
import { CHART } from './files.ts';
import { ms, plain, seconds, table, times } from './markdown.ts';
import { type Strip, stripChart } from './strip-chart.ts';

/** The results of an arm at one number of contenders. */
export interface SpreadResult {
  readonly arm: Arm;
  readonly contenders: number;
  readonly rounds: number;
  readonly runs: CapturedRun[];
}

export function spreadSection(results: readonly SpreadResult[], options: BenchOptions): string {
  const sizes = [...Map.groupBy(results, (result) => result.contenders)];
  return [
    `Taken on ${today()} with \`${options.command}\`:`,
    describeMachine()
      .map((line) => `- ${line}`)
      .join('\n'),
    `![The spread of every round, by arm](${CHART})`,
    ...sizes.flatMap(([contenders, ofSize]) => [
      `### ${contenders.toLocaleString('en')} contenders`,
      spreadTable(ofSize),
    ]),
    `In milliseconds. Each figure is the median over ${options.repeat} runs of ${options.rounds} rounds, except the worst, which is the worst round of all runs.`,
    '### Time and memory',
    costTable(results),
    'From the start to the exit of the process, during the capture, and the peak of the resident memory. Medians over the runs.',
    '### Goals',
    goalTable(sizes.map(([, ofSize]) => ofSize)),
  ].join('\n\n');
}

export function chartOf(results: readonly SpreadResult[]): string {
  const strips = results.map(
    ({ arm, contenders, runs }): Strip => ({
      panel: `${contenders.toLocaleString('en')} contenders`,
      title: plain(arm.title),
      values: runs.flatMap((run) => run.rounds.map((round) => round.spreadMs)),
      isOurs: [OURS_HTTP1, OURS_HTTP2].includes(arm.id),
    }),
  );
  return stripChart('Spread of every round, ms', strips);
}

const figuresOfRuns = ({ runs }: SpreadResult): Figures =>
  overRuns(runs.map((run) => figuresOf(run.rounds.map((round) => round.spreadMs))));

function spreadTable(results: readonly SpreadResult[]): string {
  const floor = floorOf(results);
  return table(
    ['', 'median', 'p90', 'worst', 'first round', 'median ÷ floor', 'segments in a round'],
    results.map((result) => {
      const { median: middle, p90, worst, first } = figuresOfRuns(result);
      const ratio = times(middle / (floor?.median ?? Number.NaN));
      return [result.arm.title, ...[middle, p90, worst, first].map(ms), ratio, segmentsOf(result)];
    }),
  );
}

/** The segments that carried the releases, which is the figure that matters for HTTP/2. */
function segmentsOf({ arm, runs }: SpreadResult): string {
  const rounds = runs.flatMap((run) => run.rounds);
  const segments = range(rounds.map((round) => round.segments));
  return arm.wire === 'http1' ? segments : `${segments} (${range(rounds.map((round) => round.bytes))} bytes)`;
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toLocaleString('en'));
  return least === most ? `${least}` : `${least}–${most}`;
}

function costTable(results: readonly SpreadResult[]): string {
  return table(
    ['', 'contenders', 'whole run', 'peak memory', 'requests missing'],
    results.map((result) => {
      const { arm, contenders, runs } = result;
      const memory = runs.flatMap((run) => run.peakMemoryMb ?? []);
      return [
        arm.title,
        contenders.toLocaleString('en'),
        seconds(wallMsOf(runs)),
        memory.length === 0 ? '' : `${Math.round(median(memory))} MB`,
        String(missingIn(result)),
      ];
    }),
  );
}

const wallMsOf = (runs: readonly CapturedRun[]) => median(runs.map((run) => run.wallMs));

/** The number of requests, over all runs, that the capture does not show with an answer. */
export function missingIn({ contenders, rounds, runs }: SpreadResult): number {
  const seen = runs.reduce((sum, run) => sum + run.rounds.reduce((requests, round) => requests + round.requests, 0), 0);
  return runs.length * rounds * contenders - seen;
}

function floorOf(results: readonly SpreadResult[]): Figures | undefined {
  const floor = results.find((result) => result.arm.id === FLOOR);
  return floor === undefined ? undefined : figuresOfRuns(floor);
}

/** The goal for the time of a whole run applies to this many contenders. */
const WHOLE_RUN_CONTENDERS = 100;

/** The goals of the project and how close the figures come. Leaves out goals whose arms did not run. */
function goalTable(sizes: readonly (readonly SpreadResult[])[]): string {
  const rows = sizes.flatMap(goalsOf);
  return rows.length === 0 ? '' : table(['goal', 'limit', 'measured', ''], rows);
}

/** The goals at one number of contenders. */
function goalsOf(results: readonly SpreadResult[]): readonly string[][] {
  const [size = ''] = results.map((result) => result.contenders.toLocaleString('en'));
  const of = (id: string) => results.find((result) => result.arm.id === id);
  const [http1, http2, stock, floor] = [of(OURS_HTTP1), of(OURS_HTTP2), of(STOCK), floorOf(results)];
  const goals: string[][] = [];
  const goal = (text: string, value: number, limit: number, show: (value: number) => string) =>
    goals.push([`${text}, ${size} contenders`, `≤ ${show(limit)}`, show(value), value <= limit ? '✓' : '✗']);

  if (http1 && floor) {
    const figures = figuresOfRuns(http1);
    goal('HTTP/1.1: median ÷ floor', figures.median / floor.median, 1.3, times);
    goal('HTTP/1.1: p90 ÷ median of the floor', figures.p90 / floor.median, 2, times);
    goal('HTTP/1.1: first round ÷ median', figures.first / figures.median, 2, times);
  }
  if (http2) {
    const segments = http2.runs.flatMap((run) => run.rounds.map((round) => round.segments));
    const most = Math.ceil(http2.contenders / MAX_CONCURRENT_STREAMS);
    goal('HTTP/2: segments in a round, at most', Math.max(...segments), most, String);
  }
  for (const ours of [http1, http2]) {
    if (ours === undefined) continue;
    const memory = ours.runs.flatMap((run) => run.peakMemoryMb ?? []);
    goal(`${ours.arm.title}: peak memory, MB`, Math.round(Math.max(...memory)), 700, String);
    goal(`${ours.arm.title}: requests missing`, missingIn(ours), 0, String);
  }
  if (http1 && stock && stock.contenders === WHOLE_RUN_CONTENDERS) {
    const limit = wallMsOf(stock.runs) + 1000;
    goal('HTTP/1.1: whole run, against Artillery and 1 s', wallMsOf(http1.runs), limit, seconds);
  }
  return goals;
}
