import { counted, named, type Plan, ruleOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, subjectOf } from './evidence.ts';
import { isPending, type Unclear, untoldIn } from './untold.ts';

/**
 * Were attempts accepted (202), and nobody knows what the target decided? Or did the answers of the server still change when
 * it was asked for the last time?
 */
export const undecided: Checker = ({ plan, history, inventories }) => {
  // Under such a rule, a 202 is as good as any other answer.
  const provesNothing = ruleOf(plan).successes === 'prove nothing';
  return inventories.flatMap((contest) => {
    const pending = provesNothing ? [] : withOutcome(contest.attempts, 'info').filter(isPending);
    const reasons = [...openReasons(contest, pending, plan), ...restlessReasons(contest, plan)];
    if (reasons.length === 0) return [];
    const message = `${named(history.run.label, contest.inventory.key)}: ${reasons.join('; ')}`;
    return [{ id: 'undecided', ...subjectOf(contest), message, witness: pending.slice(0, 1) }];
  });
};

function openReasons(contest: Contest, pending: readonly Unclear[], plan: Plan): string[] {
  if (pending.length === 0) return [];
  const accepted = `${counted(pending.length, 'attempt')} ${pending.length === 1 ? 'was' : 'were'} accepted (${statusesOf(pending)})`;
  if (!plan.readBack) {
    return [
      `${accepted}, and nothing said what became of ${them(pending)}: let settles ask longer (withinMs), or switch on the read-back, and say in readBack.settleMs how long the target needs to decide`,
    ];
  }
  if (plan.settleMs === undefined) {
    return [
      `${accepted}, and the target may still be deciding: say in readBack.settleMs how long it needs, and the read-back decides`,
    ];
  }
  const { inventory, storedUnits } = contest;
  const isSettled = !ruleOf(plan).isUnlimited && storedUnits !== undefined && storedUnits > inventory.capacity;
  if (isSettled || untoldIn(contest, plan) !== undefined) return [];
  return [`${accepted}, and the read-back does not tell which of them booked`];
}

/** A `settles` request may be asked about any success, not only about a 202. */
const statusesOf = (pending: readonly Unclear[]): string =>
  [...new Set(pending.flatMap(({ answer }) => (answer.kind === 'answered' ? answer.status : [])))]
    .toSorted()
    .join(', ');

const them = ({ length }: readonly unknown[]) => (length === 1 ? 'it' : 'them');

function restlessReasons({ readBack }: Contest, { settleMs = 0 }: Plan): string[] {
  if (readBack?.kind !== 'read' || readBack.unsettled !== true) return [];
  return [
    `the read-back still changed after readBack.settleMs (${settleMs} ms) and as long again: the target needs more time to decide`,
  ];
}
