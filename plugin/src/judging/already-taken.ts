import { type Checker, subjectOf } from './evidence.ts';

/**
 * Was anything sold before the race began? Then nobody was sent for it. A seat that was sold yesterday says nothing about
 * locking, and refusing everybody would look like a bug.
 */
export const alreadyTakenBefore: Checker = ({ history, alreadyTaken }) =>
  alreadyTaken.map((contest) => ({
    id: 'already-taken',
    ...subjectOf(contest),
    message:
      `${history.run.label} ${contest.inventory.key} was taken before the race began, so nobody went for it: ` +
      `reset it, or leave it out`,
    witness: [],
  }));
