export { isPackedWell, type WireReply } from './answer.ts';
export { fingerprintOf } from './fingerprint.ts';
export {
  followHistory,
  HistoryError,
  type HistoryWriter,
  lineOf,
  openHistory,
  parseHistory,
  readHistory,
} from './history-file.ts';
export { mask } from './mask.ts';
export { outcomeReader } from './outcome.ts';
export type { OutcomeRules } from './outcome-rules.ts';
export { readBackReader } from './read-back.ts';
export { secretsOf } from './secrets.ts';
