import { amountWanted, operationOf } from './attempt.ts';
import { type Amount, addUp, compareAmounts } from './decimal.ts';
import type { Attempt, Plan } from './history.ts';
import { withOutcome } from './round.ts';
import { ruleOf } from './rules.ts';
import { counted } from './statistics.ts';
import { deepest } from './stretch.ts';

/**
 * Why nobody had to lose at an inventory, which is known only afterwards; undefined where somebody had to.
 *
 * @param attempts all attempts at the inventory
 * @param left how many units of it there were
 */
export function whyNobodyLoses(plan: Plan, attempts: readonly Attempt[], left: Amount): string | undefined {
  switch (ruleOf(plan).contention) {
    case 'few units':
      // Checked before the race, unless nobody could know how many would come.
      return plan.anyItem === true && compareAmounts(attempts.length, left) <= 0
        ? `${counted(attempts.length, 'contender')} went for ${left.toLocaleString('en-US')}`
        : undefined;
    case 'high demand': {
      const wanted = addUp(attempts.map(amountWanted));
      const what = typeof wanted === 'number' ? `${counted(wanted, 'unit')} were` : `${wanted} was`;
      return compareAmounts(wanted, left) <= 0 ? `${what} wanted of ${left.toLocaleString('en-US')}` : undefined;
    }
    case 'shared parts': {
      const parts = attempts.flatMap((attempt) => attempt.parts ?? []);
      return new Set(parts).size === parts.length ? 'no two orders overlapped' : undefined;
    }
    case 'shared time': {
      const depth = deepest(attempts).length;
      return depth <= Number(left) ? `no more than ${counted(depth, 'stretch', 'stretches')} overlapped` : undefined;
    }
    case 'two operations': {
      const rounds = [...Map.groupBy(attempts, ({ round }) => round).values()];
      const isMixed = rounds.some((ofRound) => new Set(ofRound.map(operationOf)).size > 1);
      return isMixed ? undefined : 'no two contenders tried different operations';
    }
    case 'two successes':
      return withOutcome(attempts, 'ok').length < 2 ? 'fewer than two contenders got something' : undefined;
  }
}
