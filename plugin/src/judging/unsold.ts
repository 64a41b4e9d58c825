import { counted, grantedTo, isOldHistory, named, sum, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, isUnsettled, subjectOf } from './evidence.ts';
import { isPending, type Unclear } from './untold.ts';

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
    const unclear = withOutcome(attempts, 'info');
    // A queue may still book after the read-back.
    const open = storedUnits === undefined ? unclear : unclear.filter(isPending);
    const unknown = sum(open.map(unitsOf)) + (storedUnits === undefined ? missingUnits : 0);
    const booked = Math.max(sold, storedUnits === undefined ? 0 : storedUnits - unitsBefore);
    const left = inventory.capacity - unitsBefore - booked - unknown;
    const refused = withOutcome(attempts, 'fail').filter(
      (attempt) => attempt.reason === 'lost' && unitsOf(attempt) <= left,
    );
    const soldOut = refused.filter((attempt) => attempt.answer.status !== LOCKED);
    const [first] = [...soldOut, ...refused];
    if (first === undefined) return [];
    const wasLocked = soldOut.length === 0;
    const count = wasLocked ? refused.length : soldOut.length;
    const told = wasLocked ? `told that they are locked (${LOCKED}), and did not ask again` : 'refused';
    const doubt = isProven(contest, unclear)
      ? ''
      : '; the read-back cannot count, so it does not tell whether they were sold before';
    return [
      {
        id: 'unsold',
        severity: wasLocked || doubt !== '' || isUnsettled(contest) ? 'doubt' : 'violation',
        ...subjectOf(contest),
        message:
          `${named(history.run.label, inventory.key)}: ${counted(left, 'unit')} of ${inventory.capacity} stayed unsold, ` +
          `while ${counted(count, 'contender')} ${count === 1 ? 'was' : 'were'} ${told}${doubt}`,
        witness: [first],
      },
    ];
  });

/** A server that only says "taken" may have sold the rest before the race. One that says "free", and is done, has some left. */
const isProven = ({ cannotCount, readBack }: Contest, unclear: readonly Unclear[]): boolean =>
  !cannotCount || (readBack?.kind === 'read' && readBack.units === 0 && !unclear.some(isPending));
