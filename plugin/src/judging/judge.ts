import {
  type CheckerName,
  type Control,
  type Finding,
  type FoldedHistory,
  kindOf,
  type Raced,
  ruleOf,
  verdictOf,
} from '../../../model/index.ts';
import { unitGrantedTwice } from './allocation.ts';
import { alreadyTakenBefore } from './already-taken.ts';
import { overspent, wrongBalance } from './balance.ts';
import { blindSuite } from './blind-suite.ts';
import { booksDisagree, foundByAny, historiesByBook } from './books.ts';
import { completeness } from './completeness.ts';
import { weakContention } from './contention.ts';
import { controlsOf } from './controls/index.ts';
import { couponOverused, doubleBooking, limitOverrun } from './double-booking.ts';
import {
  duplicateOrder,
  keyReused,
  keysMerged,
  namelessOrders,
  noOrder,
  storedOrders,
  unequalAnswers,
} from './double-submit.ts';
import { type Checker, type Evidence, evidenceOf, type Found } from './evidence.ts';
import { exclusiveOperations } from './exclusive.ts';
import { withFolded } from './folded.ts';
import { namelessGrants } from './granted-ids.ts';
import { indeterminate } from './indeterminate.ts';
import { overlappingStretches } from './intervals.ts';
import { doubtedIfUnseen, machineLost, machinesUnknown } from './machines.ts';
import { noAnswer } from './no-answer.ts';
import { noWinner, requestRefused } from './no-winner.ts';
import { blockedOrders, partSoldTwice, wholeOrders } from './overlapping-orders.ts';
import { notAuthorised, rateLimited, wrongRejection } from './refusals.ts';
import { resetFailed } from './reset-failed.ts';
import { seatHistory } from './seat-history.ts';
import { serverErrors } from './server-errors.ts';
import { settled } from './settled.ts';
import { setupFailed } from './setup-failed.ts';
import { slow } from './slow.ts';
import { storedUnits } from './state.ts';
import { ghostBooking, lostBooking, readBackFailed } from './stored-bookings.ts';
import { undecided } from './undecided.ts';
import { valueGivenTwice, valueSkipped } from './unique.ts';
import { unrecognised } from './unrecognised.ts';
import { unsoldUnits } from './unsold.ts';
import { untoldBooking } from './untold.ts';
import { windowNotTried } from './window-not-tried.ts';

/** Checkers that only some rules need, by the names in `model/rules.ts`. */
const OF_SOME_RULES: Readonly<Record<CheckerName, Checker>> = {
  doubleBooking,
  couponOverused,
  limitOverrun,
  lostBooking,
  ghostBooking,
  noWinner,
  unsoldUnits,
  partSoldTwice,
  wholeOrders,
  blockedOrders,
  duplicateOrder,
  keyReused,
  keysMerged,
  storedOrders,
  noOrder,
  unequalAnswers,
  namelessOrders,
  seatHistory,
  unitGrantedTwice,
  namelessGrants,
  overlappingStretches,
  storedUnits,
  overspent,
  wrongBalance,
  valueGivenTwice,
  valueSkipped,
  exclusiveOperations,
};

/** Checkers for every race. They come after those of the rule: the gravest findings come first. */
const OF_EVERY_RACE: readonly Checker[] = [
  requestRefused,
  untoldBooking,
  wrongRejection,
  serverErrors,
  slow,
  noAnswer,
  unrecognised,
  indeterminate,
  undecided,
  alreadyTakenBefore,
  weakContention,
  windowNotTried,
  setupFailed,
  resetFailed,
  machinesUnknown,
  machineLost,
  completeness,
  notAuthorised,
  rateLimited,
  readBackFailed,
];

/** What answers say, and whether it was true: pointless under a rule by which answers prove nothing. */
const ABOUT_ANSWERS: ReadonlySet<Checker> = new Set([untoldBooking, wrongRejection, unrecognised, indeterminate]);

/** What a history amounts to. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Empty where the verdict is fail. */
  readonly controls: readonly Control[];
  /** What it was judged by. Undefined where each of several books was judged by itself. */
  readonly evidence: Evidence | undefined;
}

/**
 * Everything found wrong or doubtful in a history. No findings is a pass; `verdictOf` says what the findings amount to. Never
 * throws: a checker that crashes is a doubt, never a pass.
 */
export const judge = (history: FoldedHistory, checkers?: readonly Checker[]): Finding[] => [
  ...judgementOf(history, checkers).findings,
];

/**
 * {@link judge}, with what the judging makes of a history that is changed so that it must fail.
 *
 * @param raced the rounds of the history, by `racedIn`
 */
export function judgementOf(history: FoldedHistory, checkers = checkersFor(history), raced?: Raced): Judgement {
  const { findings: found, tellings } = check(history, checkers, raced);
  const findings = withFolded(found, history);
  const evidence = tellings.find((telling) => telling.history === history);
  if (verdictOf(findings) === 'fail') return { findings, controls: [], evidence };
  let controls: readonly Control[] = [];
  const blind = findingsOf('controls', () => {
    controls = controlsOf(history, tellings, (changed) => check(changed, checkers).findings);
    return blindSuite(tellings, controls);
  });
  return { findings: [...findings, ...blind], controls, evidence };
}

/** What is found in a history, without controls. Never throws. */
export const findingsIn = (history: FoldedHistory): readonly Finding[] => check(history, checkersFor(history)).findings;

interface Checked {
  readonly findings: readonly Finding[];
  /** The evidence of each book. */
  readonly tellings: readonly Evidence[];
}

function check(history: FoldedHistory, checkers: readonly Checker[], raced?: Raced): Checked {
  const { books = [] } = history.run.plan;
  try {
    const tellings = historiesByBook(history)
      .map(settled)
      .map((telling) => evidenceOf(telling, telling === history ? raced : undefined));
    const found = tellings.map((evidence) =>
      checkers.flatMap((checker) => findingsOf(checker.name, () => checker(evidence))),
    );
    const all = [
      ...foundByAny(found, books),
      ...(tellings.length > 1 ? findingsOf('booksDisagree', () => booksDisagree(tellings, books)) : []),
    ];
    return { findings: doubtedIfUnseen(all, history), tellings };
  } catch (error) {
    return { findings: [crashed(error, 'the arrangement of the evidence')], tellings: [] };
  }
}

function findingsOf(name: string, check: () => readonly Found[]): Finding[] {
  try {
    return check().map(findingOf);
  } catch (error) {
    return [crashed(error, name)];
  }
}

function checkersFor({ run }: FoldedHistory): readonly Checker[] {
  const { checkers, successes } = ruleOf(run.plan);
  return [
    ...checkers.map((name) => OF_SOME_RULES[name]),
    ...OF_EVERY_RACE.filter((checker) => successes !== 'prove nothing' || !ABOUT_ANSWERS.has(checker)),
  ];
}

function findingOf({ id, severity = kindOf({ id }).severity, message, ...rest }: Found): Finding {
  const instances = [...new Set(rest.witness.flatMap(({ instance }) => instance ?? []))];
  const where = instances.length === 0 ? '' : `, at ${listed(instances)}`;
  return { id, severity, message: `${message}${where}`, ...rest };
}

const MAX_NAMED = 4;

/** The first few, and how many more there are. */
function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function crashed(error: unknown, where: string): Finding {
  const text = error instanceof Error ? error.message : String(error);
  return findingOf({
    id: 'checker-crashed',
    message: `an error in the judging itself (${where}): ${text}`,
    witness: [],
  });
}
