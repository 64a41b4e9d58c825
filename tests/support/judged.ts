import type { FindingId, History } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';

/** The ids of the findings, in their order. */
export const idsOf = (race: History): FindingId[] => judge(race).map(({ id }) => id);

/** Each finding in full: severity and id, message, and the VUs of the witness. */
export const said = (race: History): [kind: string, message: string, vus: number[]][] =>
  judge(race).map(({ id, severity, message, witness }) => [`${severity} ${id}`, message, witness.map(({ vu }) => vu)]);
