export { isPackedWell, type ReadableAnswer, readAnswer, searchable, type WireReply } from './answer.ts';
export { type Condition, compileCondition } from './condition.ts';
export { extractor } from './extractor.ts';
export { fingerprintOf } from './fingerprint.ts';
export {
  followHistory,
  followLines,
  parseHistory,
  readHistory,
} from './history-file.ts';
export { HistoryError } from './history-records.ts';
export { type HistoryWriter, lineOf, openHistory } from './history-writer.ts';
export { inventoryList, type ListedInventory } from './inventory-list.ts';
export { type LongHistory, readLongHistory } from './long-history.ts';
export { mergeMachines } from './machines.ts';
export { MESSAGE_NAMES, messageReader } from './message.ts';
export { gainedReader, outcomeReader } from './outcome.ts';
export {
  type AnswerRead,
  type AnswerToRead,
  type AttemptToRead,
  functionReader,
  type ReadAnswer,
} from './outcome-function.ts';
export { type AnswerRules, type OutcomeRules, rulesFor } from './outcome-rules.ts';
export { type Ownership, readOwnership, type WhoOwns, type WhoOwnsContext } from './ownership.ts';
export { answerReader, type ReadBackRules, type Reading, type Subject } from './read-back.ts';
export { readRows, type Table } from './read-rows.ts';
export {
  type Blotter,
  createBlotter,
  createFinder,
  createSeen,
  createSharedSecrets,
  type SentRequest,
  type SharedSecrets,
} from './secrets/index.ts';
export { createRequestKeeper, type KeepRequest, traceIdIn } from './sent-request.ts';
export { settledConclusion, settledReader } from './settled-reader.ts';
