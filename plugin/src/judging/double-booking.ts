import { counted, grantedTo, named, type Success, sum, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, subjectOf } from './evidence.ts';

/**
 * Was anything sold more often than it exists? Asked for each inventory alone: two winners on seat 3 and none on seat 5 are
 * two findings, although the totals look perfect. Asked of the answers and of the read-back, because a booking may be stored
 * although its request was refused.
 */
export const doubleBooking: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    overCapacity(contest, ({ winners, units, stored }) => {
      const { key, capacity } = contest.inventory;
      const inUnits = winners.some((winner) => grantedTo(winner) !== 1) ? `, ${counted(units, 'unit')} in all` : '';
      const answers = `${counted(winners.length, 'contender')} ${winners.length === 1 ? 'was' : 'were'} told that they booked it${inUnits}`;
      const server = stored === undefined ? '' : `; the server holds ${counted(stored, 'booking')} of it`;
      return {
        id: 'double-booking',
        message: `${named(history.run.label, key)} (capacity ${capacity}) was sold more than ${timesOf(capacity)}: ${answers}${server}`,
      };
    }),
  );

/** Was a coupon used more often than allowed? */
export const couponOverused: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    overCapacity(contest, ({ units, stored }) => {
      const { key, capacity } = contest.inventory;
      const server = stored === undefined ? '' : `; the server counts ${counted(stored, 'use')}`;
      return {
        id: 'coupon-overused',
        message: `${named(history.run.label, key)} may be used ${timesOf(capacity)}: it gave ${counted(units, 'discount')}${server}`,
      };
    }),
  );

/** Did a person get more than the limit? Less is no fault. */
export const limitOverrun: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    overCapacity(contest, ({ units, stored }) => {
      const { key, capacity } = contest.inventory;
      const server = stored === undefined ? '' : `, the server holds ${stored}`;
      return {
        id: 'limit-overrun',
        message: `${named(history.run.label, key)} may have ${capacity}: the answers gave ${units}${server}`,
      };
    }),
  );

const timesOf = (capacity: number): string => (capacity === 1 ? 'once' : `${capacity.toLocaleString('en-US')} times`);

interface Excess {
  readonly winners: readonly Success[];
  /** By the answers. */
  readonly units: number;
  /** By the server; undefined where it is not known. */
  readonly stored: number | undefined;
}

function overCapacity(contest: Contest, say: (excess: Excess) => Pick<Found, 'id' | 'message'>): Found[] {
  const { inventory, attempts, storedUnits, unitsBefore } = contest;
  // Nobody went for it, so this race cannot have sold it.
  if (attempts.length === 0) return [];
  const winners = withOutcome(attempts, 'ok');
  const units = sum(winners.map(grantedTo));
  if (Math.max(units + unitsBefore, storedUnits ?? 0) <= inventory.capacity) return [];
  // Without a winner, any refusal contradicts the server.
  const witness = winners.length > 0 ? winners : attempts.slice(0, 1);
  return [{ ...say({ winners, units, stored: storedUnits }), ...subjectOf(contest), witness }];
}
