import { type Attempt, responseTimeMs, statusOf } from '../../../../model/index.ts';
import type { Metrics } from '../shared/artillery.ts';

const COUNTERS = [
  'successful_bookings',
  'failed_bookings',
  'indeterminate_bookings',
  'seat_locked_400',
  'conflict_409',
  'locked_423',
  'server_errors_5xx',
] as const;

const BY_OUTCOME = {
  ok: 'successful_bookings',
  fail: 'failed_bookings',
  info: 'indeterminate_bookings',
} as const satisfies Record<Attempt['outcome'], (typeof COUNTERS)[number]>;

const BY_STATUS: Readonly<Record<number, (typeof COUNTERS)[number]>> = {
  400: 'seat_locked_400',
  409: 'conflict_409',
  423: 'locked_423',
};

/** Emits a zero for every counter: `ensure` fails a condition on a counter that was never emitted, even `== 0`. */
export function emitZeros(metrics: Metrics): void {
  for (const name of COUNTERS) metrics.emit('counter', name, 0);
}

export function emitAttempt(metrics: Metrics, attempt: Attempt): void {
  const status = statusOf(attempt) ?? 0;
  metrics.emit('counter', BY_OUTCOME[attempt.outcome], 1);
  const byStatus = status >= 500 ? 'server_errors_5xx' : BY_STATUS[status];
  if (byStatus !== undefined) metrics.emit('counter', byStatus, 1);
  if (attempt.outcome === 'ok') metrics.emit('rate', 'order_success');
  const timeMs = responseTimeMs(attempt);
  if (timeMs !== undefined) metrics.emit('histogram', 'order_request', timeMs);
}

export function emitSpread(metrics: Metrics, spreadMs: number | undefined): void {
  if (spreadMs !== undefined) metrics.emit('histogram', 'race.spread', spreadMs);
}
