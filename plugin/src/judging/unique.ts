import { counted, type Success, settingsOf, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, foundAt, isUnsettled } from './evidence.ts';
import { firstTwoOf, grantsById, namesOf } from './granted-ids.ts';

/** Was a value that the server hands out given twice? */
export const valueGivenTwice: Checker = (evidence) =>
  evidence.inventories.flatMap((contest): Found[] => {
    const twice = [...grantsById(contest)].filter(([, grants]) => grants.length > 1);
    const [first] = twice;
    if (first === undefined) return [];
    const [value, grants] = first;
    const people = [...new Set(grants.map(({ winner }) => winner))];
    const times = people.length === 1 ? ' twice' : '';
    const more = twice.length === 1 ? '' : `; ${counted(twice.length - 1, 'other value')} too`;
    const what = `${value} was given to ${namesOf(people)}${times}${more}`;
    return [foundAt(contest, evidence, { id: 'not-unique', what, witness: firstTwoOf(grants) })];
  });

/**
 * Was a value skipped? Only where the rule forbids it. An attempt without a clear answer may have got one; where the server
 * says how many it gave, so many may have.
 */
export const valueSkipped: Checker = (evidence) =>
  settingsOf(evidence.plan).gapless
    ? evidence.inventories.flatMap((contest): Found[] => {
        const gap = gapIn(contest);
        return gap === undefined ? [] : [foundAt(contest, evidence, { id: 'gap', ...gap })];
      })
    : [];

interface Gap {
  readonly what: string;
  readonly witness: readonly Success[];
  readonly isDoubt: boolean;
}

function gapIn(contest: Contest): Gap | undefined {
  const grants = [...grantsById(contest).values()].flatMap((same) => same.slice(0, 1));
  const strange = grants.find(({ id }) => !/^-?\d+$/.test(id));
  if (strange !== undefined) {
    const what = `${strange.id} is no whole number, so nobody can say whether values are skipped`;
    return { what, witness: [strange.winner], isDoubt: true };
  }
  const values = grants
    .map(({ id, winner }) => ({ value: BigInt(id), winner }))
    .toSorted((a, b) => Number(a.value > b.value) - Number(a.value < b.value));
  const holes = values.flatMap((after, index) => {
    const before = values[index - 1];
    return before === undefined || after.value - before.value <= 1n ? [] : [{ before, after }];
  });
  const skipped = holes.reduce((count, { before, after }) => count + (after.value - before.value - 1n), 0n);
  const [hole] = holes;
  if (hole === undefined || skipped <= BigInt(unseenIn(contest))) return undefined;
  const many = skipped === 1n ? '1 value was' : `${skipped} values were`;
  const where = `there is none between ${hole.before.value} (VU ${hole.before.winner.vu}) and ${hole.after.value} (VU ${hole.after.winner.vu})`;
  const witness = [hole.before.winner, hole.after.winner];
  return { what: `${many} skipped: ${where}`, witness, isDoubt: isUnsettled(contest) };
}

/** How many values attempts may have got that nobody has seen. */
function unseenIn({ attempts, missing, storedUnits, unitsBefore, isBeforeUnknown }: Contest): number {
  const sizes = withOutcome(attempts, 'ok').map(({ grantedIds = [] }) => grantedIds.length);
  const most = sizes.reduce((a, b) => Math.max(a, b), 1);
  const possible = (withOutcome(attempts, 'info').length + missing) * most;
  if (storedUnits === undefined || isBeforeUnknown) return possible;
  const seen = sizes.reduce((a, b) => a + b, 0);
  return Math.min(possible, Math.max(0, storedUnits - unitsBefore - seen));
}
