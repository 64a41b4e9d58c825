/**
 * Places are shares of the drawing, as SVG takes them (`12.5%`): a chart fits whatever width it gets, and its text and
 * strokes keep their size, on a phone and on paper alike.
 */
export type Place = `${number}%`;

/** A share (0..1) as a place, to a thousandth of the drawing; what lies outside is moved to the edge. */
export function placeAt(share: number, decimals = 1): Place {
  const inside = Math.min(1, Math.max(0, share));
  return `${Number((100 * inside).toFixed(decimals))}%`;
}

/** One mark of an axis. */
export interface Tick {
  readonly at: Place;
  readonly label: string;
}

/** Of more items than can be told apart, the one of each group that stands out most; all of them where they are few. */
export function representatives<T>(items: readonly T[], limit: number, weight: (item: T) => number): readonly T[] {
  if (items.length <= limit) return items;
  const size = Math.ceil(items.length / limit);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size).reduce((most, item) => (weight(item) > weight(most) ? item : most)),
  );
}
