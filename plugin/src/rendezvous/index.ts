export { type RendezvousClock, systemClock } from './clock.ts';
export { MAX_REST_MS, MAX_STAGING_MS, REST_STEP_MS } from './phase.ts';
export * from './remote.ts';
export * from './rendezvous.ts';
export { instantsOf, type Stagger } from './stagger.ts';
