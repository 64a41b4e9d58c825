import {
  type Attempt,
  DONE,
  type Finding,
  type FindingId,
  kindOf,
  type Outcome,
  operationOf,
  ruleOf,
  type Verdict,
} from '../model/index.ts';
import type { VerdictFile } from './model.ts';
import { formatPercent, plural } from './units.ts';
import { ID_LENGTH, printable } from './untrusted.ts';

/** The verdict as a headline. */
export const VERDICT_WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const satisfies Record<Verdict, string>;

/** How an outcome is called that is no success. */
const OUTCOME_WORDS = { fail: 'refused', info: 'unknown' } as const satisfies Record<Exclude<Outcome, 'ok'>, string>;

/** What came of an attempt, in one word: `booked`, `held`, `refused`, `unknown`. */
export const outcomeWord = (attempt: Attempt): string =>
  attempt.outcome === 'ok' ? DONE[operationOf(attempt)] : OUTCOME_WORDS[attempt.outcome];

/** How successes are called together: bookings, unless there are holds and cancellations among them. */
export const successWord = (report: Pick<VerdictFile, 'rule'>): 'booked' | 'granted' =>
  ruleOf(report).successes === 'take turns' ? 'granted' : 'booked';

/** What the race is called: the name of its scenario, `order race` for `order-race.yml`. */
export const raceName = ({ scenario }: Pick<VerdictFile, 'scenario'>): string =>
  printable(scenario.replace(/\.[^.]*$/, ''), 60).replaceAll(/[-_.]/g, ' ');

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The verdict in one sentence: what the run says about the question that it asked. */
export function verdictSentence(report: VerdictFile): string {
  switch (report.verdict) {
    case 'pass':
      return passSentence(report) + settledSentence(report);
    case 'fail':
      return failSentence(report);
    case 'inconclusive':
      return `Nothing was seen to go wrong, but this does not count as a pass: ${kinds(report, report.findings)}.`;
  }
}

function passSentence({ rounds, label, rule }: VerdictFile): string {
  const { kept } = ruleOf({ rule });
  if (kept !== undefined) return kept;
  const single = rounds.every((round) => round.capacity === 1);
  const count = inventoriesOf({ rounds });
  if (count === 1) return single ? `The ${label} was booked exactly once.` : `The ${label} was sold exactly out.`;
  return `Each of the ${count} ${label}s was booked exactly ${single ? 'once' : 'as often as it could be'}.`;
}

/** A pass says which attempts it takes the server's word for. */
function settledSentence({ totals }: VerdictFile): string {
  if (totals.info === 0) return '';
  const them = totals.info === 1 ? 'it' : 'them';
  return ` ${plural(totals.info, 'attempt')} ended without a clear answer: what the server holds settles ${them}.`;
}

function failSentence(report: VerdictFile): string {
  const violations = report.findings.filter((finding) => finding.severity === 'violation');
  const oversold = distinctPlaces(violations.filter((finding) => kindOf(finding).isOversold));
  const others = violations.filter((finding) => !kindOf(finding).isOversold);
  if (oversold === 0) return `The target broke its promises: ${kinds(report, others)}.`;
  const count = inventoriesOf(report);
  const which =
    count === 1
      ? `The ${report.label} was`
      : `${oversold} of ${count} ${report.label}s ${oversold === 1 ? 'was' : 'were'}`;
  const lead = `${which} sold more often than allowed.`;
  return others.length === 0 ? lead : `${lead} Besides: ${kinds(report, others)}.`;
}

/** `lost-booking on 2 seats, server-error` */
function kinds({ label }: VerdictFile, findings: readonly Finding[]): string {
  const byId = Map.groupBy(findings, (finding) => finding.id);
  return [...byId].map(([id, its]) => kind(id, distinctPlaces(its), label)).join(', ');
}

function kind(id: FindingId, places: number, label: string): string {
  return places === 0 ? id : `${id} on ${plural(places, label)}`;
}

/** On how many inventories there are findings, whichever rounds these are about. */
function distinctPlaces(findings: readonly Finding[]): number {
  return new Set(findings.flatMap(({ round, inventory }) => (round === undefined ? [] : (inventory ?? round)))).size;
}

/** How much a pass is worth, in one sentence without a full stop. */
export function strengthSentence({ strength: { rounds, doubleBookingRateBelow }, rule }: VerdictFile): string {
  const rate = formatPercent(doubleBookingRateBelow, 1);
  if (rule !== undefined)
    return `${plural(rounds, 'round')} without a violation: with 95 % confidence fewer than ${rate} of such rounds have one`;
  return `${plural(rounds, 'round')} without a double booking: with 95 % confidence fewer than ${rate} of such rounds double-book`;
}

/** What has to be known before anything else in the report is believed: a run that was cut short, problems around it. */
export function noticesOf({ ended, problems }: VerdictFile): readonly string[] {
  const endings = {
    completed: [],
    interrupted: ['The run was interrupted: this report covers what was seen until then.'],
    'cut off': ['The history ends without an end record: the run was cut off, and what came after is not known.'],
  } as const satisfies Record<VerdictFile['ended'], readonly string[]>;
  return [...endings[ended], ...problems.map((problem) => printable(problem, 300))];
}

/** Where a finding is: `seat 3 (79cd17f8-…)`, `seat 3 (79cd17f8-…), round 19`, `seat 3`, or `the whole run`. */
export function placeOf(
  { round, inventory }: Pick<Finding, 'round' | 'inventory'>,
  { rounds, label }: Pick<VerdictFile, 'rounds' | 'label'>,
): string {
  const key = inventory === undefined ? '' : printable(inventory, ID_LENGTH);
  if (round === undefined) return key === '' ? 'the whole run' : `${label} ${key}`;
  const first = rounds.find((each) => each.inventory === inventory)?.number;
  return roundName({ label, place: first ?? round, number: round, key });
}

/** A round as people call it. */
export interface RoundName {
  /** What an inventory is called. */
  readonly label: string;
  /** Which inventory it is: the number of the first round there. */
  readonly place: number;
  readonly number: number;
  /** Made printable; absent or empty: not told. */
  readonly key?: string;
}

/** `seat 3 (79cd17f8-…)`, and for another round at the same seat `seat 3 (79cd17f8-…), round 19`. */
export function roundName({ label, place, number, key = '' }: RoundName): string {
  const inventory = `${label} ${place}${key === '' ? '' : ` (${key})`}`;
  return number === place ? inventory : `${inventory}, round ${number}`;
}

/** How many inventories were to be raced for: each may have several rounds. */
const inventoriesOf = ({ rounds }: Pick<VerdictFile, 'rounds'>): number =>
  new Set(rounds.map(({ inventory }) => inventory)).size;

/** What a row, a bar or a point stands for: a `seat`, or a `round` where seats were raced for more than once. */
export const unitOf = (report: Pick<VerdictFile, 'rounds' | 'label'>): string =>
  inventoriesOf(report) === report.rounds.length ? report.label : 'round';

/** `100 VUs × 16 seats`, and `25 VUs × 8 seats, 16 rounds` where there were more rounds than seats. */
export function raceSize(report: Pick<VerdictFile, 'rounds' | 'label' | 'vus'>): string {
  const { rounds, label, vus } = report;
  const inventories = inventoriesOf(report);
  const more = inventories === rounds.length ? '' : `, ${plural(rounds.length, 'round')}`;
  return `${plural(vus, 'VU')} × ${plural(inventories, label)}${more}`;
}
