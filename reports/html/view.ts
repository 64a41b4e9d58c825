import { capitalised, overlapLimit, type Verdict, type Words, wordsIn, wordsOf } from '../../model/index.ts';
import { isMapping } from '../../model/json.ts';
import { type ResponseTimeChart, responseTimeChart } from '../charts/response-times.ts';
import { type SpreadChart, spreadChart } from '../charts/spread.ts';
import { type StatusChart, statusChart } from '../charts/statuses.ts';
import { offsetsText } from '../contention.ts';
import { type ExpectedActual, expectedActual, SYMBOLS } from '../expected-actual.ts';
import { raceName, successWord, unitOf } from '../names.ts';
import type { Report } from '../report.ts';
import { soldText } from '../sold-text.ts';
import { statusCountsOf } from '../statuses.ts';
import { formatInstant, formatPercent, UNKNOWN } from '../units.ts';
import { printable } from '../untrusted.ts';
import { noticesOf, strengthTexts, VERDICT_WORDS } from '../verdict-text.ts';
import { type Example, exampleOf } from './example.ts';
import { contentionOf, type Figure, figuresOf, grouped, type Term } from './figures.ts';
import { type FindingGroup, findingGroupsOf } from './findings.ts';
import { type FirstScreen, firstScreenOf } from './first-screen.ts';
import { type RoundTable, roundTableOf } from './rounds.ts';
import { type SeatMap, seatMapOf } from './seat-map.ts';
import { seatResultsOf } from './seat-result.ts';
import { type ToldTable, toldTablesOf } from './told-tables.ts';

/** A word in the forms that the page needs. */
interface ShownWords extends Words {
  readonly capital: string;
  readonly capitals: string;
}

/** Everything that the templates show, ready to be shown: they hold no logic but "if" and "each". */
export interface ReportView extends FirstScreen {
  readonly title: string;
  /** The name of the race. */
  readonly race: string;
  readonly verdict: { readonly kind: Verdict; readonly word: string; readonly sentence: string };
  /** What was promised and what is stored. */
  readonly sold: string;
  /** Empty unless the verdict is a pass. */
  readonly strength: readonly string[];
  /** About the run before. */
  readonly lastRun?: string;
  readonly exitCode: number;
  readonly notices: readonly string[];
  /** Folded. */
  readonly moreNotices: readonly string[];
  readonly figures: readonly Figure[];
  readonly expectedActual: readonly (ExpectedActual & {
    readonly tone: string;
    readonly symbol: string;
    readonly words: string;
  })[];
  readonly contention: ReturnType<typeof contentionOf>;
  /** What else there is to say about the contention. */
  readonly asides: readonly Term[];
  readonly statuses: readonly { readonly status: string; readonly count: string; readonly share: string }[];
  /** What answers say that are no successes; only kinds that came. */
  readonly toldTables: readonly ToldTable[];
  readonly groups: readonly FindingGroup[];
  /** One round as a picture, where no finding is; absent if nothing was raced. */
  readonly example?: Example;
  /** What an inventory is called. */
  readonly label: ShownWords;
  /** What a row of the table is called: the label, or `round`. */
  readonly unit: ShownWords;
  /** What successes are called in tables. */
  readonly success: ShownWords;
  readonly seats: SeatMap;
  /** Absent if there is nothing to draw, like the next two. */
  readonly spread?: SpreadChart;
  readonly responseTimes?: ResponseTimeChart;
  readonly statusShares?: StatusChart;
  readonly rounds: RoundTable;
  readonly limits: readonly Term[];
  /** Indented JSON. */
  readonly config: string;
  readonly command: string;
  readonly versions: readonly Term[];
}

/** What the HTML report of a run shows. Pure data: tests compare this, not the page. */
export function viewOf(report: Report): ReportView {
  return { ...headOf(report), ...figuresIn(report), ...raceOf(report), ...chartsOf(report), ...setUpOf(report) };
}

/** More notices than these push the rest off the first screen. */
const NOTICES = 3;

function headOf(report: Report) {
  const { verdict, env } = report;
  const word = VERDICT_WORDS[verdict];
  const started = printable(formatInstant(report.startedAt));
  const notices = noticesOf(report);
  return {
    title: `${word}: ${raceName(report)} on ${printable(env)}, ${started}`,
    race: capitalised(raceName(report)),
    verdict: { kind: verdict, word, sentence: report.headline },
    sold: soldText(report),
    strength: verdict === 'pass' ? strengthTexts(report) : [],
    ...(report.lastRun !== undefined && { lastRun: report.lastRun }),
    notices: notices.slice(0, NOTICES),
    moreNotices: notices.slice(NOTICES),
    ...firstScreenOf(report),
  };
}

function figuresIn(report: Report) {
  const { limits, vus, totals } = report;
  const offsets = offsetsText(report.contention);
  const overlap = `≥ ${overlapLimit(limits, vus)} of those released at once, ≥ 2 at offsets`;
  return {
    figures: figuresOf(report),
    expectedActual: expectedActual(report).map((row) => ({ ...row, ...MARKS[row.mark], symbol: SYMBOLS[row.mark] })),
    contention: contentionOf(report),
    asides: [
      ...(offsets === undefined
        ? []
        : [
            { name: 'Offsets', value: offsets },
            { name: 'Overlap limit', value: overlap },
          ]),
      { name: 'Rehearsal', value: rehearsalText(report) },
    ],
    statuses: statusCountsOf(report).map(({ status, count }) => ({
      status,
      count: grouped(count),
      share: formatPercent(count / Math.max(1, totals.requests), 1),
    })),
    toldTables: toldTablesOf(report),
  };
}

/** The colour of a mark, and what a screen reader says. */
const MARKS = {
  right: { tone: 'good', words: 'as expected' },
  wrong: { tone: 'bad', words: 'not as expected' },
  settled: { tone: '', words: '' },
} as const satisfies Record<ExpectedActual['mark'], { readonly tone: string; readonly words: string }>;

/** How the run was warmed up before round 1, from the configuration in the history. */
function rehearsalText({ config }: Report): string {
  const { rehearsal, readBack } = config;
  if (rehearsal === undefined) return UNKNOWN;
  if (!isMapping(rehearsal)) return 'off';
  const path = rehearsal.path ?? (isMapping(readBack) ? readBack.path : undefined);
  return path === undefined ? 'release path only' : `${Number(rehearsal.rounds)} × GET ${printable(String(path))}`;
}

function raceOf(report: Report) {
  const results = seatResultsOf(report);
  const rounds = roundTableOf(report, results);
  const groups = findingGroupsOf(report);
  const example = groups.length === 0 ? exampleOf(report) : undefined;
  return {
    groups,
    ...(example && { example }),
    label: shownWords(wordsOf(report)),
    unit: shownWords(unitOf(report)),
    success: shownWords(wordsIn(successWord(report))),
    seats: seatMapOf(report, results, rounds),
    rounds,
  };
}

const shownWords = ({ one, many }: Words): ShownWords => ({
  one,
  many,
  capital: capitalised(one),
  capitals: capitalised(many),
});

function chartsOf(report: Report): Pick<ReportView, 'spread' | 'responseTimes' | 'statusShares'> {
  const [spread, responseTimes, statusShares] = [spreadChart(report), responseTimeChart(report), statusChart(report)];
  return { ...(spread && { spread }), ...(responseTimes && { responseTimes }), ...(statusShares && { statusShares }) };
}

function setUpOf({ limits, readBack, config, command, versions, exitCode }: Report) {
  return {
    limits: [
      { name: 'Refusals allowed with', value: limits.rejections.join(', ') },
      { name: 'Server errors', value: `at most ${limits.serverErrors}` },
      { name: '95th percentile', value: `at most ${limits.p95Ms} ms` },
      { name: 'Spread of a round', value: `at most ${limits.spreadMs} ms` },
      { name: 'Overlap of a round', value: `at least ${formatPercent(limits.overlap, 0)} of the contenders` },
      { name: 'Read-back', value: readBack },
    ],
    config: JSON.stringify(config, null, 2)
      .split('\n')
      .map((line) => printable(line, 1000))
      .join('\n'),
    command: printable(command, 2000),
    versions: Object.entries(versions).map(([name, value]) => ({ name, value: printable(value) })),
    exitCode,
  };
}
