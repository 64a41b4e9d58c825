import { type MetricName, publishedName, type VerdictFile } from '../model/index.ts';
import { serverErrorsOf } from './statuses.ts';
import { formatMs, formatPercent } from './units.ts';

/** A metric under the name by which Artillery publishes it, ready to show. */
export interface Metric {
  readonly name: string;
  readonly value: string;
}

/** The run's metrics, in the order in which people look for them. */
export function metricsOf(report: VerdictFile): readonly Metric[] {
  const { totals, statuses, responseTimeMs, contention, config } = report;
  const named = (name: MetricName) => publishedName(name, config.orderVariables);
  const counter = (name: MetricName, value = 0): Metric => ({ name: named(name), value: String(value) });
  const time = (name: string, ms: number | undefined): Metric => ({ name, value: formatMs(ms) });
  return [
    counter('successful_bookings', totals.ok),
    counter('failed_bookings', totals.fail),
    counter('indeterminate_bookings', totals.info),
    counter('seat_locked_400', statuses['400']),
    counter('conflict_409', statuses['409']),
    counter('locked_423', statuses['423']),
    counter('server_errors_5xx', serverErrorsOf(report)),
    { name: named('order_success'), value: formatPercent(report.successRate) },
    time(`${named('order_request')}.p50`, responseTimeMs.p50),
    time(`${named('order_request')}.p95`, responseTimeMs.p95),
    time(`${named('order_request')}.p99`, responseTimeMs.p99),
    time(`${named('order_request')}.max`, responseTimeMs.max),
    time('race.spread.median', contention.medianSpreadMs),
    time('race.spread.max', contention.worstSpreadMs),
  ];
}
