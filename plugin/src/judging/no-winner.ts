import { withOutcome } from '../../../model/index.ts';
import { type Checker, counted, placeOf } from './evidence.ts';

/**
 * Did nobody get it, although somebody should have? Only said where every attempt took part and was definitely refused:
 * contenders that were not let in (401, 403, 429) did not compete. An attempt whose outcome is unknown, or that is missing
 * from the history, may have won, unless the read-back says that the inventory is free.
 */
export const noWinner: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, readBack, unitsBefore, missing } = contest;
    const losers = withOutcome(attempts, 'fail');
    const unknown = withOutcome(attempts, 'info').length;
    if (attempts.length === 0 || losers.length + unknown < attempts.length) return [];
    if (losers.some((attempt) => attempt.reason !== 'lost')) return [];
    const free = readBack?.kind === 'read' && readBack.units <= unitsBefore;
    const taken = readBack?.kind === 'read' && readBack.units > unitsBefore;
    if (taken || (unknown + missing > 0 && !free)) return [];
    const refused =
      unknown === 0 ? 'was refused' : 'was refused or left without an answer, and the server says it is free';
    return [
      {
        id: 'no-winner',
        severity: 'violation',
        ...placeOf(contest),
        message: `nobody got ${history.run.label} ${inventory.key}: each of ${counted(attempts.length, 'attempt')} ${refused}`,
        witness: attempts.slice(0, 1),
      },
    ];
  });
