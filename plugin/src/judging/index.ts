export type { Checker, Evidence } from './evidence.ts';
export { judge } from './judge.ts';
