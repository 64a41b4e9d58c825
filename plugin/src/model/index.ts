export * from './attempt.ts';
export * from './finding.ts';
export * from './history.ts';
export * from './inventory.ts';
export * from './plan.ts';
export * from './read-back.ts';
export * from './round.ts';
export * from './verdict.ts';
