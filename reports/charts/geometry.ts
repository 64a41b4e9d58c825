/**
 * A length as a share of the drawing, as SVG takes it (`12.5%`). A chart fits whatever width it gets, while its text and
 * strokes keep their size, on a phone and on paper.
 */
export type Percentage = `${number}%`;

/** A share (0..1) of the drawing; a share outside of it becomes its edge. */
export function percentage(share: number, decimals = 1): Percentage {
  const inside = Math.min(1, Math.max(0, share));
  return `${Number((100 * inside).toFixed(decimals))}%`;
}

/** One mark of an axis. */
export interface Tick {
  readonly at: Percentage;
  readonly label: string;
}

/** All items if there are at most `limit`; otherwise the heaviest of each group of neighbours. */
export function representatives<T>(items: readonly T[], limit: number, weight: (item: T) => number): readonly T[] {
  if (items.length <= limit) return items;
  const size = Math.ceil(items.length / limit);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size).reduce((most, item) => (weight(item) > weight(most) ? item : most)),
  );
}
