export { ConfigError, suggestion } from './config-error.ts';
export { type JudgingBlock, parseJudgingBlock } from './judging-block.ts';
export { checkRaceLines, type RaceLine, readRaceLine } from './race-line.ts';
export { publicUrl, type RunSettings, resolveRun } from './resolve.ts';
export type { RaceConfig, ReadBackSettings } from './schema.ts';
