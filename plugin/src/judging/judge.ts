import type { Finding, History } from '../model/index.ts';
import { alreadyTakenBefore } from './already-taken.ts';
import { completeness } from './completeness.ts';
import { weakContention } from './contention.ts';
import { doubleBooking } from './double-booking.ts';
import { type Checker, evidenceOf } from './evidence.ts';
import { indeterminate } from './indeterminate.ts';
import { noWinner } from './no-winner.ts';
import { notAuthorised, rateLimited, wrongRejection } from './refusals.ts';
import { serverErrors } from './server-errors.ts';
import { slow } from './slow.ts';
import { ghostBooking, lostBooking, readBackFailed } from './stored-bookings.ts';
import { unsold } from './unsold.ts';

/** One checker for each question, in the order of the findings: the worst come first. */
const CHECKERS: readonly Checker[] = [
  doubleBooking,
  lostBooking,
  ghostBooking,
  noWinner,
  unsold,
  wrongRejection,
  serverErrors,
  slow,
  indeterminate,
  alreadyTakenBefore,
  weakContention,
  completeness,
  notAuthorised,
  rateLimited,
  readBackFailed,
];

/**
 * Everything found wrong or doubtful in a history. No findings is a pass; `verdictOf` says what the findings amount to.
 * Never throws: a checker that does has no opinion, and having none is a doubt, never a pass.
 */
export function judge(history: History, checkers: readonly Checker[] = CHECKERS): Finding[] {
  try {
    const evidence = evidenceOf(history);
    return checkers.flatMap((checker) => {
      try {
        return checker(evidence);
      } catch (error) {
        return [crashed(error, checker.name)];
      }
    });
  } catch (error) {
    return [crashed(error, 'the arrangement of the evidence')];
  }
}

function crashed(error: unknown, where: string): Finding {
  const text = error instanceof Error ? error.message : String(error);
  return {
    id: 'checker-crashed',
    severity: 'doubt',
    message: `an error in the judging itself (${where}): ${text}`,
    witness: [],
  };
}
