import { isOldHistory, named } from '../../../model/index.ts';
import { type Checker, type Contest, type Evidence, subjectOf } from './evidence.ts';

/**
 * Was anything sold before the race began? Then nobody was sent for it. A seat that was sold yesterday says nothing about
 * locking, and refusing everybody would look like a bug.
 */
export const alreadyTakenBefore: Checker = (evidence) => {
  const hint = mayCountWhatIsLeft(evidence)
    ? '. If nothing of it is sold, the read-back may be counting what is left'
    : '';
  return evidence.alreadyTaken.map((contest) => ({
    id: 'already-taken',
    ...subjectOf(contest),
    message:
      `${named(evidence.history.run.label, contest.inventory.key)} was taken before the race began, so nobody went for it: ` +
      `reset it, or leave it out${hint}`,
    witness: [],
  }));
};

/** If everything seems to be sold to the last unit, the number may count the units that are left: at a fresh start, all of them. */
const mayCountWhatIsLeft = ({ history, inventories, alreadyTaken }: Evidence): boolean =>
  !isOldHistory(history) && inventories.length === 0 && alreadyTaken.every(isFull);

const isFull = ({ inventory, unitsBefore, orderIdsBefore, isBeforeCounted }: Contest): boolean =>
  inventory.parts === undefined && isBeforeCounted && orderIdsBefore.size === 0 && unitsBefore === inventory.capacity;
