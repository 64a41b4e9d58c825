import { grantedTo, unitsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, counted, placeOf, sum } from './evidence.ts';

/** Somebody else is at it, and may or may not get it. */
const LOCKED = 423;

/**
 * Did units of a pool stay unsold while contenders were refused? Booked units lie in [ok, ok + info]; only where even the
 * most that can have been booked leaves some over, and somebody who took part and wanted no more than that was turned away,
 * it is said: whoever wants four of the last three is rightly refused. A pool of one that nobody got is a question of its
 * own (`no-winner`).
 *
 * "Locked" is not "sold out": a server that does not wait for a lock (423) owes its units to whoever asks again, and nobody
 * here does. Where that is all that was said, it is no more than a doubt; and no pass, for nobody saw them sold.
 */
export const unsoldUnits: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore, missingUnits } = contest;
    const sold = sum(withOutcome(attempts, 'ok').map(grantedTo));
    if (inventory.capacity === 1 || sold === 0) return [];
    const unknown = readBack?.kind === 'read' ? 0 : sum(withOutcome(attempts, 'info').map(unitsOf)) + missingUnits;
    const booked = Math.max(sold, readBack?.kind === 'read' ? readBack.units - unitsBefore : 0);
    const left = inventory.capacity - unitsBefore - booked - unknown;
    const refused = withOutcome(attempts, 'fail').filter(
      (attempt) => attempt.reason === 'lost' && unitsOf(attempt) <= left,
    );
    const soldOut = refused.filter((attempt) => attempt.answer.status !== LOCKED);
    const [first] = [...soldOut, ...refused];
    if (first === undefined) return [];
    const isSaid = soldOut.length > 0;
    const count = isSaid ? soldOut.length : refused.length;
    const told = isSaid ? 'refused' : `told that they are locked (${LOCKED}), and did not ask again`;
    return [
      {
        id: 'unsold',
        severity: isSaid ? 'violation' : 'doubt',
        ...placeOf(contest),
        message:
          `${history.run.label} ${inventory.key}: ${counted(left, 'unit')} of ${inventory.capacity} stayed unsold, ` +
          `while ${counted(count, 'contender')} ${count === 1 ? 'was' : 'were'} ${told}`,
        witness: [first],
      },
    ];
  });
