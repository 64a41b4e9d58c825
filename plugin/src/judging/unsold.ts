import { counted, grantedTo, isOldHistory, sum, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, subjectOf } from './evidence.ts';

/** The status for "locked": another request is at work, and may or may not get the units. */
const LOCKED = 423;

/**
 * Did units of a pool stay unsold while contenders were refused? The sold units lie in [ok, ok + info]. It is a violation only
 * if even the most that can have been sold leaves some over, and somebody who took part and wanted no more than that was
 * refused: four of the last three are rightly refused. A pool of one that nobody got is `no-winner`.
 *
 * "Locked" is not "sold out": a server that does not wait for a lock (423) owes its units to the next one who asks, and here
 * nobody asks again. If nobody was told anything else, it is only a doubt; but no pass, for nobody saw the units sold.
 */
export const unsoldUnits: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, storedUnits, unitsBefore, isBeforeUnknown, missingUnits } = contest;
    const sold = sum(withOutcome(attempts, 'ok').map(grantedTo));
    if (inventory.capacity === 1 || sold === 0) return [];
    // Everything else may have been sold before.
    if (isBeforeUnknown && storedUnits === undefined && !isOldHistory(history)) return [];
    const unknown = storedUnits === undefined ? sum(withOutcome(attempts, 'info').map(unitsOf)) + missingUnits : 0;
    const booked = Math.max(sold, storedUnits === undefined ? 0 : storedUnits - unitsBefore);
    const left = inventory.capacity - unitsBefore - booked - unknown;
    const refused = withOutcome(attempts, 'fail').filter(
      (attempt) => attempt.reason === 'lost' && unitsOf(attempt) <= left,
    );
    const soldOut = refused.filter((attempt) => attempt.answer.status !== LOCKED);
    const [first] = [...soldOut, ...refused];
    if (first === undefined) return [];
    const isViolation = soldOut.length > 0;
    const count = isViolation ? soldOut.length : refused.length;
    const told = isViolation ? 'refused' : `told that they are locked (${LOCKED}), and did not ask again`;
    return [
      {
        id: 'unsold',
        severity: isViolation ? 'violation' : 'doubt',
        ...subjectOf(contest),
        message:
          `${history.run.label} ${inventory.key}: ${counted(left, 'unit')} of ${inventory.capacity} stayed unsold, ` +
          `while ${counted(count, 'contender')} ${count === 1 ? 'was' : 'were'} ${told}`,
        witness: [first],
      },
    ];
  });
