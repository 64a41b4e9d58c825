import { compareAmounts, overlapLimit } from '../../model/index.ts';
import { storedByRight } from '../expected-actual.ts';
import type { Report } from '../report.ts';
import { serverErrorsOf } from '../statuses.ts';
import { formatMs, formatPercent, formatSpread, UNKNOWN } from '../units.ts';

/** A name and the value beside it. */
export interface Term {
  readonly name: string;
  readonly value: string;
}

/** A figure of the band below the verdict; `tone` says whether it is as it should be. */
export interface Figure extends Term {
  readonly tone: Tone;
}

/** Whether a figure is as it should be. */
export type Tone = 'plain' | 'good' | 'bad' | 'unsure';

/** The most important figures of a run. */
export function figuresOf(report: Report): readonly Figure[] {
  const { totals, expected, stored, responseTimeMs: times, limits } = report;
  const right = storedByRight(report);
  const isStored = stored === undefined || right === undefined || compareAmounts(stored, right) === 0;
  const serverErrors = serverErrorsOf(report);
  const toned = (isRight: boolean, wrong: Tone): Tone => (isRight ? 'plain' : wrong);
  const isFast = times.p95 === undefined || times.p95 <= limits.p95Ms;
  const isComplete = totals.requests === expected.requests;
  return [
    { name: 'Requests', value: grouped(totals.requests), tone: toned(isComplete, 'unsure') },
    {
      name: 'Successes',
      value: grouped(totals.ok),
      tone: isStored ? successTone(totals.ok - (expected.ok ?? totals.ok)) : 'bad',
    },
    { name: 'Refusals', value: grouped(totals.fail), tone: 'plain' },
    { name: 'Unknown', value: grouped(totals.info), tone: toned(totals.info === 0, 'unsure') },
    { name: 'Success rate', value: formatPercent(report.successRate), tone: 'plain' },
    { name: 'p50', value: formatMs(times.p50), tone: 'plain' },
    { name: 'p95', value: formatMs(times.p95), tone: toned(isFast, 'bad') },
    { name: 'p99', value: formatMs(times.p99), tone: 'plain' },
    { name: 'Slowest', value: formatMs(times.max), tone: 'plain' },
    { name: '5xx', value: grouped(serverErrors), tone: toned(serverErrors <= limits.serverErrors, 'bad') },
  ];
}

/** Too many successes are wrong; too few may only mean that the run was cut short. */
function successTone(surplus: number): Tone {
  return surplus === 0 ? 'good' : surplus > 0 ? 'bad' : 'unsure';
}

/** How tight the race was, with the limits; a limit that does not apply is empty. */
export function contentionOf(report: Report): readonly (Term & { readonly limit: string })[] {
  const { contention, limits, vus, totals } = report;
  const isLimited = contention.offsets === undefined && vus > 1;
  return [
    { name: 'Median spread', value: formatSpread(contention.medianSpreadMs, contention.spreadErrorMs), limit: '' },
    {
      name: 'Worst spread',
      value: formatSpread(contention.worstSpreadMs, contention.spreadErrorMs),
      limit: `≤ ${limits.spreadMs} ms`,
    },
    {
      name: 'Smallest overlap',
      value: totals.requests === 0 ? UNKNOWN : `${contention.smallestOverlap} of ${vus}`,
      limit: isLimited ? `≥ ${overlapLimit(limits, vus)}` : '',
    },
  ];
}

/** Digits in groups of three from 10,000 up. */
export function grouped(count: number): string {
  return count < 10_000 ? String(count) : count.toLocaleString('en-US');
}
