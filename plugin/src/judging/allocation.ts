import { counted } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, foundAt } from './evidence.ts';
import { firstTwoOf, grantsById, namesOf } from './granted-ids.ts';

/** Was a unit that the server chose granted twice, or one that is not for sale here? */
export const unitGrantedTwice: Checker = (evidence) =>
  evidence.inventories.flatMap((contest) =>
    [...grantedTwice(contest), ...strangeUnits(contest)].map((flaw) =>
      foundAt(contest, evidence, { id: 'double-booking', ...flaw }),
    ),
  );

type Flaw = Pick<Found, 'witness'> & { readonly what: string };

/** By the answers, and by the server: it may have stored more than it admits. */
function grantedTwice(contest: Contest): Flaw[] {
  const byId = grantsById(contest);
  const units = [...new Set([...byId.keys(), ...contest.partReadBacks.keys()])];
  return units.flatMap((unit): Flaw[] => {
    const grants = byId.get(unit) ?? [];
    const readBack = contest.partReadBacks.get(unit);
    const stored = readBack?.kind === 'read' ? readBack.units : 0;
    if (Math.max(grants.length, stored) <= 1) return [];
    const server = stored > 1 ? `; the server holds ${counted(stored, 'booking')} of it` : '';
    const what = `${unit} ${toldOf(grants.map(({ winner }) => winner))}${server}`;
    const witness = grants.length > 0 ? firstTwoOf(grants) : contest.attempts.slice(0, 1);
    return [{ what, witness }];
  });
}

function toldOf(winners: Parameters<typeof namesOf>[0]): string {
  const people = [...new Set(winners)];
  if (people.length === 0) return 'was granted to nobody';
  const times = winners.length > 1 && people.length === 1 ? ' twice' : '';
  return `was granted to ${namesOf(people)}${times}`;
}

function strangeUnits({ inventory: { parts }, ...contest }: Contest): Flaw[] {
  if (parts === undefined) return [];
  return [...grantsById(contest)]
    .filter(([unit]) => !parts.includes(unit))
    .map(([unit, [first]]) => ({
      what: `${first === undefined ? 'somebody' : `VU ${first.winner.vu}`} got ${unit}, which is not one of its parts`,
      witness: first === undefined ? [] : [first.winner],
    }));
}
