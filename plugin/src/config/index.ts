export { ConfigError } from './config-error.ts';
export { publicUrl, type RunSettings, resolveRun } from './resolve.ts';
export type { RaceConfig, ReadBackSettings } from './schema.ts';
