export { type ReadableBody, readBody } from './body.ts';
export { HistoryError, type HistoryWriter, openHistory, parseHistory } from './history-file.ts';
export { type OutcomeRules, outcomeReader, type WireReply } from './outcome.ts';
export { type AnswerPredicate, compilePredicate, selector, textSelector } from './predicate.ts';
export { type ReadBackRules, readBackReader } from './read-back.ts';
