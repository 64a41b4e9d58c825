import { scaleLinear } from 'd3-scale';
import { type Outcome, percentile } from '../../model/index.ts';
import type { Report } from '../report.ts';
import { formatMs } from '../units.ts';
import { densityPath } from './density.ts';
import { type Percentage, percentage, type Tick } from './geometry.ts';

/** How long winners and losers waited: a histogram for each outcome, all on one axis. */
export interface ResponseTimeChart {
  readonly rows: readonly ResponseTimeRow[];
  readonly ticks: readonly Tick[];
  /** The 95th percentile of all attempts. */
  readonly p95: Tick;
}

interface ResponseTimeRow {
  readonly outcome: Outcome;
  readonly name: string;
  readonly summary: string;
  /** See {@link densityPath}. */
  readonly path: string;
  readonly median: Percentage;
}

/** `charts.hbs` draws a box of this width. */
const BINS = 80;

const NAMES = { ok: 'Winners', fail: 'Losers', info: 'Unknown' } as const satisfies Record<Outcome, string>;

/** Undefined if no attempt was released. */
export function responseTimeChart({ timesMs, responseTimeMs }: Report): ResponseTimeChart | undefined {
  const { p95, max } = responseTimeMs;
  if (p95 === undefined || max === undefined) return undefined;
  const domain = [0, max > 0 ? max : 1] as const;
  const x = scaleLinear(domain, [0, 1]);
  return {
    rows: (['ok', 'fail', 'info'] as const).flatMap((outcome) => rowOf(outcome, timesMs[outcome], domain)),
    ticks: x.ticks(5).map((ms) => ({ at: percentage(x(ms)), label: ms.toLocaleString('en-US') })),
    p95: { at: percentage(x(p95)), label: `p95 ${formatMs(p95)}` },
  };
}

function rowOf(outcome: Outcome, times: Float64Array, domain: readonly [number, number]): readonly ResponseTimeRow[] {
  const median = percentile(times, 0.5);
  if (median === undefined) return [];
  return [
    {
      outcome,
      name: NAMES[outcome],
      summary: `${times.length.toLocaleString('en-US')}: median ${formatMs(median)}, slowest ${formatMs(times.at(-1))}`,
      path: densityPath([...times], domain, BINS),
      median: percentage(median / domain[1]),
    },
  ];
}
