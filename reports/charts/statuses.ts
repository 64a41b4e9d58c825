import { scaleLinear } from 'd3-scale';
import { statusCountsOf } from '../figures.ts';
import type { RoundSummary, VerdictFile } from '../model.ts';
import { unitOf } from '../wording.ts';
import { type Place, placeAt, representatives, type Tick } from './geometry.ts';
import { MOST_ROUNDS, roundAxis } from './rounds-axis.ts';

/** How the answers of every round divide into statuses: a bar for each round, in shares of its requests. */
export interface StatusChart {
  readonly summary: string;
  readonly series: readonly { readonly status: string; readonly kind: string; readonly count: number }[];
  readonly bars: readonly { readonly title: string; readonly parts: readonly StatusPart[] }[];
  readonly rounds: readonly Tick[];
}

interface StatusPart {
  readonly x: Place;
  readonly y: Place;
  readonly width: Place;
  readonly height: Place;
  /** Names the colour: see {@link kindsOf}. */
  readonly kind: string;
}

/** Undefined where nothing was sent. */
export function statusChart(report: VerdictFile): StatusChart | undefined {
  const { rounds, totals } = report;
  const unit = unitOf(report);
  if (totals.requests === 0) return undefined;
  const series = statusCountsOf(report);
  const kinds = kindsOf(series.map(({ status }) => status));
  const shown = representatives(rounds, MOST_ROUNDS, (round) => round.ok + round.info);
  const x = scaleLinear([1, Math.max(2, rounds.length + 1)], [0, 1]);
  const width = 1 / Math.max(1, shown.length);
  const gap = Math.min(0.004, 0.12 * width);
  return {
    summary: `${series.map(({ status, count }) => `${nameOf(status)} × ${count}`).join(', ')}.`,
    series: series.map(({ status, count }) => ({ status: nameOf(status), kind: kinds.get(status) ?? '', count })),
    bars: shown.map((round, index) => {
      const counts = roundCounts(round);
      let below = 1;
      const parts = counts.flatMap(({ status, count }): StatusPart[] => {
        const height = count / Math.max(1, round.requests);
        below -= height;
        return [
          {
            x: placeAt(index * width + gap, 2),
            y: placeAt(below),
            width: placeAt(width - 2 * gap, 2),
            height: placeAt(height),
            kind: kinds.get(status) ?? '',
          },
        ];
      });
      const said = counts.map(({ status, count }) => `${nameOf(status)} × ${count}`).join(', ');
      return { title: `${unit} ${round.number}: ${said || 'nothing was sent'}`, parts };
    }),
    rounds: roundAxis(rounds.length, x.copy().domain([0.5, rounds.length + 0.5])),
  };
}

/** Of one round as {@link statusCountsOf} has them of the run. */
function roundCounts({ statuses, requests: all, ok, fail, info }: RoundSummary) {
  return statusCountsOf({ statuses, totals: { requests: all, ok, fail, info } });
}

const nameOf = (status: string) => (status === 'none' ? 'no answer' : status);

/**
 * The colour of each status: its class says what it means (2: booked, 4: refused, 5: broken), and refusals with several
 * statuses are told apart by shade.
 */
function kindsOf(statuses: readonly string[]): ReadonlyMap<string, string> {
  const shades = new Map<string, number>();
  return new Map(
    statuses.map((status) => {
      const family = status === 'none' ? 'none' : `s${status.charAt(0)}`;
      const shade = Math.min(4, (shades.get(family) ?? 0) + 1);
      shades.set(family, shade);
      return [status, shade === 1 ? family : `${family} shade-${shade}`];
    }),
  );
}
