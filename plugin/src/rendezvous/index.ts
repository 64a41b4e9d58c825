export { type RendezvousClock, systemClock } from './clock.ts';
export * from './remote.ts';
export * from './rendezvous.ts';
export { instantsOf, type Stagger } from './stagger.ts';
