import { withOutcome } from '../model/index.ts';
import { type Checker, counted, placeOf } from './evidence.ts';

/**
 * Was anything sold more often than it exists? Asked of each inventory alone: two winners on seat 3 and none on seat 5 are
 * two findings, although the totals look perfect. Asked of the answers and of the read-back, because a booking may be
 * stored for a request that was answered otherwise.
 */
export const doubleBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore } = contest;
    // What nobody went for cannot have been sold here.
    if (attempts.length === 0) return [];
    const winners = withOutcome(attempts, 'ok');
    const stored = readBack?.kind === 'read' ? readBack.units : 0;
    if (Math.max(winners.length + unitsBefore, stored) <= inventory.capacity) return [];
    const { label } = history.run;
    const answers = `${counted(winners.length, 'contender')} ${winners.length === 1 ? 'was' : 'were'} told that they booked it`;
    const server = readBack?.kind === 'read' ? `; the server holds ${counted(stored, 'booking')} of it` : '';
    return [
      {
        id: 'double-booking',
        severity: 'violation',
        ...placeOf(contest),
        message: `${label} ${inventory.key} (capacity ${inventory.capacity}) was sold more than once: ${answers}${server}`,
        // With nobody who was told so, it is the server's word against any of its refusals.
        witness: winners.length > 0 ? winners : attempts.slice(0, 1),
      },
    ];
  });
