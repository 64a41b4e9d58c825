export { ConfigError, suggestion, UnknownEnvironment } from './config-error.ts';
export { type JudgingBlock, parseJudgingBlock } from './judging-block.ts';
export { isMapping, mergeDeep } from './merge-deep.ts';
export { checkRaceLines, type RaceLine, readRaceLine } from './race-line.ts';
export type { ReleaseSettings } from './release.ts';
export { publicUrl, type RunSettings, resolveRun } from './resolve.ts';
export type { RaceConfig, ReadBackSettings } from './schema.ts';
export { fileNamed, renderEnv, withSharedEnvironment } from './shared-environments.ts';
