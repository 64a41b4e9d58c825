import { type Checker, placeOf } from './evidence.ts';

/**
 * Was anything taken before the race began? Then nobody was sent for it: a seat that was sold yesterday says nothing about
 * the locking, and all refusals would look like a bug.
 */
export const alreadyTakenBefore: Checker = ({ history, alreadyTaken }) =>
  alreadyTaken.map((contest) => ({
    id: 'already-taken',
    severity: 'doubt',
    ...placeOf(contest),
    message:
      `${history.run.label} ${contest.inventory.key} was taken before the race began, so nobody went for it: ` +
      `reset it, or leave it out`,
    witness: [],
  }));
