import {
  type Attempt,
  counted,
  deepest,
  isNumeric,
  named,
  type Success,
  stretchOf,
  withOutcome,
} from '../../../model/index.ts';
import { type Checker, type Contest, type Found, subjectOf } from './evidence.ts';

/** Do more bookings share a moment than the capacity allows? Stretches that only touch do not overlap. */
export const overlappingStretches: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest): Found[] => {
    const name = named(history.run.label, contest.inventory.key);
    return [...tooDeep(contest, name), ...notComparable(contest, name)];
  });

function tooDeep(contest: Contest, name: string): Found[] {
  const { capacity } = contest.inventory;
  const overlapping = deepest(withOutcome(contest.attempts, 'ok'));
  if (overlapping.length <= capacity) return [];
  const witness = overlapping.slice(0, capacity + 1);
  const message =
    `${name} (capacity ${capacity}) was booked ${overlapping.length} times over: ` +
    `${witness.slice(0, SHOWN).map(bookingOf).join(' and ')} overlap`;
  return [{ id: 'double-booking', ...subjectOf(contest), message, witness }];
}

/** So many bookings are named. */
const SHOWN = 3;

/** `VU 3 (09:00Z to 10:00Z)` */
const bookingOf = ({ vu, from, to }: Success) => `VU ${vu} (${from} to ${to})`;

/** Bookings without a stretch, or with stretches on different scales, prove nothing about each other. */
function notComparable(contest: Contest, name: string): Found[] {
  const winners = withOutcome(contest.attempts, 'ok');
  const unknown = winners.filter((winner) => stretchOf(winner) === undefined);
  const [first, ...others] = winners.filter((winner) => stretchOf(winner) !== undefined);
  const other = others.find((winner) => first !== undefined && isOnNumbers(winner) !== isOnNumbers(first));
  const doubts = [
    ...(unknown.length > 0 ? [`${counted(unknown.length, 'booking')} without from and to`] : []),
    ...(other === undefined ? [] : ['some stretches are numbers, and others are times']),
  ];
  if (doubts.length === 0) return [];
  const witness = [...unknown.slice(0, 1), ...(other === undefined || first === undefined ? [] : [first, other])];
  const message = `${name}: nobody can say which bookings overlap: ${doubts.join('; ')}`;
  return [{ id: 'indeterminate', ...subjectOf(contest), message, witness }];
}

const isOnNumbers = ({ from = '' }: Attempt) => isNumeric(from);
