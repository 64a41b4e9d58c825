export { type Blotter, createBlotter } from './blotter.ts';
export { createFinder, type SentRequest } from './finder.ts';
export { createSeen } from './seen.ts';
export { createSharedSecrets, type SharedSecrets } from './shared-secrets.ts';
