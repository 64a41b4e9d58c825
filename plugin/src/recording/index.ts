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
export { outcomeReader } from './outcome.ts';
export type { OutcomeRules } from './outcome-rules.ts';
export { readBackReader } from './read-back.ts';
export { type Blotter, createBlotter, createSharedSecrets, type SharedSecrets } from './secrets/index.ts';
