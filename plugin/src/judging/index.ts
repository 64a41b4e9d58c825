export { judge, judgementOf } from './judge.ts';
export { remarksOf } from './remarks.ts';
export { settled } from './settled.ts';
export { judgeVisit } from './visit.ts';
