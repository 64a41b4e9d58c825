import type { ScaleLinear } from 'd3-scale';
import { percentage, type Tick } from './geometry.ts';

/** With more rounds than this, neighbours share a mark: nobody could tell them apart. */
export const MOST_ROUNDS = 1000;

/** The numbers of the rounds below a chart: the first, the last, and round numbers between them. */
export function roundAxis(rounds: number, x: ScaleLinear<number, number>): readonly Tick[] {
  const between = x.ticks(6).filter((number) => Number.isInteger(number) && number > 1 && number < rounds);
  const step = (between[1] ?? rounds) - (between[0] ?? 1);
  const numbers = [1, ...between.filter((number) => number - 1 >= step / 2 && rounds - number >= step / 2), rounds];
  return [...new Set(numbers)].map((number) => ({ at: percentage(x(number)), label: String(number) }));
}
