import { maxOf } from '../../model/index.ts';

/** The height of a drawing of {@link densityPath}, in its own units; it is one unit wide for each bin. */
const DENSITY_HEIGHT = 20;

/**
 * The outline of a histogram: a path in a box of `bins` × {@link DENSITY_HEIGHT}, which the page stretches. Even a single
 * value in a bin is visible. Empty for no values.
 *
 * @param values all within the range
 */
export function densityPath(values: readonly number[], [from, to]: readonly [number, number], bins: number): string {
  if (values.length === 0 || !(to > from)) return '';
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    // The last bin includes its upper edge.
    const bin = Math.min(bins - 1, Math.floor((bins * (value - from)) / (to - from)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = maxOf(counts);
  const steps = counts.map((count, index) => {
    const height = count === 0 ? 0 : 1 + ((DENSITY_HEIGHT - 1) * count) / most;
    return { top: Number((DENSITY_HEIGHT - height).toFixed(1)), right: index + 1 };
  });
  // Neighbouring bins of the same height are one step.
  const path = steps
    .map(({ top, right }, index) => {
      const rise = top === (steps[index - 1]?.top ?? DENSITY_HEIGHT) ? '' : `V${top}`;
      return top === steps[index + 1]?.top ? rise : `${rise}H${right}`;
    })
    .join('');
  return `M0 ${DENSITY_HEIGHT}${path}V${DENSITY_HEIGHT}Z`;
}
