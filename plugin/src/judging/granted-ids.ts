import { counted, type Success, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, foundAt } from './evidence.ts';

/** One of the ids that an answer grants: of a unit that the server chose, or a value that it handed out. */
export interface Grant {
  readonly id: string;
  readonly winner: Success;
}

/** Everything that was granted, by its id, in the order of the release. */
export const grantsById = ({ attempts }: Pick<Contest, 'attempts'>): ReadonlyMap<string, readonly Grant[]> =>
  Map.groupBy(
    withOutcome(attempts, 'ok').flatMap((winner) => (winner.grantedIds ?? []).map((id) => ({ id, winner }))),
    ({ id }) => id,
  );

/** The smallest proof that something was granted twice: two answers, or the one that names it twice. */
export const firstTwoOf = (grants: readonly Grant[]): readonly Success[] => [
  ...new Set(grants.slice(0, 2).map(({ winner }) => winner)),
];

/** So many contenders are named. */
const SHOWN = 5;

/** `VU 3 and VU 7`, `VU 1, VU 3, VU 4, VU 5, VU 9 and 3 more` */
export function namesOf(winners: readonly Success[]): string {
  const names = winners.slice(0, SHOWN).map(({ vu }) => `VU ${vu}`);
  const more = winners.length - names.length;
  const last = more > 0 ? `${more} more` : names.pop();
  return names.length === 0 ? `${last}` : `${names.join(', ')} and ${last}`;
}

/** Did answers that count as a success not say what they grant? Then nobody knows whether somebody else got it too. */
export const namelessGrants: Checker = (evidence) =>
  evidence.inventories.flatMap((contest): Found[] => {
    const nameless = withOutcome(contest.attempts, 'ok').filter(
      ({ grantedIds = [], granted }) => grantedIds.length === 0 && granted !== 0,
    );
    if (nameless.length === 0) return [];
    const what = `${counted(nameless.length, 'answer')} that count as a success do not say what they grant: check outcome.granted`;
    return [foundAt(contest, evidence, { id: 'indeterminate', what, witness: nameless.slice(0, 1) })];
  });
