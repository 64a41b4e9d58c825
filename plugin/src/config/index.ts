export { ConfigError } from './config-error.ts';
export { publicUrl, type ResolveInput, type RunSettings, resolveRun } from './resolve.ts';
export type { OutcomeSettings, Predicate, RaceConfig, ReadBackSettings } from './schema.ts';
