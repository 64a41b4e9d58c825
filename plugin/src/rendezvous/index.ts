export * from './remote.ts';
export * from './rendezvous.ts';
