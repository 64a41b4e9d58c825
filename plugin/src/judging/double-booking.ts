import { type Attempt, type Finding, grantedTo, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, counted, placeOf, sum } from './evidence.ts';

/**
 * Was anything sold more often than it exists? Asked of each inventory alone: two winners on seat 3 and none on seat 5 are
 * two findings, although the totals look perfect. Asked of the answers and of the read-back, because a booking may be
 * stored for a request that was answered otherwise.
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
        message: `${history.run.label} ${key} (capacity ${capacity}) was sold more than once: ${answers}${server}`,
      };
    }),
  );

/** Was a coupon used more often than it may be? */
export const couponOverused: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    overCapacity(contest, ({ units, stored }) => {
      const { key, capacity } = contest.inventory;
      const server = stored === undefined ? '' : `; the server counts ${counted(stored, 'use')}`;
      return {
        id: 'coupon-overused',
        message: `${history.run.label} ${key} may be used ${timesOf(capacity)}, and gave ${counted(units, 'discount')}${server}`,
      };
    }),
  );

/** Did a person get more than one may have? Fewer is no fault: a limit is an upper bound. */
export const limitOverrun: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) =>
    overCapacity(contest, ({ units, stored }) => {
      const { key, capacity } = contest.inventory;
      const server = stored === undefined ? '' : `; the server holds ${stored}`;
      return {
        id: 'limit-overrun',
        message: `${history.run.label} ${key} may have ${capacity}, and got ${units}${server}`,
      };
    }),
  );

interface Excess {
  readonly winners: readonly (Attempt & { readonly outcome: 'ok' })[];
  /** By the answers. */
  readonly units: number;
  /** By the server; undefined where it was not asked, or could not be read. */
  readonly stored: number | undefined;
}

function overCapacity(contest: Contest, say: (excess: Excess) => Pick<Finding, 'id' | 'message'>): Finding[] {
  const { inventory, attempts, readBack, unitsBefore } = contest;
  // What nobody went for cannot have been sold here.
  if (attempts.length === 0) return [];
  const winners = withOutcome(attempts, 'ok');
  const units = sum(winners.map(grantedTo));
  const stored = readBack?.kind === 'read' ? readBack.units : undefined;
  if (Math.max(units + unitsBefore, stored ?? 0) <= inventory.capacity) return [];
  // With nobody who was told so, it is the server's word against any of its refusals.
  const witness = winners.length > 0 ? winners : attempts.slice(0, 1);
  return [{ ...say({ winners, units, stored }), severity: 'violation', ...placeOf(contest), witness }];
}

const timesOf = (count: number) => (count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`);
