export type * from '../../model/index.ts';
export type { VerdictFile } from '../../reports/index.ts';
export { LEGACY_METRICS_FORMAT, Plugin } from './artillery/plugin.ts';
export type { Ownership, WhoOwns, WhoOwnsContext } from './artillery/worker/desk.ts';
export type { AnswerRead, AnswerToRead, AttemptToRead, ReadAnswer } from './artillery/worker/read-outcome.ts';
export { reportProblem } from './artillery/worker/worker.ts';
export type { RaceConfig } from './config/index.ts';
