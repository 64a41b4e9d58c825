import { type Attempt, counted, settingsOf, statusOf } from '../../../model/index.ts';
import {
  type Checker,
  type Contest,
  type Evidence,
  type Found,
  type FoundAt,
  foundAt,
  isUnsettled,
  tally,
} from './evidence.ts';
import { isRequestProven } from './no-winner.ts';

/**
 * Does the server hold what it should hold after the race? Answers prove nothing here, so it must be asked, and an answer
 * that gives no number is a doubt.
 */
export const storedUnits: Checker = (evidence) =>
  evidence.inventories.flatMap((contest): Found[] => {
    const said = saidOf(contest, evidence);
    if (said === undefined || contest.attempts.length === 0) return [];
    return [foundAt(contest, evidence, { ...said, witness: contest.attempts.slice(0, 1) })];
  });

function saidOf(contest: Contest, evidence: Evidence): Omit<FoundAt, 'witness'> | undefined {
  const { inventory, attempts, readBack, storedUnits: stored, unitsBefore } = contest;
  const { capacity } = inventory;
  // `read-back-failed` says so.
  if (readBack?.kind !== 'read') return undefined;
  if (stored === undefined) {
    return {
      id: 'read-back-failed',
      what: `the server only says "taken" or "free", and not how many of ${capacity} units it holds`,
    };
  }
  const held = `the server holds ${counted(stored, 'booking')} of it`;
  if (stored > capacity) {
    return {
      id: 'double-booking',
      what: `${held} (capacity ${capacity}), whatever it answered: ${answersOf(attempts)}`,
    };
  }
  if (stored === capacity || settingsOf(evidence.plan).exactly === false) return undefined;
  const arrived = attempts.filter(hasArrived).length;
  // Other findings say why nobody got through.
  if (arrived === 0 || isAllRefused(contest, evidence)) return undefined;
  const isProven = arrived >= capacity - unitsBefore && !isUnsettled(contest);
  return {
    id: 'lost-booking',
    isDoubt: !isProven,
    what: `${held}, and should hold ${capacity}: ${answersOf(attempts)}`,
  };
}

/** `10 requests were answered with 200 (10×)` */
function answersOf(attempts: readonly Attempt[]): string {
  const answered = attempts.filter(({ answer }) => answer.kind === 'answered');
  const were = answered.length === 1 ? 'was' : 'were';
  return `${counted(answered.length, 'request')} ${were} answered with ${tally(answered, statusOf)}`;
}

/** An answer shows that the request arrived, unless it was turned away at the door. */
export const hasArrived = (attempt: Attempt): boolean =>
  attempt.answer.kind === 'answered' && (attempt.outcome !== 'fail' || attempt.reason === 'lost');

/** Everybody was refused in the same way, and nothing shows that the request is right: `request-refused` says so. */
const isAllRefused = ({ attempts }: Contest, evidence: Evidence): boolean =>
  attempts.every(({ outcome }) => outcome === 'fail') && !isRequestProven(evidence);
