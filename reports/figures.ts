import { isMapping } from '../model/json.ts';
import type { VerdictFile } from './model.ts';
import { formatMs, formatPercent, UNKNOWN } from './units.ts';
import { printable } from './untrusted.ts';

/** One line of "expected beside actual", ready to show. */
export interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  readonly isRight: boolean;
}

/** What a right answer to the plan would have been, beside what came; as far as there is but one. */
export function comparisonOf({ expected, totals, successRate }: VerdictFile): readonly Comparison[] {
  const row = (name: string, wanted: number | undefined, got: number): Comparison[] =>
    wanted === undefined ? [] : [{ name, expected: String(wanted), actual: String(got), isRight: wanted === got }];
  const rate = (ok: number): Comparison => {
    const wanted = expected.requests === 0 ? 0 : ok / expected.requests;
    return {
      name: 'Success rate',
      expected: formatPercent(wanted),
      actual: formatPercent(successRate),
      isRight: wanted === successRate,
    };
  };
  return [
    ...row('Requests', expected.requests, totals.requests),
    ...row('Successes', expected.ok, totals.ok),
    ...row('Failures', expected.fail, totals.fail),
    ...row('Unknown', expected.info, totals.info),
    ...(expected.ok === undefined ? [] : [rate(expected.ok)]),
  ];
}

/** A metric under the name by which Artillery publishes it. */
export interface Metric {
  readonly name: string;
  readonly value: string;
}

/** The run's metrics, in the order in which people look for them. */
export function metricsOf(report: VerdictFile): readonly Metric[] {
  const { totals, statuses, responseTimeMs, contention } = report;
  const counter = (name: string, value = 0): Metric => ({ name, value: String(value) });
  const time = (name: string, ms: number | undefined): Metric => ({ name, value: formatMs(ms) });
  return [
    counter('successful_bookings', totals.ok),
    counter('failed_bookings', totals.fail),
    counter('indeterminate_bookings', totals.info),
    counter('seat_locked_400', statuses['400']),
    counter('conflict_409', statuses['409']),
    counter('locked_423', statuses['423']),
    counter('server_errors_5xx', serverErrorsOf(report)),
    { name: 'order_success', value: formatPercent(report.successRate) },
    time('order_request.p50', responseTimeMs.p50),
    time('order_request.p95', responseTimeMs.p95),
    time('order_request.p99', responseTimeMs.p99),
    time('order_request.max', responseTimeMs.max),
    time('race.spread.median', contention.medianSpreadMs),
    time('race.spread.max', contention.worstSpreadMs),
  ];
}

/** How many answers had a status of 500 or above. */
export function serverErrorsOf({ statuses }: VerdictFile): number {
  return Object.entries(statuses).reduce((sum, [status, count]) => (Number(status) >= 500 ? sum + count : sum), 0);
}

/** One status and how often it came; `none` stands for attempts without an answer. */
export interface StatusCount {
  readonly status: string;
  readonly count: number;
}

/** The statuses in ascending order, and last the attempts that were never answered, if there are any. */
export function statusCountsOf({ statuses, totals }: Pick<VerdictFile, 'statuses' | 'totals'>): readonly StatusCount[] {
  const counts = Object.entries(statuses).map(([status, count]) => ({ status, count }));
  const unanswered = totals.requests - counts.reduce((sum, { count }) => sum + count, 0);
  return unanswered > 0 ? [...counts, { status: 'none', count: unanswered }] : counts;
}

/** What was done before round 1, so that it is as tight as the last: of the configuration that the history holds. */
export function rehearsalOf({ config }: VerdictFile): string {
  const { rehearsal, readBack } = config;
  if (rehearsal === undefined) return UNKNOWN;
  if (!isMapping(rehearsal)) return 'off';
  const path = rehearsal.path ?? (isMapping(readBack) ? readBack.path : undefined);
  return path === undefined ? 'release path only' : `${Number(rehearsal.rounds)} × GET ${printable(String(path))}`;
}
