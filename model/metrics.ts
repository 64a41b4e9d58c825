/** The metrics that bundled scenarios have had since the first version. `race.spread` always had its prefix. */
export const METRICS = [
  'successful_bookings',
  'failed_bookings',
  'indeterminate_bookings',
  'seat_locked_400',
  'conflict_409',
  'locked_423',
  'server_errors_5xx',
  'order_success',
  'order_request',
] as const;

export type MetricName = (typeof METRICS)[number];

/**
 * The name under which Artillery publishes a metric: in a suite of the user's own it has a prefix, because the suite may
 * count bookings itself.
 *
 * @param orderVariables the option of that name; histories of older versions lack it, and had no prefix
 */
export const publishedName = (name: MetricName, orderVariables: unknown): string =>
  orderVariables === false ? `race.${name}` : name;
