import {
  capitalised,
  counted,
  describeProblem,
  doubleBookingRateBound,
  type Finding,
  type FindingId,
  inWords,
  kindOf,
  plural,
  ruleOf,
  type StrengthLimit,
  type Verdict,
  type VerdictFile,
  wordsOf,
} from '../model/index.ts';
import { gravestFirst } from './gravest-first.ts';
import { inventoryCount, locationOf, unitOf } from './names.ts';
import { worstSale } from './oversold.ts';
import type { Book } from './sums.ts';
import { formatPercent } from './units.ts';
import { printable } from './untrusted.ts';

/** The verdict as a headline. */
export const VERDICT_WORDS = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const satisfies Record<Verdict, string>;

/** What the headline is made of. */
type Result = Pick<
  VerdictFile,
  'verdict' | 'label' | 'words' | 'totals' | 'expected' | 'promised' | 'stored' | 'rounds' | 'findings' | 'rule'
> & {
  readonly books?: ReadonlyMap<string, Book>;
  readonly ended?: VerdictFile['ended'];
  readonly oneAtATime?: true | undefined;
};

/**
 * The verdict in one sentence or two: first what the race found about what is sold, then what else is wrong, such as slow
 * answers.
 */
export function headlineOf(result: Result): string {
  switch (result.verdict) {
    case 'pass':
      return soldSentence(result) + settledSentence(result);
    case 'fail':
      return needsNoRace(result) ? `No race is needed: ${failSentence(result)}` : failSentence(result);
    case 'inconclusive':
      if (result.oneAtATime && result.findings.every(({ id }) => id === 'weak-contention')) return NOT_RACED;
      return `No violation was found, but this is not a pass: ${kindsInWords(result, gravestFirst(result))}.`;
  }
}

/** Something is sold wrongly although nothing was raced. That answers are slow says nothing about a race. */
const needsNoRace = ({ oneAtATime, findings }: Result): boolean =>
  oneAtATime === true && findings.some((finding) => finding.severity === 'violation' && !isAside(finding));

/** What was sent one after the other, and went well. */
const NOT_RACED =
  'Nothing went wrong, but this is not a pass: the attempts came one after the other, so nothing was raced.';

/** A pool, whose units are not told apart. */
const SOLD_OUT = 'sold out and never oversold';

/** What was sold, where neither a violation nor a doubt is about it. */
function soldSentence(result: Result): string {
  const { rounds, label, rule, expected, promised, stored } = result;
  const isTold = expected.ok === undefined || promised === expected.ok;
  if (!isTold || (stored !== undefined && expected.ok !== undefined && stored !== promised)) {
    const kept = stored === undefined ? '' : `, and ${stored} stored`;
    return `No ${label} was sold more often than allowed: of ${plural(expected.ok ?? 0, 'unit')}, ${promised} were promised${kept}.`;
  }
  const { kept } = ruleOf({ rule });
  if (kept !== undefined) return inWords(kept, wordsOf(result));
  const isSingle = rounds.every((round) => round.capacity === 1);
  const visits = visitsIn(rounds);
  if (visits !== undefined)
    return `In each of ${visits}, the ${label} was ${isSingle ? 'booked exactly once' : SOLD_OUT}.`;
  const count = inventoryCount({ rounds });
  if (count === 1) return isSingle ? `The ${label} was booked exactly once.` : `The ${label} was ${SOLD_OUT}.`;
  return `Each of the ${count} ${wordsOf(result).many} was ${isSingle ? 'booked exactly once' : SOLD_OUT}.`;
}

/** `99 rounds`, where rounds repeat: each visit to an inventory is a race of its own. Undefined where they do not. */
function visitsIn(rounds: Result['rounds']): string | undefined {
  const raced = rounds.filter(({ requests }) => requests > 0);
  const visits = new Set(raced.map(({ inventory, visit }) => `${visit} ${inventory}`)).size;
  if (visits === inventoryCount({ rounds: raced })) return undefined;
  return counted(visits, visits === raced.length ? 'round' : 'visit');
}

/** A pass says how many attempts were settled by what the server stores, and not by an answer. */
function settledSentence({ totals }: Result): string {
  if (totals.info === 0) return '';
  const them = totals.info === 1 ? 'it' : 'them';
  return ` ${plural(totals.info, 'attempt')} ended without a clear answer: what the server holds settles ${them}.`;
}

function failSentence(result: Result): string {
  const violations = result.findings.filter(({ severity }) => severity === 'violation');
  const asides = violations.filter(isAside);
  const aboutSales = violations.filter((finding) => !isAside(finding));
  if (asides.length === 0) return salesSentence(result, aboutSales);
  const lead = aboutSales.length === 0 ? untouchedSentence(result) : salesSentence(result, aboutSales);
  return `${lead} ${aboutSales.length === 0 ? 'But' : 'Besides,'} ${asideText(result, asides)}.`;
}

/** It is wrong, but about no sale. */
const isAside = (finding: Finding): boolean => kindOf(finding).aside !== undefined;

/** What is wrong with the sales. */
function salesSentence(result: Result, violations: readonly Finding[]): string {
  const oversold = inventoriesIn(violations.filter((finding) => kindOf(finding).isOversold));
  const others = violations.filter((finding) => !kindOf(finding).isOversold);
  if (oversold === 0) return `The target broke its promises: ${kindsInWords(result, others)}.`;
  const count = inventoryCount(result);
  const visits = visitsIn(result.rounds);
  const wrong = new Set(violations.filter((finding) => kindOf(finding).isOversold).map(({ round }) => round)).size;
  const which =
    visits !== undefined
      ? `in ${wrong} of ${visits}, a ${result.label} was`
      : count === 1
        ? `The ${result.label} was`
        : `${oversold} of ${count} ${wordsOf(result).many} ${oversold === 1 ? 'was' : 'were'}`;
  const worst = worstSale(result);
  const lead =
    worst !== undefined && count === 1 && visits === undefined
      ? `${worst}, more often than allowed.`
      : `${worst === undefined ? capitalised(which) : `${worst}: ${which}`} sold more often than allowed.`;
  return others.length === 0 ? lead : `${lead} Also: ${kindsInWords(result, others)}.`;
}

/** What the race found about the sales, where no violation is about them. */
function untouchedSentence(result: Result): string {
  const doubts = result.findings.filter(({ severity }) => severity === 'doubt');
  if (doubts.length === 0) return soldSentence(result);
  return `No ${result.label} is known to be sold more often than allowed, though not all is certain: ${kindsInWords(result, doubts)}.`;
}

/** `the answers were slow: 95 % of the answers took up to 2345 ms; allowed: 2000 ms (limits.p95Ms)` */
function asideText(result: Result, findings: readonly Finding[]): string {
  const byId = Map.groupBy(findings, ({ id }) => id);
  const texts = [...byId].map(([id, same]) => {
    const { said, limit } = kindOf({ id }).aside ?? { said: id, limit: '' };
    const [first] = same;
    const inventories = inventoriesIn(same);
    const detail =
      inventories > 0 ? ` on ${inventoriesText(inventories, result)}` : `: ${printable(first?.message ?? '', 300)}`;
    return `${said}${detail.replace(/\.$/, '')} (${limit})`;
  });
  return texts.join('; ');
}

/** A headline names so many kinds of findings. */
const MAX_KINDS = 3;

/** `nobody can say whether some attempts booked (2 seats); the run did not go as planned`: titles, as people say them. */
function kindsInWords(result: Pick<Result, 'label' | 'words'>, findings: readonly Finding[]): string {
  const kinds = [...Map.groupBy(findings, ({ id }) => id)].map(([id, same]) => {
    const title = inWords(kindOf({ id }).title, wordsOf(result));
    const inventories = inventoriesIn(same);
    const where = inventories === 0 ? '' : ` (${inventoriesText(inventories, result)})`;
    return title.charAt(0).toLowerCase() + title.slice(1) + where;
  });
  const more = kinds.length - MAX_KINDS;
  return [...kinds.slice(0, MAX_KINDS), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** `lost-booking on 2 seats, server-error` */
export function kindsText(result: Pick<Result, 'label' | 'words'>, findings: readonly Finding[]): string {
  const byId = Map.groupBy(findings, (finding) => finding.id);
  return [...byId].map(([id, same]) => kind(id, inventoriesIn(same), result)).join(', ');
}

function kind(id: FindingId, inventories: number, result: Pick<Result, 'label' | 'words'>): string {
  return inventories === 0 ? id : `${id} on ${inventoriesText(inventories, result)}`;
}

function inventoriesText(count: number, result: Pick<Result, 'label' | 'words'>): string {
  const { one, many } = wordsOf(result);
  return plural(count, one, many);
}

/** How many inventories the findings are about, whatever their rounds. */
function inventoriesIn(findings: readonly Finding[]): number {
  return new Set(findings.flatMap(({ round, inventory }) => (round === undefined ? [] : (inventory ?? round)))).size;
}

/** How many rounds make a pass strong. */
const MANY_ROUNDS = 100;

/** The rate that a pass excludes: `No double booking in 16 rounds: the true rate is below 17.1 % (95 % confidence). …` */
function strengthText(report: VerdictFile): string {
  const { strength, rule, rounds } = report;
  const { rounds: strong, doubleBookingRateBelow } = strength;
  const violation = rule === undefined ? 'double booking' : 'violation';
  const rate = formatPercent(doubleBookingRateBelow, 1);
  const [percent, percentOfMany] = [doubleBookingRateBelow, doubleBookingRateBound(MANY_ROUNDS)].map((share) =>
    formatPercent(share, 0),
  );
  const more = ` ${MANY_ROUNDS} ${unitOf(report).many} would make it ${percentOfMany}.`;
  const isMuchMore = strong < MANY_ROUNDS && percent !== percentOfMany;
  const raced = rounds.filter(({ requests }) => requests > 0).length;
  const counted = strong === raced ? plural(strong, 'round') : `${plural(strong, 'strong round')} of ${raced}`;
  return `No ${violation} in ${counted}: the true rate is below ${rate} (95 % confidence).${isMuchMore ? more : ''}`;
}

/** What to try next, for each thing that a pass does not exclude. */
const NEXT = {
  'one-identity': 'several users',
  'one-instance': 'several servers',
  'answers-only': 'a read-back',
} as const satisfies Record<StrengthLimit, string>;

/**
 * What a pass is worth, in three texts: how rare a bug may be, how close the rivals came and what to try next, and whether this
 * suite can fail.
 */
export function strengthTexts(report: VerdictFile): readonly [rate: string, rivals: string, controls: string] {
  const { rivals, controls } = report.strength;
  const counts = [rivals['0.1'], rivals['1'], rivals['10']].map((count) => count.toLocaleString('en-US'));
  const next = notTriedText(report.strength);
  const close = `Rivals within 0.1 / 1 / 10 ms of the winner: ${counts.join(' / ')}.`;
  return [strengthText(report), next === '' ? close : `${close} Not tried: ${next}.`, controlsText(controls)];
}

/** `several users, a read-back`; empty where all was tried. */
export const notTriedText = ({ limits }: VerdictFile['strength']): string =>
  limits.map((limit) => NEXT[limit]).join(', ');

/** `Had VU 7 been answered as VU 34 was, this run would have failed: double-booking (3 of 3 controls failed).` */
function controlsText(controls: VerdictFile['strength']['controls']): string {
  const applied = controls.filter(({ applies }) => applies);
  const [first] = applied;
  if (first === undefined) return 'No round of this run can show that this suite is able to fail.';
  const failed = applied.filter((control) => control.failed).length;
  return `${printable(first.message, 300)} (${failed} of ${plural(applied.length, 'control')} failed).`;
}

/** What readers must know before they believe the rest of the report: the run was cut short, or had problems. */
export function noticesOf(report: VerdictFile): readonly string[] {
  const endings = {
    completed: [],
    interrupted: ['The run was interrupted: this report covers what was seen until then.'],
    'cut off': ['The history has no end record: the run was cut off, and what came after is not known.'],
  } as const satisfies Record<VerdictFile['ended'], readonly string[]>;
  const { ended, problems, notes } = report;
  return [
    ...endings[ended],
    ...weakText(report),
    ...[...problems.map(describeProblem), ...notes].map((text) => printable(text, 300)),
  ];
}

/** So many weak rounds are named. */
const MAX_WEAK = 5;

/**
 * `1 of 16 rounds is weak and does not count: seat 1 (79cd17f8-…): they were released over 59.0 ms; allowed: 50 ms`. Empty
 * where weak rounds are findings.
 */
function weakText(report: VerdictFile): string[] {
  const weak = report.rounds.flatMap((round) => (round.weak === undefined ? [] : [{ ...round, reasons: round.weak }]));
  if (weak.length === 0 || report.findings.some((finding) => kindOf(finding).namesWeakRounds)) return [];
  const raced = report.rounds.filter(({ requests }) => requests > 0).length;
  const named = weak.slice(0, MAX_WEAK).map(({ number, inventory, reasons }) => {
    return `${locationOf({ round: number, inventory }, report)}: ${printable(reasons.join(', '), 200)}`;
  });
  const more = weak.length - named.length;
  const rest = more > 0 ? [`and ${more} more`] : [];
  const count = weak.length === 1 ? 'is weak and does not count' : 'are weak and do not count';
  return [`${weak.length} of ${plural(raced, 'round')} ${count}: ${[...named, ...rest].join('; ')}`];
}
