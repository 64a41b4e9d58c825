import {
  type Control,
  counted,
  isOldHistory,
  ruleOf,
  settingsOf,
  statusOf,
  withOutcome,
} from '../../../model/index.ts';
import type { Contest, Evidence, Found } from './evidence.ts';
import type { Unclear } from './untold.ts';

/**
 * Can this suite not see what it looks for? A control that applies must fail; and if no answer at all counts as a success,
 * answers that fit both conditions, or neither although something was sold, show which setting is wrong.
 *
 * @param tellings the evidence of each book
 */
export function blindSuite(tellings: readonly Evidence[], controls: readonly Control[]): Found[] {
  const [evidence] = tellings;
  if (evidence === undefined || isOldHistory(evidence.history)) return [];
  return [
    ...controls.flatMap(({ name, applies, failed, message }): Found[] =>
      applies && !failed ? [{ id: 'blind-suite', message: `${message}: check ${BLINDED_BY[name]}`, witness: [] }] : [],
    ),
    ...withoutSuccess(tellings, evidence),
    ...unchangedReadBack(tellings, evidence),
  ];
}

/** The setting to look at when a control does not fail. */
const BLINDED_BY = {
  'refusal-as-winner': 'the capacity in `inventories`, and `outcome.units`',
  'winner-as-refusal': '`outcome.refusal`',
  'sold-as-free': '`readBack`',
} as const satisfies Record<Control['name'], string>;

function withoutSuccess(tellings: readonly Evidence[], { plan, attempts }: Evidence): Found[] {
  if (ruleOf(plan).successes === 'prove nothing' || withOutcome(attempts, 'ok').length > 0) return [];
  const unclear = withOutcome(attempts, 'info').filter(({ answer }) => answer.kind === 'answered');
  const both = unclear.filter(({ cause }) => cause === 'ambiguous');
  const [first] = both;
  if (first !== undefined) {
    const were = both.length === 1 ? 'fits' : 'fit';
    const message =
      `no answer counts as a success: ${counted(both.length, 'answer')} (${statusOf(first)}) ${were} outcome.success and outcome.refusal, ` +
      'so `outcome.refusal` accepts what it should not';
    return [{ id: 'blind-suite', message, witness: [first] }];
  }
  const contests = tellings.flatMap(({ inventories }) => inventories);
  const [neither] = contests.flatMap((contest) => misreadBuyers(contest).slice(0, 1));
  if (neither === undefined) return [];
  const message =
    `no answer counts as a success, although something was sold: \`outcome.success\` does not hold for the answer to its ` +
    `buyer (${statusOf(neither)})`;
  return [{ id: 'blind-suite', message, witness: [neither] }];
}

/** Those of whom one bought it, because nobody else can have. */
function misreadBuyers({ attempts, gainedUnits, missing }: Contest): Unclear[] {
  const unclear = withOutcome(attempts, 'info');
  const isMisread = gainedUnits > 0 && missing === 0 && unclear.every(({ cause }) => cause === 'unrecognised');
  return isMisread ? unclear : [];
}

/** A rule that asks only the server, and accepts that less is sold, is content with a read-back that nothing changes. */
function unchangedReadBack(tellings: readonly Evidence[], { plan }: Evidence): Found[] {
  if (ruleOf(plan).successes !== 'prove nothing' || settingsOf(plan).exactly !== false) return [];
  const raced = tellings.flatMap(({ inventories }) => inventories.filter(({ attempts }) => attempts.length > 0));
  const isUnchanged = raced.every(
    ({ readBack, storedUnits, unitsBefore, isBeforeCounted }) =>
      readBack?.kind === 'read' && isBeforeCounted && storedUnits === unitsBefore,
  );
  if (raced.length === 0 || !isUnchanged) return [];
  const message =
    '`readBack` says the same after the race as before it, and this rule accepts that less is sold: nothing that happened could ' +
    'have made it fail';
  return [{ id: 'blind-suite', message, witness: [] }];
}
