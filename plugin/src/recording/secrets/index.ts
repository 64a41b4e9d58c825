export { type Blotter, createBlotter } from './blotter.ts';
export type { SentRequest } from './finder.ts';
export { createSharedSecrets, type SharedSecrets } from './shared-secrets.ts';
