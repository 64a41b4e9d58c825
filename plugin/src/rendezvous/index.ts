export { type RendezvousClock, systemClock } from './clock.ts';
export type { Leaver, LetGo } from './departure.ts';
export * from './remote.ts';
export * from './rendezvous.ts';
export { instantsOf, type Stagger } from './stagger.ts';
