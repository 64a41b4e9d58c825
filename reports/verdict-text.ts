import {
  describeProblem,
  doubleBookingRateBound,
  type Finding,
  type FindingId,
  kindOf,
  ruleOf,
  type Verdict,
  type VerdictFile,
} from '../model/index.ts';
import { inventoryCount, unitOf } from './names.ts';
import { formatPercent, plural } from './units.ts';
import { printable } from './untrusted.ts';

/** The verdict as a headline. */
export const VERDICT_WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const satisfies Record<Verdict, string>;

/** The verdict in one sentence or two: what the run says about its question. */
export function verdictSentence(report: VerdictFile): string {
  switch (report.verdict) {
    case 'pass':
      return passSentence(report) + settledSentence(report);
    case 'fail':
      return failSentence(report);
    case 'inconclusive':
      return `No violation was found, but this is not a pass: ${kinds(report, report.findings)}.`;
  }
}

/** A pool, whose units are not told apart. */
const SOLD_OUT = 'sold out and never oversold';

function passSentence({ rounds, label, rule }: VerdictFile): string {
  const { kept } = ruleOf({ rule });
  if (kept !== undefined) return kept;
  const isSingle = rounds.every((round) => round.capacity === 1);
  const count = inventoryCount({ rounds });
  if (count === 1) return isSingle ? `The ${label} was booked exactly once.` : `The ${label} was ${SOLD_OUT}.`;
  return `Each of the ${count} ${label}s was ${isSingle ? 'booked exactly once' : SOLD_OUT}.`;
}

/** A pass says how many attempts were settled by what the server stores, and not by an answer. */
function settledSentence({ totals }: VerdictFile): string {
  if (totals.info === 0) return '';
  const them = totals.info === 1 ? 'it' : 'them';
  return ` ${plural(totals.info, 'attempt')} ended without a clear answer: what the server holds settles ${them}.`;
}

function failSentence(report: VerdictFile): string {
  const violations = report.findings.filter((finding) => finding.severity === 'violation');
  const oversold = inventoriesIn(violations.filter((finding) => kindOf(finding).isOversold));
  const others = violations.filter((finding) => !kindOf(finding).isOversold);
  if (oversold === 0) return `The target broke its promises: ${kinds(report, others)}.`;
  const count = inventoryCount(report);
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
  return [...byId].map(([id, same]) => kind(id, inventoriesIn(same), label)).join(', ');
}

function kind(id: FindingId, inventories: number, label: string): string {
  return inventories === 0 ? id : `${id} on ${plural(inventories, label)}`;
}

/** How many inventories the findings are about, whatever their rounds. */
function inventoriesIn(findings: readonly Finding[]): number {
  return new Set(findings.flatMap(({ round, inventory }) => (round === undefined ? [] : (inventory ?? round)))).size;
}

/** How many rounds make a pass strong. */
const MANY_ROUNDS = 100;

/** How strong a pass is: `No double booking in 16 rounds: the true rate is below 17.1 % (95 % confidence). …` */
export function strengthText(report: VerdictFile): string {
  const { strength, rule } = report;
  const { rounds, doubleBookingRateBelow } = strength;
  const violation = rule === undefined ? 'double booking' : 'violation';
  const rate = formatPercent(doubleBookingRateBelow, 1);
  const more = `${MANY_ROUNDS} ${unitOf(report)}s would make it ${formatPercent(doubleBookingRateBound(MANY_ROUNDS), 0)}.`;
  return `No ${violation} in ${plural(rounds, 'round')}: the true rate is below ${rate} (95 % confidence).${
    rounds < MANY_ROUNDS ? ` ${more}` : ''
  }`;
}

/** What readers must know before they believe the rest of the report: the run was cut short, or had problems. */
export function noticesOf({ ended, problems }: VerdictFile): readonly string[] {
  const endings = {
    completed: [],
    interrupted: ['The run was interrupted: this report covers what was seen until then.'],
    'cut off': ['The history has no end record: the run was cut off, and what came after is not known.'],
  } as const satisfies Record<VerdictFile['ended'], readonly string[]>;
  return [...endings[ended], ...problems.map((problem) => printable(describeProblem(problem), 300))];
}
