import { scaleLinear } from 'd3-scale';
import type { VerdictFile } from '../../model/index.ts';
import { unitOf } from '../names.ts';
import { NO_ANSWER, roundStatusCounts, statusCountsOf, statusesText } from '../statuses.ts';
import { type Percentage, percentage, representatives, type Tick } from './geometry.ts';
import { MOST_ROUNDS, roundAxis } from './rounds-axis.ts';

/** The statuses of every round: a bar for each round, divided by the share of each status. */
export interface StatusChart {
  readonly summary: string;
  readonly series: readonly { readonly status: string; readonly kind: string; readonly count: number }[];
  readonly bars: readonly { readonly title: string; readonly parts: readonly StatusPart[] }[];
  readonly rounds: readonly Tick[];
}

interface StatusPart {
  readonly x: Percentage;
  readonly y: Percentage;
  readonly width: Percentage;
  readonly height: Percentage;
  /** Names the colour: see {@link kindsOf}. */
  readonly kind: string;
}

/** Undefined if nothing was sent. */
export function statusChart(report: VerdictFile): StatusChart | undefined {
  const { rounds, totals } = report;
  const unit = unitOf(report).one;
  if (totals.requests === 0) return undefined;
  const series = statusCountsOf(report);
  const kinds = kindsOf(series.map(({ status }) => status));
  const shown = representatives(rounds, MOST_ROUNDS, (round) => round.ok + round.info);
  const x = scaleLinear([1, Math.max(2, rounds.length + 1)], [0, 1]);
  const width = 1 / Math.max(1, shown.length);
  const gap = Math.min(0.004, 0.12 * width);
  return {
    summary: `${statusesText(series)}.`,
    series: series.map(({ status, count }) => ({ status, kind: kinds.get(status) ?? '', count })),
    bars: shown.map((round, index) => {
      const counts = roundStatusCounts(round);
      let top = 1;
      const parts = counts.map(({ status, count }): StatusPart => {
        const height = count / Math.max(1, round.requests);
        top -= height;
        return {
          x: percentage(index * width + gap, 2),
          y: percentage(top),
          width: percentage(width - 2 * gap, 2),
          height: percentage(height),
          kind: kinds.get(status) ?? '',
        };
      });
      return { title: `${unit} ${round.number}: ${statusesText(counts) || 'nothing was sent'}`, parts };
    }),
    rounds: roundAxis(rounds.length, x.copy().domain([0.5, rounds.length + 0.5])),
  };
}

/**
 * The CSS classes of each status. The first digit sets the colour (2: booked, 4: refused, 5: broken); statuses with the same
 * first digit differ in shade.
 */
function kindsOf(statuses: readonly string[]): ReadonlyMap<string, string> {
  const shades = new Map<string, number>();
  return new Map(
    statuses.map((status) => {
      const family = status === NO_ANSWER ? 'none' : `s${status.charAt(0)}`;
      const shade = Math.min(4, (shades.get(family) ?? 0) + 1);
      shades.set(family, shade);
      return [status, shade === 1 ? family : `${family} shade-${shade}`];
    }),
  );
}
