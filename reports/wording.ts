import type { Finding, FindingId, Outcome, Rule, Verdict } from '../plugin/src/model/index.ts';
import type { VerdictFile } from './model.ts';
import { formatPercent, plural } from './units.ts';
import { printable } from './untrusted.ts';

/** The verdict as a headline. */
export const VERDICT_WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const satisfies Record<Verdict, string>;

/** How an outcome is called in tables. */
export const OUTCOME_WORDS = {
  ok: 'booked',
  fail: 'refused',
  info: 'unknown',
} as const satisfies Record<Outcome, string>;

/** What the race is called: the name of its scenario, `order race` for `order-race.yml`. */
export const raceName = ({ scenario }: Pick<VerdictFile, 'scenario'>): string =>
  printable(scenario.replace(/\.[^.]*$/, ''), 60).replaceAll(/[-_.]/g, ' ');

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The verdict in one sentence: what the run says about the question that it asked. */
export function verdictSentence(report: VerdictFile): string {
  switch (report.verdict) {
    case 'pass':
      return passSentence(report);
    case 'fail':
      return failSentence(report);
    case 'inconclusive':
      return `Nothing was seen to go wrong, but this does not count as a pass: ${kinds(report, report.findings)}.`;
  }
}

/** What a pass says under a rule. */
const KEPT = {
  'hold-confirm': 'Every hold was kept for as long as it lasted, and one order of events explains every answer.',
  'cancel-rebook': 'Nothing had two owners at once, and one order of events explains every answer.',
  'overlapping-orders': 'Nothing was sold twice, and every order has all that it asked for, or nothing.',
  quota: 'No unit was sold twice, and none was left for anybody who could have had it.',
  'double-submit': 'Every order was made once, however often it was sent.',
  coupon: 'Every coupon was used exactly as often as it may be.',
  'per-user-limit': 'Nobody got more than the limit allows.',
} as const satisfies Record<Rule['name'], string>;

function passSentence({ rounds, label, rule }: VerdictFile): string {
  if (rule !== undefined) return KEPT[rule.name];
  const single = rounds.every((round) => round.capacity === 1);
  if (rounds.length === 1)
    return single ? `The ${label} was booked exactly once.` : `The ${label} was sold exactly out.`;
  return `Each of the ${rounds.length} ${label}s was booked exactly ${single ? 'once' : 'as often as it could be'}.`;
}

function failSentence(report: VerdictFile): string {
  const violations = report.findings.filter((finding) => finding.severity === 'violation');
  const oversold = distinctRounds(violations.filter((finding) => finding.id === 'double-booking'));
  const others = violations.filter((finding) => finding.id !== 'double-booking');
  if (oversold === 0) return `The target broke its promises: ${kinds(report, others)}.`;
  const which =
    report.rounds.length === 1
      ? `The ${report.label} was`
      : `${oversold} of ${report.rounds.length} ${report.label}s ${oversold === 1 ? 'was' : 'were'}`;
  const lead = `${which} sold more often than allowed.`;
  return others.length === 0 ? lead : `${lead} Besides: ${kinds(report, others)}.`;
}

/** `lost-booking on 2 seats, server-error` */
function kinds({ label }: VerdictFile, findings: readonly Finding[]): string {
  const byId = Map.groupBy(findings, (finding) => finding.id);
  return [...byId].map(([id, its]) => kind(id, distinctRounds(its), label)).join(', ');
}

function kind(id: FindingId, rounds: number, label: string): string {
  return rounds === 0 ? id : `${id} on ${plural(rounds, label)}`;
}

function distinctRounds(findings: readonly Finding[]): number {
  return new Set(findings.flatMap((finding) => finding.round ?? [])).size;
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

/** Where a finding is: `seat 3 (79cd17f8-…)`, `seat 3`, or `the whole run`. */
export function placeOf({ round, inventory }: Finding, label: string): string {
  const key = inventory === undefined ? '' : printable(inventory, 120);
  if (round === undefined) return key === '' ? 'the whole run' : `${label} ${key}`;
  return key === '' ? `${label} ${round}` : `${label} ${round} (${key})`;
}
