import { type Attempt, type MetricName, publishedName, responseTimeMs, statusOf } from '../../../../model/index.ts';
import type { Metrics } from '../shared/artillery.ts';

const BY_OUTCOME = {
  ok: 'successful_bookings',
  fail: 'failed_bookings',
  info: 'indeterminate_bookings',
} as const satisfies Record<Attempt['outcome'], MetricName>;

const BY_STATUS: Readonly<Record<number, MetricName>> = {
  400: 'seat_locked_400',
  409: 'conflict_409',
  423: 'locked_423',
};

const COUNTERS: readonly MetricName[] = [
  ...Object.values(BY_OUTCOME),
  ...Object.values(BY_STATUS),
  'server_errors_5xx',
];

/** Emits the metrics of attempts. */
export interface AttemptMetrics {
  /** Emits a zero for every counter: `ensure` fails a condition on a counter that was never emitted, even `== 0`. */
  zeros(metrics: Metrics): void;
  attempt(metrics: Metrics, attempt: Attempt): void;
}

/** @param orderVariables whether this is a bundled scenario: its metrics have no prefix */
export function attemptMetrics(orderVariables: boolean): AttemptMetrics {
  const named = (name: MetricName) => publishedName(name, orderVariables);
  return {
    zeros(metrics) {
      for (const name of COUNTERS) metrics.emit('counter', named(name), 0);
    },
    attempt(metrics, attempt) {
      const status = statusOf(attempt) ?? 0;
      metrics.emit('counter', named(BY_OUTCOME[attempt.outcome]), 1);
      const isServerError = status >= 500 && attempt.outcome !== 'fail';
      const byStatus = isServerError ? 'server_errors_5xx' : BY_STATUS[status];
      if (byStatus !== undefined) metrics.emit('counter', named(byStatus), 1);
      if (attempt.outcome === 'ok') metrics.emit('rate', named('order_success'));
      const timeMs = responseTimeMs(attempt);
      if (timeMs !== undefined) metrics.emit('histogram', named('order_request'), timeMs);
    },
  };
}

export function emitSpread(metrics: Metrics, spreadMs: number | undefined): void {
  if (spreadMs !== undefined) metrics.emit('histogram', 'race.spread', spreadMs);
}
