import { withOutcome } from '../model/index.ts';
import { type Checker, counted, placeOf } from './evidence.ts';

/**
 * Is there an attempt that may have booked, and nobody can say? A readable read-back settles it: the server then said how
 * many units are booked, and that number is judged by the other checkers.
 */
export const indeterminate: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const unknown = withOutcome(contest.attempts, 'info');
    const [first] = unknown;
    if (first === undefined || contest.readBack?.kind === 'read') return [];
    const causes = [...Map.groupBy(unknown, (attempt) => attempt.cause)]
      .map(([cause, its]) => `${cause} (${its.length}×)`)
      .join(', ');
    return [
      {
        id: 'indeterminate',
        severity: 'doubt',
        ...placeOf(contest),
        message:
          `${history.run.label} ${contest.inventory.key}: ${counted(unknown.length, 'attempt')} may or may not have ` +
          `booked it: ${causes}`,
        witness: [first],
      },
    ];
  });
