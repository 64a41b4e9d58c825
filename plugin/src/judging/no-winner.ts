import { counted, withOutcome } from '../../../model/index.ts';
import { type Checker, subjectOf } from './evidence.ts';

/**
 * Did nobody get it, although somebody should have? Only a violation if every attempt took part and was definitely refused.
 * Contenders that were not let in (401, 403, 429) did not compete. An attempt that is unknown or missing may have won, unless
 * the read-back says that the inventory is free.
 */
export const noWinner: Checker = ({ history, inventories }) =>
  inventories.flatMap((contest) => {
    const { inventory, attempts, storedUnits, unitsBefore, missing } = contest;
    const losers = withOutcome(attempts, 'fail');
    const unknown = withOutcome(attempts, 'info').length;
    if (attempts.length === 0 || losers.length + unknown < attempts.length) return [];
    if (losers.some((attempt) => attempt.reason !== 'lost')) return [];
    if (storedUnits === undefined ? unknown + missing > 0 : storedUnits > unitsBefore) return [];
    const refused =
      unknown === 0 ? 'was refused' : 'was refused or left without an answer, and the server says it is free';
    return [
      {
        id: 'no-winner',
        ...subjectOf(contest),
        message: `nobody got ${history.run.label} ${inventory.key}: each of ${counted(attempts.length, 'attempt')} ${refused}`,
        witness: attempts.slice(0, 1),
      },
    ];
  });
