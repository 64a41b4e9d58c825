import type { Verdict } from '../../model/index.ts';
import { type ResponseTimeChart, responseTimeChart } from '../charts/response-times.ts';
import { type SpreadChart, spreadChart } from '../charts/spread.ts';
import { type StatusChart, statusChart } from '../charts/statuses.ts';
import { type Comparison, comparisonOf, rehearsalOf, serverErrorsOf, statusCountsOf } from '../figures.ts';
import type { Report } from '../model.ts';
import { offsetsText } from '../spread.ts';
import { formatDuration, formatInstant, formatMs, formatPercent } from '../units.ts';
import { printable } from '../untrusted.ts';
import {
  capitalised,
  noticesOf,
  raceName,
  raceSize,
  strengthSentence,
  successWord,
  unitOf,
  VERDICT_WORDS,
  verdictSentence,
} from '../wording.ts';
import { type FindingGroup, findingGroupsOf } from './findings.ts';
import { type RoundTable, roundTableOf } from './rounds.ts';
import { type SeatMap, seatMapOf } from './seat-map.ts';
import { seatResultsOf } from './seat-result.ts';

/** A name and what stands beside it. */
export interface Term {
  readonly name: string;
  readonly value: string;
}

/** One figure of the summary band; `tone` says whether it is as it should be. */
export interface Figure extends Term {
  readonly tone: Tone;
}

/** A word and its forms. */
interface Words {
  readonly one: string;
  readonly many: string;
  readonly capital: string;
  readonly capitals: string;
}

type Tone = 'plain' | 'good' | 'bad' | 'unsure';

/** Everything that the templates show, ready to be shown: they hold no logic but "if" and "each". */
export interface ReportView {
  readonly title: string;
  /** What the race is called. */
  readonly race: string;
  readonly verdict: { readonly kind: Verdict; readonly word: string; readonly sentence: string };
  /** Empty unless the verdict is a pass. */
  readonly strength: string;
  readonly exitCode: number;
  readonly facts: readonly Term[];
  readonly notices: readonly string[];
  readonly figures: readonly Figure[];
  readonly comparison: readonly Comparison[];
  readonly contention: readonly (Term & { readonly limit: string })[];
  /** What has no limit of its own, and more than a number to say. */
  readonly asides: readonly Term[];
  readonly statuses: readonly { readonly status: string; readonly count: string; readonly share: string }[];
  readonly groups: readonly FindingGroup[];
  /** What an inventory is called. */
  readonly label: Words;
  /** What a row of the table is called: as above, or a round. */
  readonly unit: Words;
  /** What successes are called in tables. */
  readonly success: { readonly one: string; readonly capital: string };
  readonly seats: SeatMap;
  /** Each absent where there is nothing to draw. */
  readonly spread?: SpreadChart;
  readonly responseTimes?: ResponseTimeChart;
  readonly statusShares?: StatusChart;
  readonly rounds: RoundTable;
  readonly limits: readonly Term[];
  /** Pretty JSON. */
  readonly config: string;
  readonly command: string;
  readonly versions: readonly Term[];
}

/** What the HTML report of a run shows. Pure data: tests compare this, not the page. */
export function viewOf(report: Report): ReportView {
  const { verdict, label, env, target } = report;
  const word = VERDICT_WORDS[verdict];
  const started = printable(formatInstant(report.startedAt));
  const results = seatResultsOf(report);
  const rounds = roundTableOf(report, results);
  const charts = {
    spread: spreadChart(report),
    responseTimes: responseTimeChart(report),
    statusShares: statusChart(report),
  };
  const success = successWord(report);
  const offsets = offsetsText(report.contention);
  return {
    title: `${word}: ${raceName(report)} on ${printable(env)}, ${started}`,
    race: capitalised(raceName(report)),
    verdict: { kind: verdict, word, sentence: verdictSentence(report) },
    strength: verdict === 'pass' ? `${strengthSentence(report)}.` : '',
    exitCode: report.exitCode,
    facts: [
      { name: 'Target', value: printable(target, 500) },
      { name: 'Environment', value: printable(env) },
      { name: 'Started', value: started },
      { name: 'Took', value: report.durationMs === undefined ? 'not known' : formatDuration(report.durationMs) },
      { name: 'Race', value: raceSize(report) },
    ],
    notices: noticesOf(report),
    figures: figuresOf(report),
    comparison: comparisonOf(report),
    contention: contentionOf(report),
    asides: [
      ...(offsets === undefined
        ? []
        : [
            { name: 'Offsets', value: offsets },
            { name: 'Overlap limit', value: `≥ ${overlapRequired(report)} of those let go at once, ≥ 2 at offsets` },
          ]),
      { name: 'Rehearsal', value: rehearsalOf(report) },
    ],
    statuses: statusCountsOf(report).map(({ status, count }) => ({
      status: status === 'none' ? 'no answer' : status,
      count: grouped(count),
      share: formatPercent(count / Math.max(1, report.totals.requests), 1),
    })),
    groups: findingGroupsOf(report),
    label: wordsOf(label),
    unit: wordsOf(unitOf(report)),
    success: { one: success, capital: capitalised(success) },
    seats: seatMapOf(report, results, rounds),
    ...(charts.spread && { spread: charts.spread }),
    ...(charts.responseTimes && { responseTimes: charts.responseTimes }),
    ...(charts.statusShares && { statusShares: charts.statusShares }),
    rounds,
    limits: limitsOf(report),
    config: JSON.stringify(report.config, null, 2)
      .split('\n')
      .map((line) => printable(line, 1000))
      .join('\n'),
    command: printable(report.command, 2000),
    versions: Object.entries(report.versions).map(([name, value]) => ({ name, value: printable(value) })),
  };
}

const wordsOf = (one: string): Words => ({
  one,
  many: `${one}s`,
  capital: capitalised(one),
  capitals: `${capitalised(one)}s`,
});

function figuresOf(report: Report): readonly Figure[] {
  const { totals, expected, responseTimeMs: times, limits } = report;
  const serverErrors = serverErrorsOf(report);
  const toned = (isRight: boolean, wrong: Tone): Tone => (isRight ? 'plain' : wrong);
  const isFast = times.p95 === undefined || times.p95 <= limits.p95Ms;
  const isWhole = totals.requests === expected.requests;
  return [
    { name: 'Requests', value: grouped(totals.requests), tone: toned(isWhole, 'unsure') },
    { name: 'Successes', value: grouped(totals.ok), tone: successTone(totals.ok - (expected.ok ?? totals.ok)) },
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

/** Too many are wrong; too few may be a matter of a run that was cut short. */
function successTone(surplus: number): Tone {
  return surplus === 0 ? 'good' : surplus > 0 ? 'bad' : 'unsure';
}

function contentionOf(report: Report): ReportView['contention'] {
  const { contention, limits, vus } = report;
  const isLimited = contention.offsets === undefined && vus > 1;
  return [
    { name: 'Median spread', value: formatMs(contention.medianSpreadMs), limit: '' },
    { name: 'Worst spread', value: formatMs(contention.worstSpreadMs), limit: `≤ ${limits.spreadMs} ms` },
    {
      name: 'Smallest overlap',
      value: `${contention.smallestOverlap} of ${vus}`,
      limit: isLimited ? `≥ ${overlapRequired(report)}` : '',
    },
  ];
}

const overlapRequired = ({ limits, vus }: Report): number => Math.max(2, Math.ceil(limits.overlap * vus));

function limitsOf({ limits, readBack }: Report): readonly Term[] {
  return [
    { name: 'Refusals allowed with', value: limits.rejections.join(', ') },
    { name: 'Server errors', value: `at most ${limits.serverErrors}` },
    { name: '95th percentile', value: `at most ${limits.p95Ms} ms` },
    { name: 'Spread of a round', value: `at most ${limits.spreadMs} ms` },
    { name: 'Overlap of a round', value: `at least ${formatPercent(limits.overlap, 0)} of the contenders` },
    { name: 'Read-back', value: readBack },
  ];
}

/** Digits in groups of three from 10,000 up. */
function grouped(count: number): string {
  return count < 10_000 ? String(count) : count.toLocaleString('en-US');
}
