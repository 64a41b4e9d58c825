import {
  type Amount,
  addUp,
  amountGranted,
  amountWanted,
  capacityOf,
  compareAmounts,
  counted,
  minus,
  named,
  type Success,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Found, isUnsettled, subjectOf } from './evidence.ts';

/** Was more granted than there was? Asked of the answers and of the server. All amounts are exact. */
export const overspent: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest): Found[] => {
    const { inventory, attempts, soldAfter } = contest;
    if (attempts.length === 0) return [];
    const winners = withOutcome(attempts, 'ok');
    const granted = addUp(winners.map(amountGranted));
    const limit = availableIn(contest);
    const isOverdrawn = soldAfter !== undefined && compareAmounts(soldAfter, capacityOf(inventory)) > 0;
    if (compareAmounts(granted, limit) <= 0 && !isOverdrawn) return [];
    const left = soldAfter === undefined ? '' : `; the server says that ${remainingAfter(contest)} is left`;
    return [
      {
        id: 'double-booking',
        ...subjectOf(contest),
        message:
          `${named(history.run.label, inventory.key)} held ${limit}: ${counted(winners.length, 'contender')} ` +
          `${winners.length === 1 ? 'was' : 'were'} granted ${granted} in all${left}`,
        witness: proofOf(winners, limit, attempts.slice(0, 1) as Success[]),
      },
    ];
  });

/** The capacity, or less where the server said before the race that some of it was spent. */
const availableIn = ({ inventory, soldBefore }: Contest): Amount =>
  compareAmounts(soldBefore, 0) > 0 ? minus(capacityOf(inventory), soldBefore) : capacityOf(inventory);

const remainingAfter = ({ inventory, soldAfter = 0 }: Contest): Amount => minus(capacityOf(inventory), soldAfter);

/** As few successes as together exceed the limit: the largest ones. Where none do, all of them, or any attempt. */
function proofOf(winners: readonly Success[], limit: Amount, otherwise: readonly Success[]): readonly Success[] {
  const largest = winners.toSorted((a, b) => compareAmounts(amountGranted(b), amountGranted(a)));
  const fewest = largest.findIndex((_, index) => {
    const some = addUp(largest.slice(0, index + 1).map(amountGranted));
    return compareAmounts(some, limit) > 0;
  });
  if (fewest < 0) return winners.length > 0 ? winners : otherwise;
  const needed = new Set(largest.slice(0, fewest + 1));
  return winners.filter((winner) => needed.has(winner));
}

/**
 * Is as much left as there should be? Too much: a withdrawal was acknowledged that the server does not know. Too little:
 * something was taken that nobody can have taken. Attempts without a clear answer may have taken what they wanted.
 */
export const wrongBalance: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest): Found[] => {
    const { inventory, attempts, soldBefore, soldAfter, isBeforeUnknown, missingUnits } = contest;
    if (soldAfter === undefined || attempts.length === 0) return [];
    const winners = withOutcome(attempts, 'ok');
    const told = addUp(winners.map(amountGranted));
    const gained = minus(soldAfter, soldBefore);
    const due = minus(minus(capacityOf(inventory), soldBefore), told);
    const name = named(history.run.label, inventory.key);
    const left = `${remainingAfter(contest)} is left`;
    const doubt = isUnsettled(contest) ? { severity: 'doubt' as const } : {};
    if (compareAmounts(gained, told) < 0) {
      const message = `${name}: ${left} by the server, but ${told} was acknowledged, so it should be ${due}`;
      return [{ id: 'lost-booking', ...doubt, ...subjectOf(contest), message, witness: winners }];
    }
    const open = addUp(withOutcome(attempts, 'info').map(amountWanted));
    const most = addUp([told, open]);
    if (isBeforeUnknown || missingUnits > 0 || compareAmounts(gained, most) <= 0) return [];
    // `double-booking` says so.
    if (compareAmounts(soldAfter, capacityOf(inventory)) > 0) return [];
    const least = compareAmounts(open, 0) === 0 ? `${due}` : `at least ${minus(due, open)}`;
    const message = `${name}: ${left} by the server, but it should be ${least}: only ${most} can have been taken`;
    return [{ id: 'ghost-booking', ...doubt, ...subjectOf(contest), message, witness: attempts.slice(0, 1) }];
  });
