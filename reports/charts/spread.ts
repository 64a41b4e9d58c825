import { scaleLinear, scaleLog } from 'd3-scale';
import type { VerdictFile } from '../../model/index.ts';
import { spreadText, unplannedSpreadMs } from '../contention.ts';
import { unitOf } from '../names.ts';
import { formatMs } from '../units.ts';
import { type Percentage, percentage, representatives, type Tick } from './geometry.ts';
import { MOST_ROUNDS, roundAxis } from './rounds-axis.ts';

/** The unplanned spread of every round on a logarithmic scale, with its limit. */
export interface SpreadChart {
  readonly summary: string;
  readonly points: readonly {
    readonly x: Percentage;
    readonly y: Percentage;
    readonly isOver: boolean;
    readonly title: string;
  }[];
  readonly limit: Tick;
  readonly ticks: readonly Tick[];
  readonly rounds: readonly Tick[];
}

/** Requests that left in one packet have no spread, and a logarithmic scale has no zero: they lie on the lower edge. */
const LEAST_MS = 0.01;

/** Undefined if no round was released. */
export function spreadChart(report: VerdictFile): SpreadChart | undefined {
  const { rounds, limits, contention } = report;
  const { one, many } = unitOf(report);
  const measured = rounds.flatMap((round) => {
    const spreadMs = unplannedSpreadMs(round);
    return spreadMs === undefined ? [] : [{ number: round.number, spreadMs, text: spreadText(round) }];
  });
  const worst = measured.reduce((most, round) => Math.max(most, round.spreadMs), 0);
  if (measured.length === 0) return undefined;
  const shown = representatives(measured, MOST_ROUNDS, ({ spreadMs }) => spreadMs);
  const least = measured.reduce((low, { spreadMs }) => Math.min(low, spreadMs), Infinity);
  const low = 10 ** Math.floor(Math.log10(Math.max(LEAST_MS, least)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(worst, limits.spreadMs, 10 * low) * 1.01));
  const y = scaleLog([low, high], [0.98, 0.04]).clamp(true);
  const x = scaleLinear([1, Math.max(2, rounds.length)], [0.12, 0.98]);
  const over = measured.filter(({ spreadMs }) => spreadMs > limits.spreadMs).length;
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index);
  return {
    summary: `Median ${formatMs(contention.medianSpreadMs)}, worst ${formatMs(worst)}; ${
      over === 0 ? `all within the limit of ${limits.spreadMs} ms` : `${over} above the limit of ${limits.spreadMs} ms`
    }.${shown.length < measured.length ? ` Of neighbouring ${many} the worst is shown.` : ''}${
      contention.offsets === undefined ? '' : ' At offsets: how far a release was off its plan.'
    }`,
    points: shown.map(({ number, spreadMs, text }) => ({
      x: percentage(x(number)),
      y: percentage(y(Math.max(low, spreadMs))),
      isOver: spreadMs > limits.spreadMs,
      title: `${one} ${number}: ${text}`,
    })),
    limit: { at: percentage(y(Math.max(low, limits.spreadMs))), label: `limit ${limits.spreadMs} ms` },
    ticks: decades.map((ms) => ({
      at: percentage(y(ms)),
      label: `${Number(ms.toPrecision(1)).toLocaleString('en-US')} ms`,
    })),
    rounds: roundAxis(rounds.length, x),
  };
}
